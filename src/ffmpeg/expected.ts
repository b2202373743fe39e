import { InvalidInput } from '../errors';
import type { AudioTrack, Probe, VideoTrack } from '../probe';

/** What a file must have for an operation; each throws InvalidInput that says what it has instead. */

export function soundOf(probe: Probe, field: string): AudioTrack {
	if (probe.audio !== null) return probe.audio;
	throw refused(field, `Expected a file with sound, got ${kindOf(probe)}. Choose a file that has sound`, 'no_audio');
}

/** Of a video; a single picture is none. */
export function movingPictureOf(probe: Probe, field: string): VideoTrack {
	if (probe.video !== null && !probe.still) return probe.video;
	throw refused(field, `Expected a video, got ${kindOf(probe)}. Choose a video file`, 'no_video');
}

export function singlePictureOf(probe: Probe, field: string): VideoTrack {
	if (probe.video !== null && probe.still) return probe.video;
	throw refused(field, `Expected a picture, got ${kindOf(probe)}. ${probe.video === null ? 'Choose a picture file' : 'Take a frame of it first'}`, 'no_picture');
}

/** Of a video or a picture. */
export function anyPictureOf(probe: Probe, field: string): VideoTrack {
	if (probe.video !== null) return probe.video;
	throw refused(field, `Expected a video or a picture, got ${kindOf(probe)}. Choose another file`, 'no_picture');
}

function kindOf({ video, audio, still }: Probe): string {
	if (video === null) return 'a file with sound only';
	if (still) return 'a single picture';
	return audio === null ? 'a video without sound' : 'a video';
}

const refused = (field: string, message: string, code: string) => new InvalidInput(`${field}: ${message}`, { field, code });
