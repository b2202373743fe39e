import { InvalidInput } from '../errors';
import type { AudioTrack, Job, Probe } from '../runtime';
import type { Media } from '../vocabulary';

/** Brings a file with sound, be it a video, into the job's folder. Throws InvalidInput when it has none. */
export async function soundSource({ files, ffmpeg }: Pick<Job, 'files' | 'ffmpeg'>, media: Media, field: string): Promise<{ path: string; probe: Probe; track: AudioTrack }> {
	const path = await files.local(media, field);
	const probe = await ffmpeg.probe(path, field);
	if (probe.audio === null) throw new InvalidInput(`${field}: Expected a file with sound, got one without`, { field, code: 'no_audio' });
	return { path, probe, track: probe.audio };
}
