import type { FontFace } from '../runtime';

/** What video operations need to draw captions, and the same captions as files. */
export interface Drawing {
	/** For `subtitles=filename=captions.ass:fontsdir=fonts`. */
	ass: string;
	/** The faces that must lie in the folder `fonts`. */
	fonts: FontFace[];
	warnings: string[];
	srt: string;
	vtt: string;
}

const emoji = (characters: ReadonlySet<string>) => Array.from(characters).some((character) => /\p{Emoji_Presentation}/u.test(character));

/** Names the characters, so that a user can find a font that has them. */
export function missingGlyphs(characters: ReadonlySet<string>): string[] {
	if (characters.size === 0) return [];
	const names = Array.from(characters).slice(0, 20).map((character) => `${character} (U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')})`);
	const more = characters.size > names.length ? ` and ${characters.size - names.length} more` : '';
	return [`No bundled or installed font has ${names.join(', ')}${more}: boxes are drawn instead. Install a font that has ${emoji(characters) ? 'them in one colour, such as Noto Emoji or Symbola: coloured emoji fonts cannot be drawn' : 'these characters'}`];
}
