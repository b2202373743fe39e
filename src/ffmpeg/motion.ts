import type { Rational } from '../probe';
import type { Quality } from '../runtime';
import { filter, type Filter } from './graph';
import { covering, frameCount, repeated, upright } from './picture';
import { toNumber } from './rational';
import { even, type Size } from './sizes';

export const panDirections = ['left', 'right', 'up', 'down'] as const;
export const panSpeeds = ['slow', 'normal', 'fast'] as const;
export const focuses = ['center', 'top', 'bottom', 'left', 'right', 'top_left', 'top_right', 'bottom_left', 'bottom_right'] as const;

export type Motion =
	| { kind: 'none' }
	/** `zoom` per second, e.g. 0.05. */
	| { kind: 'ken_burns'; direction: 'in' | 'out'; focus: (typeof focuses)[number]; zoom: number }
	/** The view moves in the direction, over the whole length. */
	| { kind: 'pan'; direction: (typeof panDirections)[number]; speed: (typeof panSpeeds)[number] };

export interface Background extends Size {
	still: boolean;
	orientation: number;
}

export interface Canvas extends Size {
	fps: Rational;
	duration: number;
	quality: Quality;
}

/** A pan's speed is how far it goes, so that it ends with the sound: how much larger than the canvas the picture is. */
const overscan = { slow: 1.15, normal: 1.3, fast: 1.6 };

/** Beyond this the picture gets blurred: a longer sound slows the zoom. */
const largestZoom = 1.5;

/** From the background as it is read to frames of the canvas's size, rate and length. */
export function moving(background: Background, motion: Motion, canvas: Canvas): Filter[] {
	const end = [filter('trim', { end_frame: frameCount(canvas.duration, canvas.fps) }), filter('setpts', { expr: 'PTS-STARTPTS' })];
	const frames = (box: Size) => [
		...upright(background.orientation),
		...covering(background, box),
		...(background.still ? [yuv420p, ...repeated(canvas.fps)] : [filter('fps', { fps: canvas.fps }), yuv420p]),
	];
	if (motion.kind === 'none') return [...frames(canvas), ...end];
	if (motion.kind === 'pan') return [...frames(enlarged(canvas, overscan[motion.speed])), panning(motion.direction, canvas), ...end];
	if (canvas.quality === 'draft') return [...frames(enlarged(canvas, 2)), zoomingRoughly(motion, canvas), filter('setsar', { sar: 1 }), ...end];
	return [...frames(canvas), zooming(motion, canvas), ...end];
}

const yuv420p = filter('format', { pix_fmts: 'yuv420p' });

const enlarged = ({ width, height }: Size, factor: number): Size => ({ width: even(width * factor), height: even(height * factor) });

function panning(direction: (typeof panDirections)[number], { width, height, duration }: Canvas): Filter {
	const part = `min(t/${duration},1)`;
	const positions = {
		right: [`(iw-ow)*${part}`, '(ih-oh)/2'],
		left: [`(iw-ow)*(1-${part})`, '(ih-oh)/2'],
		down: ['(iw-ow)/2', `(ih-oh)*${part}`],
		up: ['(iw-ow)/2', `(ih-oh)*(1-${part})`],
	} as const;
	const [x, y] = positions[direction];
	return filter('crop', { w: width, h: height, x, y });
}

type KenBurns = Extract<Motion, { kind: 'ken_burns' }>;

/** Exact to a part of a pixel, where zoompan moves in whole ones and trembles. */
function zooming(motion: KenBurns, canvas: Canvas): Filter {
	const zoom = zoomAt('on', motion, canvas);
	const { x, y } = focusOf(motion);
	const left = `${x}*(W-W/(${zoom}))`;
	const top = `${y}*(H-H/(${zoom}))`;
	const right = `${left}+W/(${zoom})`;
	const bottom = `${top}+H/(${zoom})`;
	return filter('perspective', {
		...{ x0: left, y0: top, x1: right, y1: top, x2: left, y2: bottom, x3: right, y3: bottom },
		...{ sense: 'source', interpolation: 'linear', eval: 'frame' },
	});
}

/** Trembles a little, and costs half: for drafts, from a picture of twice the size. */
function zoomingRoughly(motion: KenBurns, canvas: Canvas): Filter {
	const { x, y } = focusOf(motion);
	return filter('zoompan', {
		...{ z: zoomAt('on', motion, canvas), x: `${x}*(iw-iw/zoom)`, y: `${y}*(ih-ih/zoom)` },
		...{ d: 1, s: `${canvas.width}x${canvas.height}`, fps: canvas.fps },
	});
}

function zoomAt(frame: string, { direction, zoom }: KenBurns, { duration, fps }: Canvas): string {
	const rate = Math.min(zoom, (largestZoom - 1) / duration);
	const perFrame = rate / toNumber(fps);
	return direction === 'in' ? `1+${perFrame}*${frame}` : `max(1,${1 + rate * duration}-${perFrame}*${frame})`;
}

function focusOf({ focus }: KenBurns) {
	const at = (low: string, high: string) => (focus.includes(low) ? 0 : focus.includes(high) ? 1 : 0.5);
	return { x: at('left', 'right'), y: at('top', 'bottom') };
}
