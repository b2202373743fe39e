import { InvalidInput } from '../../errors';
import type { AudioTrack, Probe, Rational, VideoTrack } from '../../probe';
import { frameCount } from '../picture';
import { rationalOf, toNumber } from '../rational';
import { even, type Size } from '../sizes';

export interface Clip {
	/** In the job's folder. */
	path: string;
	/** e.g. `videos.2` */
	field: string;
	video: VideoTrack | null;
	audio: AudioTrack | null;
	still: boolean;
}

export const clipOf = (path: string, field: string, { video, audio, still }: Probe): Clip => ({ path, field, video, audio, still });

/** What all clips are made to fit. */
export interface Canvas extends Size {
	fps: Rational;
}

/** The first picture's size and rate, where nothing else is wanted; one side alone keeps its shape. */
export function canvasOf(clips: readonly Clip[], { width, height, fps }: { width?: number | undefined; height?: number | undefined; fps?: number | undefined }): Canvas {
	const first = clips.find(({ video }) => video !== null)?.video;
	if (!first) throw new InvalidInput('videos: Expected at least one clip with a picture, got sounds only. Add a video or a picture', { field: 'videos', code: 'no_video' });
	const moving = clips.find(({ video, still }) => video !== null && !still)?.video;
	return {
		width: even(width ?? (height === undefined ? first.width : (first.width * height) / first.height)),
		height: even(height ?? (width === undefined ? first.height : (first.height * width) / first.width)),
		fps: fps === undefined ? (moving?.fps ?? { num: 25, den: 1 }) : rationalOf(fps),
	};
}

/** Seconds by which a sound may outlast its picture: encoders fill the last block of it up. */
export const slack = (fps: Rational) => Math.max(1 / toNumber(fps), 0.05);

/** Seconds by which a stream starts after its file does: less than one frame is none. */
export const lateness = ({ start }: Pick<VideoTrack | AudioTrack, 'start'>, fps: Rational) => (start * toNumber(fps) < 1 ? 0 : start);

/** Whole frames of a clip in the result: picture or sound, whichever ends later. */
export function framesOf({ video, audio, still }: Clip, fps: Rational, stillDuration: number): number {
	const picture = still ? stillDuration : video ? lateness(video, fps) + video.duration : 0;
	const sound = audio?.end ?? 0;
	return frameCount(sound > picture + slack(fps) ? sound : picture, fps);
}
