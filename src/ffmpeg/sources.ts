import { InvalidInput } from '../errors';
import type { AudioTrack, Job, Probe, VideoTrack } from '../runtime';
import type { Media } from '../vocabulary';

export interface Source {
	/** Absolute path of the file, brought into the job's folder. */
	path: string;
	probe: Probe;
}

type Door = Pick<Job, 'files' | 'ffmpeg'>;

/** A file with sound, be it a video. */
export async function soundSource({ files, ffmpeg }: Door, media: Media, field: string): Promise<Source & { track: AudioTrack }> {
	const path = await files.local(media, field);
	const probe = await ffmpeg.probe(path, field);
	if (probe.audio === null) throw new InvalidInput(`${field}: Expected a file with sound, got one without`, { field, code: 'no_sound' });
	return { path, probe, track: probe.audio };
}

/** A file with moving pictures. */
export async function videoSource({ files, ffmpeg }: Door, media: Media, field: string): Promise<Source & { track: VideoTrack }> {
	const path = await files.local(media, field);
	const probe = await ffmpeg.probe(path, field);
	if (probe.video === null || probe.still) throw new InvalidInput(`${field}: Expected a video, got ${probe.video ? 'a single picture' : 'a file with sound only'}`, { field, code: 'no_video' });
	return { path, probe, track: probe.video };
}
