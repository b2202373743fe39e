import { InvalidInput } from '../errors';
import type { AudioTrack, Probe } from '../probe';
import type { Job } from '../runtime';
import type { Media } from '../vocabulary';
import { soundOf } from './expected';

/** Brings a file with sound, be it a video, into the job's folder. Throws InvalidInput when it has none, or none of any length. */
export async function soundSource({ files, ffmpeg }: Pick<Job, 'files' | 'ffmpeg'>, media: Media, field: string): Promise<{ path: string; probe: Probe; track: AudioTrack }> {
	const path = await files.local(media, field);
	const probe = await ffmpeg.probe(path, field);
	const track = soundOf(probe, field);
	// To filters a length of 0 means one without end.
	if (track.duration === 0) throw new InvalidInput(`${field}: Expected a sound with a length, got one of 0 s. The file is empty or damaged: look at the step that makes it`, { field, code: 'no_length' });
	return { path, probe, track };
}
