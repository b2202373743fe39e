import type { VideoTrack } from '../probe';
import { filter, type Filter } from './graph';

type Colored = Pick<VideoTrack, 'hdr' | 'pixelFormat' | 'codedHeight' | 'colorSpace' | 'colorPrimaries' | 'colorTransfer' | 'colorRange'>;

/** By the names that files have for them: those of `scale`, which calls all of standard definition bt601. */
const matrices: Record<string, string> = { bt709: 'bt709', smpte170m: 'bt601', bt470bg: 'bt601', fcc: 'fcc', smpte240m: 'smpte240m', bt2020nc: 'bt2020', bt2020c: 'bt2020' };

/** Primaries and transfers that every ffmpeg calls by the same name. */
const curves = new Set(['bt709', 'smpte170m', 'bt470bg', 'smpte240m', 'bt2020', 'bt2020-10', 'bt2020-12', 'iec61966-2-1']);

const isRgb = (pixelFormat: string) => /^(0?rgb|0?bgr|gbr|argb|abgr|pal8)/.test(pixelFormat);

/**
 * What makes colours of a track's brightness and differences: what it says, or what players take it for. ffmpeg itself
 * makes bt601 of RGB, and we bt709 of high dynamic range.
 */
export function matrixOf({ hdr, colorSpace, codedHeight, pixelFormat }: Colored): string {
	if (hdr) return 'bt709';
	return matrices[colorSpace] ?? (codedHeight >= 720 && !isRgb(pixelFormat) ? 'bt709' : 'bt601');
}

/**
 * For filters that mix their colours by BT.601 whatever the picture is, as ffmpeg's `subtitles` did before version 7: they get a
 * picture of that kind, which says so, and it becomes what it was. Undefined for a picture that is of that kind by itself.
 */
export function inBt601(track: Colored): { before: Filter[]; after: Filter[] } | undefined {
	if (matrixOf(track) !== 'bt709') return undefined;
	const become = (matrix: string, from: string, to: string) => [filter('colormatrix', { src: from, dst: to }), filter('setparams', { colorspace: matrix })];
	return { before: become('smpte170m', 'bt709', 'bt601'), after: become('bt709', 'bt601', 'bt709') };
}

/** Full range to the limited one, which alone every player takes. */
export const limitedRange = ({ colorRange, pixelFormat, hdr }: Colored): Filter[] =>
	colorRange === 'pc' && !isRgb(pixelFormat) && !hdr ? [filter('scale', { in_range: 'pc', out_range: 'tv' }), filter('format', { pix_fmts: 'yuv420p' })] : [];

/** What a file says of its colours, by the names of ffprobe; empty where it says nothing. */
export type Colors = Pick<VideoTrack, 'colorSpace' | 'colorPrimaries' | 'colorTransfer' | 'colorRange'>;

export const bt709: Colors = { colorSpace: 'bt709', colorPrimaries: 'bt709', colorTransfer: 'bt709', colorRange: 'tv' };

const ordinary = ['', 'bt709', 'smpte170m', 'bt470bg'];

/** A track's own colours, where what is encoded can have them; undefined for wide and high range, and for full range. */
export function ordinaryColors({ colorSpace, colorPrimaries, colorTransfer, colorRange, pixelFormat }: Colored): Colors | undefined {
	const isOrdinary = [colorSpace, colorPrimaries, colorTransfer].every((name) => ordinary.includes(name)) && ['', 'tv'].includes(colorRange) && pixelFormat === 'yuv420p';
	return isOrdinary ? { colorSpace, colorPrimaries, colorTransfer, colorRange } : undefined;
}

/** Makes what is encoded say so, beside a filter that says the same: the ffmpeg of 2018 does not tell the encoder what the frames say. */
export function colorOptions({ colorSpace, colorPrimaries, colorTransfer, colorRange }: Colors): string[] {
	const told = (name: string, value: string) => (value === '' ? [] : [name, value]);
	return [...told('-colorspace', colorSpace), ...told('-color_primaries', colorPrimaries), ...told('-color_trc', colorTransfer), ...told('-color_range', colorRange)];
}

/**
 * Makes the result say which colours it has, those of the track it is made of: the ffmpeg of 2018 says nothing by itself, and
 * players take a large picture for bt709. High dynamic range has become bt709 by then.
 */
export function sameColors(track: Colored): string[] {
	if (track.hdr) return colorOptions(bt709);
	const { colorSpace, colorPrimaries, colorTransfer } = track;
	const known = (value: string) => (curves.has(value) ? value : '');
	return colorOptions({
		colorSpace: colorSpace in matrices ? colorSpace : matrixOf(track) === 'bt709' ? 'bt709' : 'smpte170m',
		colorPrimaries: known(colorPrimaries),
		colorTransfer: known(colorTransfer),
		colorRange: 'tv',
	});
}
