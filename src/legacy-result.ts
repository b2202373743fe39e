import type { ProducedFile } from './vocabulary';

/** The older keys that tell where a video is. Without storage it has no key, and inside an answer no url either. */
export const legacyVideo = ({ key, url }: ProducedFile) => ({ file_id: key, video_url: url, download_url: url });

/** The same of speech, with its length in seconds. */
export const legacySpeech = ({ audio: { key, url }, duration }: { audio: ProducedFile; duration: number }) => ({ file_id: key, audio_url: url, download_url: url, audio_length: duration });
