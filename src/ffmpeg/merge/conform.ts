import type { VideoTrack } from '../../probe';
import type { RenderInput } from '../../runtime';
import { matrixOf, type Colors } from '../colors';
import { chain, filter, type Chain, type Filter } from '../graph';
import { containing, onBlack, repeated, standardRange, stillInput, upright } from '../picture';
import { toNumber } from '../rational';
import { lateness, type Canvas, type Clip } from './clip';

/** What is encoded says which colours it has, or, as a clip that is kept beside it, nothing. */
const labelled = ({ colorSpace, colorPrimaries, colorTransfer, colorRange }: Colors) =>
	filter('setparams', { range: colorRange || 'unknown', color_primaries: colorPrimaries || 'unknown', color_trc: colorTransfer || 'unknown', colorspace: colorSpace || 'unknown' });

const fromZero = filter('setpts', { expr: 'PTS-STARTPTS' });

const yuv420p = filter('format', { pix_fmts: 'yuv420p' });

export interface Piece {
	inputs: RenderInput[];
	/** Ends in the pad `picture`. */
	chain: Chain;
}

/** A clip's picture as so many frames of the canvas's size and rate, in limited range and the colours given: clips of different ones become one. */
export function conforming({ path, video, still }: Clip, { canvas, colors, frames }: { canvas: Canvas; colors: Colors; frames: number }): Piece {
	const end = [yuv420p, labelled(colors), filter('trim', { end_frame: frames }), fromZero];
	if (video === null) {
		const black = filter('color', { c: 'black', s: `${canvas.width}x${canvas.height}`, r: canvas.fps });
		return { inputs: [], chain: chain([], [black, ...end], ['picture']) };
	}
	const matrix = matrixOf({ ...colors, codedHeight: canvas.height, pixelFormat: 'yuv420p', hdr: false });
	const fitted = [...onBlack(video), ...(video.hdr ? [...standardRange(video), yuv420p] : []), ...containing(video, canvas, recolored(video, matrix)), yuv420p];
	if (still) return { inputs: [stillInput(path, canvas.fps)], chain: chain(['0:v:0'], [...upright(video.orientation), ...fitted, ...repeated(canvas.fps), ...end], ['picture']) };
	const late = lateness(video, canvas.fps);
	const longer = Math.max(0, frames / toNumber(canvas.fps) - late - video.duration);
	const timed = [...(late > 0 ? [] : [fromZero]), filter('fps', { fps: canvas.fps, start_time: 0 }), filter('tpad', { stop_mode: 'clone', stop_duration: Math.ceil(longer) + 1 })];
	return { inputs: [{ path }], chain: chain([`0:${video.index}`], [...fitted, ...timed, ...end], ['picture']) };
}

/** Options of scaling, from the colours a picture says it has, or, where it says nothing, those that players take it for. */
function recolored(track: VideoTrack, matrix: string): Filter['options'] {
	const own = matrixOf(track);
	const isPlain = track.hdr || (/^(yuv4|nv12|p010)/.test(track.pixelFormat) && track.colorRange !== 'pc');
	return isPlain && own === matrix ? {} : { in_color_matrix: own, out_color_matrix: matrix, out_range: 'tv' };
}
