/** Writes TrueType fonts whose every letter is a filled square, and what they lack is empty, so that tests need no fonts of other people. */
export interface TinyFont {
	family: string;
	characters: string;
	bold?: boolean;
	italic?: boolean;
	/** Tables to leave out. */
	without?: readonly string[];
	/** Names of the family by Windows language id; by default the English one alone. */
	names?: Readonly<Record<number, string>>;
}

const emSize = 1000;
const advance = 600;

export function tinyFont({ family, characters, bold = false, italic = false, without = [], names = { 0x409: family } }: TinyFont): Buffer {
	const codePoints = [...new Set(Array.from(characters, (character) => character.codePointAt(0) ?? 0))].sort((a, b) => a - b);
	const glyphs = codePoints.length + 1;
	const square = glyph();
	const tables: Record<string, Buffer> = {
		'OS/2': os2(bold, italic),
		cmap: cmap(codePoints),
		glyf: Buffer.concat(codePoints.map(() => square)),
		head: head(bold, italic),
		hhea: words([1, 0, 900, -300 & 0xffff, 0, advance, 0, 0, 600, 1, 0, 0, 0, 0, 0, 0, 0, glyphs]),
		hmtx: words(Array.from({ length: glyphs }, (_, index) => [advance + (index === 0 ? 100 : 0), 0]).flat()),
		loca: longs([0, ...Array.from({ length: glyphs }, (_, index) => index * square.length)]),
		maxp: words([1, 0, glyphs, 8, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]),
		name: nameTable(names),
		post: Buffer.concat([longs([0x30000]), Buffer.alloc(28)]),
	};
	return pack(Object.entries(tables).filter(([tag]) => !without.includes(tag)));
}

/** Several fonts in one file, as macOS and CJK families come. */
export function tinyCollection(fonts: readonly Buffer[]): Buffer {
	const header = 12 + 4 * fonts.length;
	let at = header;
	const moved = fonts.map((font) => {
		const copy = Buffer.from(font);
		for (let entry = 12; entry < 12 + 16 * copy.readUInt16BE(4); entry += 16) copy.writeUInt32BE(copy.readUInt32BE(entry + 8) + at, entry + 8);
		const offset = at;
		at += copy.length;
		return { copy, offset };
	});
	return Buffer.concat([Buffer.from('ttcf'), longs([0x10000, fonts.length, ...moved.map(({ offset }) => offset)]), ...moved.map(({ copy }) => copy)]);
}

function words(values: readonly number[]): Buffer {
	const buffer = Buffer.alloc(2 * values.length);
	values.forEach((value, index) => buffer.writeUInt16BE(value & 0xffff, 2 * index));
	return buffer;
}

function longs(values: readonly number[]): Buffer {
	const buffer = Buffer.alloc(4 * values.length);
	values.forEach((value, index) => buffer.writeUInt32BE(value >>> 0, 4 * index));
	return buffer;
}

/** A square from (50, 0) to (550, 700): one contour of four points on the curve. */
function glyph(): Buffer {
	const data = Buffer.concat([words([1, 50, 0, 550, 700, 3, 0]), Buffer.from([1, 1, 1, 1]), words([50, 0, 500, 0, 0, 700, 0, -700])]);
	return Buffer.concat([data, Buffer.alloc((4 - (data.length % 4)) % 4)]);
}

function head(bold: boolean, italic: boolean): Buffer {
	const buffer = Buffer.alloc(54);
	buffer.writeUInt32BE(0x10000, 0);
	buffer.writeUInt32BE(0x5f0f3cf5, 12);
	buffer.writeUInt16BE(emSize, 18);
	words([0, 0, advance, 700]).copy(buffer, 36);
	buffer.writeUInt16BE((bold ? 1 : 0) + (italic ? 2 : 0), 44);
	buffer.writeUInt16BE(8, 46);
	buffer.writeUInt16BE(2, 48);
	buffer.writeUInt16BE(1, 50);
	return buffer;
}

function os2(bold: boolean, italic: boolean): Buffer {
	const buffer = Buffer.alloc(96);
	buffer.writeUInt16BE(4, 0);
	buffer.writeUInt16BE(bold ? 700 : 400, 4);
	buffer.writeUInt16BE(5, 6);
	buffer.writeUInt16BE((italic ? 1 : 0) + (bold ? 0x20 : 0) || 0x40, 62);
	buffer.writeUInt16BE(900, 74);
	buffer.writeUInt16BE(300, 76);
	return buffer;
}

/** Windows' two maps: up to U+FFFF, and of all planes. */
function cmap(codePoints: readonly number[]): Buffer {
	const narrow = codePoints.map((codePoint, index) => ({ codePoint, glyph: index + 1 })).filter(({ codePoint }) => codePoint < 0xffff);
	const segments = [...narrow, { codePoint: 0xffff, glyph: 0 }];
	const count = segments.length;
	const format4 = words([
		4, 16 + 8 * count, 0, 2 * count, 0, 0, 0,
		...segments.map(({ codePoint }) => codePoint), 0,
		...segments.map(({ codePoint }) => codePoint),
		...segments.map(({ codePoint, glyph: index }) => (codePoint === 0xffff ? 1 : index - codePoint)),
		...segments.map(() => 0),
	]);
	const format12 = Buffer.concat([words([12, 0]), longs([16 + 12 * codePoints.length, 0, codePoints.length, ...codePoints.flatMap((codePoint, index) => [codePoint, codePoint, index + 1])])]);
	return Buffer.concat([words([0, 2, 3, 1]), longs([20]), words([3, 10]), longs([20 + format4.length]), format4, format12]);
}

function nameTable(names: Readonly<Record<number, string>>): Buffer {
	const texts: Buffer[] = [];
	const records: number[] = [];
	for (const [language, text] of Object.entries(names)) {
		for (const id of [1, 4, 6]) {
			const bytes = Buffer.from(id === 6 ? text.replace(/ /g, '') : text, 'utf16le').swap16();
			records.push(3, 1, Number(language), id, bytes.length, Buffer.concat(texts).length);
			texts.push(bytes);
		}
	}
	return Buffer.concat([words([0, records.length / 6, 6 + 2 * records.length, ...records]), ...texts]);
}

function pack(tables: readonly (readonly [string, Buffer])[]): Buffer {
	let at = 12 + 16 * tables.length;
	const directory: Buffer[] = [];
	const bodies: Buffer[] = [];
	for (const [tag, body] of tables) {
		directory.push(Buffer.from(tag.padEnd(4)), longs([0, at, body.length]));
		const padded = Buffer.concat([body, Buffer.alloc((4 - (body.length % 4)) % 4)]);
		bodies.push(padded);
		at += padded.length;
	}
	return Buffer.concat([longs([0x10000]), words([tables.length, 0, 0, 0]), ...directory, ...bodies]);
}
