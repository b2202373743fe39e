import { OperationFailed } from '../errors';
import type { VideoTrack } from '../probe';
import type { Job, Render } from '../runtime';
import { chain, filter, printGraph, type Filter } from './graph';
import { standardRange } from './picture';
import { pictureOptions, type PictureFormat } from './picture-file';
import { toNumber } from './rational';
import type { Size } from './sizes';

export interface FrameWish {
	path: string;
	track: VideoTrack;
	/** Seconds from the start; at or after the end means the last frame. */
	time: number;
	format: PictureFormat;
	/** As the video is shown when absent. */
	size?: Size | undefined;
}

/** One way to come to a frame, from the cheapest to the surest. */
interface Attempt {
	seek: readonly string[];
	/** The frame begins later than this many seconds from the place sought; negative is before it. */
	after?: number;
	/** And by then. Only what follows a key frame is taken. */
	until?: number;
	/** Whether every frame is written over the one before, so that the last stays. */
	keepsLast: boolean;
	isLast: boolean;
}

/** Containers round times to a millisecond, and so do people. */
const rounding = 0.0015;

/**
 * Seconds by which ffmpeg seeks earlier than it was told where frames are stored in another order. A key frame just before
 * the time is missed so, and all since the one before it decoded: whole seconds, where people look, are full of those.
 */
const seekMargin = 3 / 23;

/** Makes a picture of the frame that is shown at a time. `isLast`: the video has none so late, and the last one was taken. */
export async function takeFrame(wish: FrameWish, output: string, { ffmpeg }: Pick<Job, 'ffmpeg'>): Promise<{ isLast: boolean }> {
	for (const attempt of attemptsFor(wish)) {
		try {
			await ffmpeg.render({ ...request(wish, attempt), output });
			return { isLast: attempt.isLast };
		} catch (error) {
			if (!(error instanceof OperationFailed) || error.code !== 'no_result') throw error;
		}
	}
	throw new OperationFailed('Expected a frame in the video, none can be decoded. The file is damaged: look whether it plays, or make it again', { code: 'no_frame' });
}

/** Where the last frame begins. */
export const lastFrameAt = ({ end, fps }: VideoTrack) => Math.max(0, end - 1 / toNumber(fps));

function attemptsFor({ time, track }: FrameWish): Attempt[] {
	const { end } = track;
	const last = [1, 10].filter((back) => back < end).map((back): Attempt => ({ seek: ['-ss', String(end - back)], keepsLast: true, isLast: true }));
	const whole: Attempt = { seek: [], keepsLast: true, isLast: true };
	return [...(time < end ? shownAt(time, track) : []), ...last, whole];
}

/** A frame is sought by its beginning: that shown at a time began up to one frame's length before. */
function shownAt(time: number, { variableFrameRate, reordered, fps, end }: VideoTrack): Attempt[] {
	const frame = 1 / toNumber(fps);
	const from = (seconds: number) => Math.max(0, seconds);
	const begins = time + Math.min(rounding, frame / 4);
	// ffmpeg's own cut would drop a frame that began before the place sought.
	const sought = (seconds: number): Attempt => ({ seek: ['-noaccurate_seek', '-ss', String(seconds)], after: begins - frame - seconds, keepsLast: false, isLast: false });
	const surely = (seconds: number): Attempt => ({ ...sought(seconds), until: begins - seconds });
	if (variableFrameRate) {
		const window = (start: number): Attempt => ({ seek: ['-ss', String(start), '-t', String(time - start + rounding)], keepsLast: true, isLast: false });
		return [window(from(time - 2)), window(0), sought(begins)];
	}
	if (!reordered) return [sought(begins)];
	const ahead = begins + Math.ceil(seekMargin / frame) * frame;
	return [...(ahead < end ? [surely(ahead)] : []), surely(begins), sought(from(begins - 1))];
}

function request({ path, track, format, size }: FrameWish, attempt: Attempt): Omit<Render, 'output'> {
	const { seek, keepsLast } = attempt;
	return {
		inputs: [{ path, options: seek }],
		filter: printGraph([chain([`0:${track.index}`], [...(keepsLast ? oneByOne : begunIn(attempt)), ...standardRange(track), ...sized(track, size), ...pixels(track, format)], ['frame'])]),
		options: ['-map', '[frame]', ...(keepsLast ? ['-r', '25'] : ['-frames:v', '1']), ...pictureOptions(format)],
	};
}

/** Times are counted from the place sought. What comes before a key frame may need frames that were passed over. */
function begunIn({ after, until }: Attempt): Filter[] {
	const isLate = after === undefined ? '1' : `gt(t,${after.toFixed(6)})`;
	if (until === undefined) return [filter('select', { expr: isLate })];
	// Output begins at zero: ffmpeg would drop a frame from long before that.
	return [filter('trim', { end: (until + 0.000_001).toFixed(6) }), filter('select', { expr: `if(key,st(0,1));ld(0)*${isLate}` }), filter('setpts', { expr: 'PTS-STARTPTS' })];
}

/** However uneven the times: ffmpeg would fill the gaps with copies, each of them encoded. */
const oneByOne = [filter('settb', { expr: { num: 1, den: 25 } }), filter('setpts', { expr: 'N' })];

function sized(track: VideoTrack, size: Size | undefined): Filter[] {
	const { width, height } = size ?? track;
	return size === undefined && track.sampleAspectRatio === '1:1' ? [] : [filter('scale', { w: width, h: height }), filter('setsar', { sar: 1 })];
}

function pixels({ pixelFormat, hdr, colorSpace }: VideoTrack, format: PictureFormat): Filter[] {
	const isTransparent = /^(yuva|rgba|argb|bgra|abgr|gbrap|ya\d)/.test(pixelFormat);
	if (format !== 'jpg') return [filter('format', { pix_fmts: format === 'webp' ? 'bgra' : isTransparent ? 'rgba' : 'rgb24' })];
	// JPEG knows one matrix of colours only, that of standard definition; ffmpeg 4 goes from another to it only by way of RGB.
	const hasOtherColors = hdr || /^bt(709|2020)/.test(colorSpace);
	return [...(hasOtherColors ? [filter('format', { pix_fmts: 'rgb24' }), filter('scale', { out_color_matrix: 'bt601' })] : []), filter('format', { pix_fmts: 'yuvj420p|yuvj422p|yuvj444p' })];
}
