import { missingGlyphs } from '../../../src/captions/drawing';

it('characters that no font has are named, and what font to install', () => {
	expect(missingGlyphs(new Set())).toEqual([]);
	expect(missingGlyphs(new Set(['𓀀']))).toEqual(['No bundled or installed font has 𓀀 (U+13000): boxes are drawn instead. Install a font that has these characters']);
	expect(missingGlyphs(new Set(['🎉']))).toEqual(['No bundled or installed font has 🎉 (U+1F389): boxes are drawn instead. Install a font that has them in one colour, such as Noto Emoji or Symbola: coloured emoji fonts cannot be drawn']);
});
