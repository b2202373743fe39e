import { unusable } from './unusable';

/** Glyph of a code point, 0 where the font has none. */
export type GlyphOf = (codePoint: number) => number;

/** Reads the widest Unicode map of a `cmap` table: format 12 (all planes) before format 4 (the first 65,536). */
export function characterMap(cmap: DataView): GlyphOf {
	const maps = Array.from({ length: cmap.getUint16(2) }, (_, index) => {
		const at = 4 + 8 * index;
		return { platform: cmap.getUint16(at), encoding: cmap.getUint16(at + 2), at: cmap.getUint32(at + 4) };
	}).filter(({ platform, encoding }) => platform === 0 || (platform === 3 && (encoding === 1 || encoding === 10)));
	const find = (format: number) => maps.find(({ at }) => cmap.getUint16(at) === format);
	const wide = find(12);
	if (wide) return groups(cmap, wide.at);
	const narrow = find(4);
	if (narrow) return segments(cmap, narrow.at);
	throw unusable('it has no Unicode character map');
}

function groups(cmap: DataView, at: number): GlyphOf {
	const count = cmap.getUint32(at + 12);
	if (at + 16 + 12 * count > cmap.byteLength) throw unusable('its character map is cut off');
	return (codePoint) => {
		const group = at + 16 + 12 * firstWith(count, (index) => cmap.getUint32(at + 20 + 12 * index) >= codePoint);
		if (group >= at + 16 + 12 * count || cmap.getUint32(group) > codePoint) return 0;
		return cmap.getUint32(group + 8) + codePoint - cmap.getUint32(group);
	};
}

function segments(cmap: DataView, at: number): GlyphOf {
	const count = cmap.getUint16(at + 6) / 2;
	const [ends, starts, deltas, offsets] = [at + 14, at + 16 + 2 * count, at + 16 + 4 * count, at + 16 + 6 * count];
	if (offsets + 2 * count > cmap.byteLength) throw unusable('its character map is cut off');
	return (codePoint) => {
		if (codePoint > 0xffff) return 0;
		const index = firstWith(count, (one) => cmap.getUint16(ends + 2 * one) >= codePoint);
		if (index === count) return 0;
		const start = cmap.getUint16(starts + 2 * index);
		if (start > codePoint) return 0;
		const delta = cmap.getUint16(deltas + 2 * index);
		const offset = cmap.getUint16(offsets + 2 * index);
		if (offset === 0) return (codePoint + delta) & 0xffff;
		const glyphAt = offsets + 2 * index + offset + 2 * (codePoint - start);
		const glyph = glyphAt + 2 <= cmap.byteLength ? cmap.getUint16(glyphAt) : 0;
		return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
	};
}

/** The first index in 0…count that `holds`, which must be false up to it and true from there. */
function firstWith(count: number, holds: (index: number) => boolean): number {
	let [low, high] = [0, count];
	while (low < high) {
		const middle = (low + high) >> 1;
		if (holds(middle)) high = middle;
		else low = middle + 1;
	}
	return low;
}
