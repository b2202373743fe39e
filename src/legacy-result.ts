import type { ProducedFile } from './vocabulary';

/** The older keys that tell where a file is. Without storage it has no key, and inside an answer no url either. */
export const legacyFile = ({ key, url }: ProducedFile) => ({ file_id: key, download_url: url });

export const legacyVideo = (video: ProducedFile) => ({ ...legacyFile(video), video_url: video.url });

/** The same of a sound, with its length in seconds. */
export const legacyAudio = ({ audio, duration }: { audio: ProducedFile; duration: number }) => ({ ...legacyFile(audio), audio_url: audio.url, audio_length: duration });
