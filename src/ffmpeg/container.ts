import type { Probe } from '../probe';
import type { Job } from '../runtime';

/** Sound that an mp4 can hold without being encoded again. */
const fitsMp4 = new Set(['aac', 'mp3', 'ac3', 'eac3', 'alac', 'flac', 'opus']);

export const isMp4Sound = (codec: string) => fitsMp4.has(codec);

/** Where a picture goes whose sound is copied: mp4, or, with a warning, Matroska. */
export function containerFor({ audio }: Probe, { warn }: Pick<Job, 'warn'>): 'mp4' | 'mkv' {
	if (audio === null || isMp4Sound(audio.codec)) return 'mp4';
	warn(`The sound of the video is ${audio.codec}, which mp4 cannot hold unchanged: the result is a Matroska file`);
	return 'mkv';
}

/** Opus in mp4 is called experimental by older ffmpegs. */
export const copiedSound = ['-c:a', 'copy', '-strict', '-2'] as const;
