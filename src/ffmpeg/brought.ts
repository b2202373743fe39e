import { InvalidInput } from '../errors';
import type { Probe, VideoTrack } from '../probe';
import type { Job } from '../runtime';
import type { Media } from '../vocabulary';

/** Brings a video into the job's folder. Throws InvalidInput when the file has no moving picture. */
export async function videoIn(media: Media, field: string, { files, ffmpeg }: Pick<Job, 'files' | 'ffmpeg'>): Promise<{ path: string; track: VideoTrack; probe: Probe }> {
	const path = await files.local(media, field);
	const probe = await ffmpeg.probe(path, field);
	if (probe.video === null || probe.still) throw new InvalidInput(`${field}: Expected a video, got ${probe.still ? 'a single picture' : 'a file with sound only'}`, { code: 'no_video', field });
	return { path, probe, track: probe.video };
}

/** Brings a single picture into the job's folder. Throws InvalidInput when the file is none. */
export async function pictureIn(media: Media, field: string, { files, ffmpeg }: Pick<Job, 'files' | 'ffmpeg'>): Promise<{ path: string; track: VideoTrack }> {
	const path = await files.local(media, field);
	const { video, still } = await ffmpeg.probe(path, field);
	if (video === null || !still)
		throw new InvalidInput(`${field}: Expected a picture, got ${video === null ? 'a sound' : 'a video. Take a frame of it first'}`, { code: 'no_picture', field });
	return { path, track: video };
}
