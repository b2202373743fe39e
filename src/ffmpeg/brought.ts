import type { Probe, VideoTrack } from '../probe';
import type { Job } from '../runtime';
import type { Media } from '../vocabulary';
import { movingPictureOf, singlePictureOf } from './expected';

/** Brings a video into the job's folder. Throws InvalidInput when the file has no moving picture. */
export async function videoIn(media: Media, field: string, { files, ffmpeg }: Pick<Job, 'files' | 'ffmpeg'>): Promise<{ path: string; track: VideoTrack; probe: Probe }> {
	const path = await files.local(media, field);
	const probe = await ffmpeg.probe(path, field);
	return { path, probe, track: movingPictureOf(probe, field) };
}

/** Brings a single picture into the job's folder. Throws InvalidInput when the file is none. */
export async function pictureIn(media: Media, field: string, { files, ffmpeg }: Pick<Job, 'files' | 'ffmpeg'>): Promise<{ path: string; track: VideoTrack }> {
	const path = await files.local(media, field);
	return { path, track: singlePictureOf(await ffmpeg.probe(path, field), field) };
}
