import { toWireError } from '../../../src/errors';
import { fontBytes, readFontFaces } from '../../../src/fonts/ttf';
import { bundledFaces } from '../../support/fonts';
import { tinyCollection, tinyFont } from '../../support/tiny-font';

const read = (bytes: Uint8Array) => readFontFaces(fontBytes(bytes));
const code = (character: string) => character.codePointAt(0) ?? 0;
const reasonOf = (bytes: Uint8Array) => {
	try {
		// A lookup must not fail either.
		for (const face of read(bytes)) for (const codePoint of [0, 97, 0xfffe, 0xffff, 0x1f600, 0x10ffff]) face.advance(codePoint);
	} catch (error) {
		return toWireError(error);
	}
	return undefined;
};

describe('reading fonts', () => {
	it('Inter gives its family, weights, letters and scripts', () => {
		const [regular, bold] = bundledFaces();
		expect(regular).toMatchObject({ family: 'Inter', bold: false, italic: false });
		expect(bold).toMatchObject({ family: 'Inter', bold: true, italic: false });
		expect(regular?.scripts).toEqual(['Latin', 'Greek', 'Cyrillic']);
		expect(regular?.covers(code('é'))).toBe(true);
		expect(regular?.covers(code('私'))).toBe(false);
		expect(regular?.covers(code('😀'))).toBe(false);
	});

	it('widths are in em and a wide letter is wider than a narrow one', () => {
		const [, bold] = bundledFaces();
		expect(bold?.advance(code('W'))).toBeGreaterThan((bold?.advance(code('i')) ?? 0) * 2);
		expect(read(tinyFont({ family: 'Tiny', characters: 'ab' }))[0]?.advance(code('a'))).toBe(0.6);
		expect(read(tinyFont({ family: 'Tiny', characters: 'ab' }))[0]?.advance(code('z'))).toBe(0.7);
	});

	it('the height that libass fits to the font size is the one of Windows, else that of hhea', () => {
		expect(read(tinyFont({ family: 'Tiny', characters: 'a' }))[0]?.lineHeight).toBe(1.2);
		expect(read(tinyFont({ family: 'Tiny', characters: 'a', without: ['OS/2'] }))[0]?.lineHeight).toBe(1.2);
	});

	it('letters beyond the first plane are found through format 12', () => {
		const [face] = read(tinyFont({ family: 'Tiny', characters: 'a😀👍😂🎉𓀀' }));
		expect(['a', '😀', '𓀀'].map((letter) => face?.covers(code(letter)))).toEqual([true, true, true]);
		expect(face?.covers(code('😁'))).toBe(false);
		expect(face?.scripts).toEqual(['Emoji']);
	});

	it('bold and italic are told from OS/2, and without it from head', () => {
		for (const without of [[], ['OS/2']])
			expect(read(tinyFont({ family: 'Tiny', characters: 'a', bold: true, italic: true, without }))[0]).toMatchObject({ bold: true, italic: true });
	});

	it('a collection gives each of its faces', () => {
		const faces = read(tinyCollection([tinyFont({ family: 'One', characters: 'a' }), tinyFont({ family: 'Two', characters: 'b' })]));
		expect(faces.map(({ family }) => family)).toEqual(['One', 'Two']);
		expect(faces[1]?.covers(code('b'))).toBe(true);
	});

	it('the English family name is taken where there are several', () => {
		const font = tinyFont({ family: '', characters: 'a', names: { 0x411: 'テスト', 0x409: 'Test Gothic' } });
		expect(read(font)[0]?.family).toBe('Test Gothic');
		expect(read(tinyFont({ family: '', characters: 'a', names: { 0x411: 'テスト' } }))[0]?.family).toBe('テスト');
	});

	it.each([
		['a text', Buffer.from('not a font at all, but long enough'), 'does not begin like one'],
		['nothing', Buffer.alloc(0), 'cut off'],
		['pictures instead of outlines', tinyFont({ family: 'Emoji', characters: '😀', without: ['glyf', 'loca'] }), 'pictures instead of outlines'],
		['a missing table', tinyFont({ family: 'Tiny', characters: 'a', without: ['hmtx'] }), 'hmtx is missing'],
		['no Unicode map', tinyFont({ family: 'Tiny', characters: 'a', without: ['cmap'] }), 'cmap is missing'],
		['a name that would break a caption file', tinyFont({ family: 'Bad, Name{\\fs9}', characters: 'a' }), 'family name'],
		['a name with a line break', tinyFont({ family: 'Bad\nName', characters: 'a' }), 'family name'],
	])('refuses %s and says why', (_, bytes, reason) => {
		expect(reasonOf(bytes)).toMatchObject({ code: 'unusable_font', message: expect.stringContaining(reason) });
	});

	it('a font that is cut off anywhere, or damaged in any byte of its head, is read or refused as a font, never otherwise', () => {
		const font = tinyFont({ family: 'Tiny', characters: 'abc😀' });
		for (let length = 0; length < font.length; length += 7) expect([undefined, 'unusable_font']).toContain(reasonOf(font.subarray(0, length))?.code);
		for (let at = 0; at < font.length; at++) {
			const damaged = Buffer.from(font);
			damaged[at] = 0xff;
			expect([undefined, 'unusable_font']).toContain(reasonOf(damaged)?.code);
		}
	});
});
