import { ffmpegColor, type Rgb } from '../color';
import type { Ffmpeg } from '../runtime';
import { chain, filter, printGraph, type Chain } from './graph';

export interface ColorKey {
	color: Rgb;
	/** How far from the key a colour may be to vanish, as a part of the farthest there is. */
	similarity: number;
	/** Over how much more distance it fades in. */
	blend: number;
	/** Of this ffmpeg, from `keyScale`. */
	scale: number;
}

/**
 * Until 2020 ffmpeg measured the distance of colours in parts of 255, since then in parts of the farthest distance, √3 × 255.
 * A picture of one colour, 95 of 255 away from the key, tells which; versions of builds do not.
 */
export async function keyScale(ffmpeg: Ffmpeg): Promise<number> {
	const log = await ffmpeg.analyse({
		inputs: [],
		filter: printGraph([chain([], [filter('color', { c: '0x00A000', s: '16x16', d: 0.04 }), filter('colorkey', { color: '0x00FF00', similarity: 0.3 }), filter('alphaextract'), filter('showinfo')], ['alpha'])]),
		options: ['-map', '[alpha]'],
	});
	return /mean:\[0[ \]]/.test(log) ? 1 : Math.sqrt(3);
}

export interface Keying {
	from: string;
	/** Whether it is transparent in places already, which is kept. */
	hasAlpha: boolean;
	/** Its colour matrix, and that of the result. */
	matrix: { from: string; to: string };
	to: string;
}

/** Makes the key colour transparent, in yuva420p. Only what is transparent is found out in RGB; the colours stay as they are, which also saves their way there and back. */
export function keyed({ color, similarity, blend, scale }: ColorKey, { from, hasAlpha, matrix, to }: Keying): Chain[] {
	const part = (value: number, least: number) => Math.min(1, Math.max(least, value * scale));
	const key = filter('colorkey', { color: ffmpegColor(color), similarity: part(similarity, 0.01), blend: part(blend, 0) });
	const alpha = filter('alphaextract');
	const rgba = [filter('scale', { in_color_matrix: matrix.from }), filter('format', { pix_fmts: 'rgba' })];
	const yuva = [filter('scale', { in_color_matrix: matrix.from, out_color_matrix: matrix.to }), filter('format', { pix_fmts: 'yuva420p' })];
	return [
		chain([from], [filter('split', { outputs: hasAlpha ? 3 : 2 })], ['colored', 'unkeyed', ...(hasAlpha ? ['own'] : [])]),
		chain(['unkeyed'], [...rgba, key, alpha], [hasAlpha ? 'cut' : 'alpha']),
		...(hasAlpha ? [chain(['own'], [alpha], ['kept']), chain(['kept', 'cut'], [filter('blend', { all_mode: 'multiply' })], ['alpha'])] : []),
		chain(['colored'], yuva, ['opaque']),
		chain(['opaque', 'alpha'], [filter('alphamerge')], [to]),
	];
}
