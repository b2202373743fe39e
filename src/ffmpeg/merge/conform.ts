import type { VideoTrack } from '../../probe';
import type { RenderInput } from '../../runtime';
import { matrixOf } from '../colors';
import { chain, filter, type Chain, type Filter } from '../graph';
import { containing, onBlack, repeated, standardRange, stillInput, upright } from '../picture';
import { toNumber } from '../rational';
import type { Canvas, Clip } from './clip';

/** What is encoded is BT.709 of limited range, and says so: clips of different colour spaces become one. */
const labelled = filter('setparams', { range: 'tv', color_primaries: 'bt709', color_trc: 'bt709', colorspace: 'bt709' });

const yuv420p = filter('format', { pix_fmts: 'yuv420p' });

export interface Piece {
	inputs: RenderInput[];
	/** Ends in the pad `picture`. */
	chain: Chain;
}

/** A clip's picture as so many frames of the canvas's size and rate. */
export function conforming({ path, video, still }: Clip, canvas: Canvas, frames: number): Piece {
	const end = [yuv420p, labelled, filter('trim', { end_frame: frames }), filter('setpts', { expr: 'PTS-STARTPTS' })];
	if (video === null) {
		const black = filter('color', { c: 'black', s: `${canvas.width}x${canvas.height}`, r: canvas.fps });
		return { inputs: [], chain: chain([], [black, ...end], ['picture']) };
	}
	const fitted = [...onBlack(video), ...(video.hdr ? [...standardRange(video), yuv420p] : []), ...containing(video, canvas, toBt709(video)), yuv420p];
	if (still) return { inputs: [stillInput(path, canvas.fps)], chain: chain(['0:v:0'], [...upright(video.orientation), ...fitted, ...repeated(canvas.fps), ...end], ['picture']) };
	const longer = Math.max(0, frames / toNumber(canvas.fps) - video.duration);
	const timed = [filter('fps', { fps: canvas.fps, start_time: 0 }), filter('tpad', { stop_mode: 'clone', stop_duration: Math.ceil(longer) + 1 })];
	return { inputs: [{ path }], chain: chain([`0:${video.index}`], [...fitted, ...timed, ...end], ['picture']) };
}

/** Options of scaling, from the colours a picture says it has, or, where it says nothing, those that players take it for. */
function toBt709(track: VideoTrack): Filter['options'] {
	const matrix = matrixOf(track);
	const isPlain = /^(yuv4|nv12|p010)/.test(track.pixelFormat) && track.colorRange !== 'pc';
	return track.hdr || (isPlain && matrix === 'bt709') ? {} : { in_color_matrix: matrix, out_color_matrix: 'bt709', out_range: 'tv' };
}
