import { messageOf, ToolError } from '../errors';
import type { FontFace } from '../runtime';
import { characterMap } from './cmap';
import { scriptsOf } from './scripts';
import { unusable } from './unusable';

/** Random access to a font's bytes, so that a file of 100 MB need not be held. */
export interface FontSource {
	/** Exactly `length` bytes. Throws when the font ends before. */
	read(offset: number, length: number): DataView;
}

export type FontFacts = Omit<FontFace, 'path' | 'bundled'>;

/** Reads the faces of a TrueType or OpenType font or collection. Throws OperationFailed (`unusable_font`) on anything else. */
export function readFontFaces(source: FontSource): FontFacts[] {
	try {
		return readFaces(source);
	} catch (error) {
		if (error instanceof ToolError) throw error;
		throw unusable(`a table points outside of it (${messageOf(error)})`);
	}
}

function readFaces(source: FontSource): FontFacts[] {
	const tag = tagAt(source.read(0, 4), 0);
	if (tag !== 'ttcf') return [readFace(source, 0)];
	const count = source.read(8, 4).getUint32(0);
	if (count > 64) throw unusable(`it claims to hold ${count} faces`);
	const offsets = source.read(12, 4 * count);
	return Array.from({ length: count }, (_, index) => readFace(source, offsets.getUint32(4 * index)));
}

export function fontBytes(bytes: Uint8Array): FontSource {
	return {
		read(offset, length) {
			if (offset + length > bytes.length) throw unusable('the file is cut off');
			return new DataView(bytes.buffer, bytes.byteOffset + offset, length);
		},
	};
}

type Tables = (tag: string, minimum: number) => DataView | undefined;

function readFace(source: FontSource, offset: number): FontFacts {
	const table = readDirectory(source, offset);
	const need = (tag: string, minimum: number) => {
		const found = table(tag, minimum);
		if (!found) throw unusable(`the table ${tag.trim()} is missing or too short`);
		return found;
	};
	const emSize = need('head', 54).getUint16(18);
	if (emSize === 0) throw unusable('its em size is 0');
	const widths = need('hmtx', 4);
	const widthCount = need('hhea', 36).getUint16(34);
	if (widthCount === 0 || widths.byteLength < 4 * widthCount) throw unusable('its table of widths is too short');
	const glyphOf = characterMap(need('cmap', 4));
	const covers = (codePoint: number) => glyphOf(codePoint) !== 0;
	return {
		family: familyOf(need('name', 6)),
		...faceStyle(table('OS/2', 64), need('head', 54)),
		lineHeight: lineHeight(table('OS/2', 78), need('hhea', 36)) / emSize,
		covers,
		advance: (codePoint) => widths.getUint16(4 * Math.min(glyphOf(codePoint), widthCount - 1)) / emSize,
		scripts: scriptsOf(covers),
	};
}

function readDirectory(source: FontSource, offset: number): Tables {
	const header = source.read(offset, 12);
	if (!['\0\x01\0\0', 'OTTO', 'true'].includes(tagAt(header, 0))) throw unusable('it does not begin like one');
	const count = header.getUint16(4);
	const entries = source.read(offset + 12, 16 * count);
	const found = new Map<string, { at: number; length: number }>();
	for (let at = 0; at < 16 * count; at += 16) found.set(tagAt(entries, at), { at: entries.getUint32(at + 8), length: entries.getUint32(at + 12) });
	if (!found.has('glyf') && !found.has('CFF ') && !found.has('CFF2')) throw unusable('it has pictures instead of outlines, which captions cannot draw');
	return (tag, minimum) => {
		const entry = found.get(tag);
		return entry && entry.length >= minimum ? source.read(entry.at, entry.length) : undefined;
	};
}

function tagAt(view: DataView, at: number): string {
	return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));
}

function faceStyle(os2: DataView | undefined, head: DataView) {
	const selection = os2?.getUint16(62) ?? 0;
	const mac = head.getUint16(44);
	return { bold: (selection & 0x20) !== 0 || (mac & 1) !== 0, italic: (selection & 1) !== 0 || (mac & 2) !== 0 };
}

/** What libass fits to the font size, as GDI did: the Windows ascent and descent, else those of hhea. */
function lineHeight(os2: DataView | undefined, hhea: DataView): number {
	const windows = os2 ? os2.getUint16(74) + os2.getUint16(76) : 0;
	const height = windows || hhea.getInt16(4) - hhea.getInt16(6);
	if (height <= 0) throw unusable('it has no height');
	return height;
}

/** Name 1, the one that `\fn` is matched with; the English one where there are several. */
function familyOf(name: DataView): string {
	const storage = name.getUint16(4);
	let best = { rank: 0, text: '' };
	for (let index = 0; index < name.getUint16(2); index++) {
		const at = 6 + 12 * index;
		if (name.getUint16(at + 6) !== 1) continue;
		const platform = name.getUint16(at);
		const rank = platform === 3 ? (name.getUint16(at + 4) === 0x409 ? 4 : 3) : platform === 0 ? 2 : 1;
		if (rank > best.rank) best = { rank, text: decode(name, storage + name.getUint16(at + 10), name.getUint16(at + 8), platform === 1) };
	}
	// These would break the line of a caption file that the name stands in.
	if (best.text === '' || /[\p{Cc},{}\\]/u.test(best.text)) throw unusable('its family name is empty or has characters that a caption file cannot hold');
	return best.text;
}

function decode(view: DataView, at: number, length: number, isSingleByte: boolean): string {
	const bytes = new Uint8Array(view.buffer, view.byteOffset + at, length);
	return new TextDecoder(isSingleByte ? 'latin1' : 'utf-16be').decode(bytes).trim();
}
