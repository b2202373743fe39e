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
	/** Seconds before the place sought where the wanted frame may begin at the earliest. */
	before?: number;
	/** Whether every frame is written over the one before, so that the last stays. */
	keepsLast: boolean;
	isLast: boolean;
}

/** Containers round times to a millisecond, and so do people. */
const rounding = 0.0015;

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
	throw new OperationFailed('Expected a frame in the video, none can be decoded. Is the file damaged?', { code: 'no_frame' });
}

/** Where the last frame begins. */
export const lastFrameAt = ({ duration, fps }: VideoTrack) => Math.max(0, duration - 1 / toNumber(fps));

function attemptsFor({ time, track }: FrameWish): Attempt[] {
	const { duration } = track;
	const last = [1, 10].filter((back) => back < duration).map((back): Attempt => ({ seek: ['-ss', String(duration - back)], keepsLast: true, isLast: true }));
	const whole: Attempt = { seek: [], keepsLast: true, isLast: true };
	return [...(time < duration ? shownAt(time, track) : []), ...last, whole];
}

/** ffmpeg seeks to the first frame at or after a time; the frame shown then began up to one frame's length before. */
function shownAt(time: number, { variableFrameRate, fps }: VideoTrack): Attempt[] {
	const frame = 1 / toNumber(fps);
	const from = (seconds: number) => Math.max(0, seconds);
	const late = Math.min(rounding, frame / 4);
	// Sought at the time itself, a key frame that begins just then spares all before it; ffmpeg's own cut would drop that frame.
	const exact: Attempt = { seek: ['-noaccurate_seek', '-ss', String(from(time + late))], before: Math.min(time + late, frame), keepsLast: false, isLast: false };
	if (!variableFrameRate) return [exact];
	const window = (start: number): Attempt => ({ seek: ['-ss', String(start), '-t', String(time - start + rounding)], keepsLast: true, isLast: false });
	return [window(from(time - 2)), window(0), exact];
}

function request({ path, track, format, size }: FrameWish, { seek, before, keepsLast }: Attempt): Omit<Render, 'output'> {
	return {
		inputs: [{ path, options: seek }],
		filter: printGraph([chain([`0:${track.index}`], [...(keepsLast ? oneByOne : []), ...(before === undefined ? [] : [filter('select', { expr: `gt(t,${(-before).toFixed(6)})` })]), ...standardRange(track), ...sized(track, size), ...pixels(track, format)], ['frame'])]),
		options: ['-map', '[frame]', ...(keepsLast ? ['-r', '25'] : ['-frames:v', '1']), ...pictureOptions(format)],
	};
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
