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

/** Makes the key colour transparent, and keeps what was transparent already. */
export function keyed(from: string, { color, similarity, blend, scale }: ColorKey, { hasAlpha, to }: { hasAlpha: boolean; to: string }): Chain[] {
	const part = (value: number, least: number) => Math.min(1, Math.max(least, value * scale));
	const key = filter('colorkey', { color: ffmpegColor(color), similarity: part(similarity, 0.01), blend: part(blend, 0) });
	if (!hasAlpha) return [chain([from], [key], [to])];
	return [
		chain([from], [filter('format', { pix_fmts: 'rgba' }), filter('split', { outputs: 2 })], ['own', 'unkeyed']),
		chain(['own'], [filter('alphaextract')], ['ownAlpha']),
		chain(['unkeyed'], [key, filter('split', { outputs: 2 })], ['picture', 'cut']),
		chain(['cut'], [filter('alphaextract')], ['cutAlpha']),
		chain(['ownAlpha', 'cutAlpha'], [filter('blend', { all_mode: 'multiply' })], ['alpha']),
		chain(['picture', 'alpha'], [filter('alphamerge')], [to]),
	];
}
