import type { Rational, VideoTrack } from '../probe';
import type { RenderInput } from '../runtime';
import { filter, type Filter } from './graph';
import { printRational } from './rational';
import { contain, cover, type Size } from './sizes';

/** Turns a picture as its EXIF orientation says; ffmpeg's versions do not agree on doing it, so none is let do it. */
export function upright(orientation: number): Filter[] {
	const turns: Record<number, Filter[]> = {
		2: [filter('hflip')],
		3: [filter('hflip'), filter('vflip')],
		4: [filter('vflip')],
		5: [filter('transpose', { dir: 0 })],
		6: [filter('transpose', { dir: 1 })],
		7: [filter('transpose', { dir: 3 })],
		8: [filter('transpose', { dir: 2 })],
	};
	return turns[orientation] ?? [];
}

/** A still picture as an input: turned by `upright`, not by ffmpeg. At another rate than its result's, one frame too many comes out. */
export const stillInput = (path: string, fps: Rational = { num: 25, den: 1 }): RenderInput => ({ path, options: ['-noautorotate', '-framerate', printRational(fps)] });

/** A file that begins again when it ends: always to be cut by `trim` or `-t`. */
export const loopedInput = (path: string): RenderInput => ({ path, options: ['-stream_loop', '-1'] });

/** Brings high dynamic range to the ordinary one; nothing for video that is not. */
export function standardRange(track: Pick<VideoTrack, 'hdr' | 'colorPrimaries' | 'colorSpace'>): Filter[] {
	if (!track.hdr) return [];
	const isTagged = (tag: string) => tag !== '' && tag !== 'unknown' && tag !== 'reserved';
	return [
		filter('zscale', {
			t: 'linear',
			npl: 100,
			// What a file with such a transfer does not say is bt2020.
			...(!isTagged(track.colorPrimaries) && { pin: 'bt2020', p: 'bt2020' }),
			...(!isTagged(track.colorSpace) && { min: 'bt2020nc' }),
		}),
		filter('format', { pix_fmts: 'gbrpf32le' }),
		filter('zscale', { p: 'bt709' }),
		filter('tonemap', { tonemap: 'hable', desat: 0 }),
		filter('zscale', { t: 'bt709', m: 'bt709', r: 'tv' }),
	];
}

export const hasAlpha = (pixelFormat: string) => /^(rgba|bgra|argb|abgr|yuva|gbrap|ya8|ya16|pal8)/.test(pixelFormat);

/** Where a picture is transparent it becomes black; without this the colour that is hidden there would come out. */
export const onBlack = ({ pixelFormat }: Pick<VideoTrack, 'pixelFormat'>): Filter[] =>
	hasAlpha(pixelFormat) ? [filter('format', { pix_fmts: 'gbrap' }), filter('premultiply', { inplace: 1 }), filter('format', { pix_fmts: 'gbrp' })] : [];

/** Fills the box; what is too much is cut off at the sides. */
export function covering(source: Size, box: Size): Filter[] {
	const { width, height } = cover(source, box);
	return [filter('scale', { w: width, h: height }), filter('crop', { w: box.width, h: box.height }), filter('setsar', { sar: 1 })];
}

/** Fits into the box, with bars; what the scaling is to do beside that, such as to change colours, costs no step of its own. */
export function containing(source: Size, box: Size, scaling: Filter['options'] = {}): Filter[] {
	const { width, height } = contain(source, box);
	const middle = (outer: number, inner: number) => 2 * Math.floor((outer - inner) / 4);
	const isFull = width === box.width && height === box.height;
	return [
		filter('scale', { w: width, h: height, ...scaling }),
		...(isFull ? [] : [filter('pad', { w: box.width, h: box.height, x: middle(box.width, width), y: middle(box.height, height), color: 'black' })]),
		filter('setsar', { sar: 1 }),
	];
}

/** One picture, decoded and scaled once, as a stream without end at a frame rate. */
export const repeated = (fps: Rational): Filter[] => [
	filter('loop', { loop: -1, size: 1, start: 0 }),
	filter('settb', { expr: { num: fps.den, den: fps.num } }),
	filter('setpts', { expr: 'N' }),
	filter('fps', { fps }),
];

/** Whole frames of a length, at least one. */
export const frameCount = (duration: number, { num, den }: Rational) => Math.max(1, Math.round((duration * num) / den));
