/** A word in a text; `start` and `end` count code points, as eSpeak NG does. Marks belong to the word they touch. */
export interface TextWord {
	text: string;
	start: number;
	end: number;
}

/** Scripts written without spaces between words. */
export const unspaced = /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}]/u;
const fullWidthMark = /[\u3000-\u303f\uff00-\uff65]/u;
const segmenter = new Intl.Segmenter('en', { granularity: 'word' });

/** Words as a reader counts them: by spaces, and inside a run of an unspaced script by its own word rules. */
export function splitWords(text: string): TextWord[] {
	const words: TextWord[] = [];
	let at = 0;
	let index = 0;
	for (const match of text.matchAll(/\S+/gu)) {
		at += codePoints(text.slice(index, match.index));
		for (const piece of pieces(match[0])) {
			const end = at + codePoints(piece);
			words.push({ text: piece, start: at, end });
			at = end;
		}
		index = match.index + match[0].length;
	}
	return words;
}

/** Whether nothing stands between two words: in scripts that are written without spaces, their full-width marks included. */
export function isGlued(before: string, after: string): boolean {
	return [Array.from(before).at(-1) ?? '', Array.from(after)[0] ?? ''].every((character) => unspaced.test(character) || fullWidthMark.test(character));
}

/** The text of neighbouring words, with spaces where their script has them. */
export const joinWords = (words: readonly { text: string }[]) =>
	words.map(({ text }, i) => (i === 0 || isGlued(words[i - 1]?.text ?? '', text) ? text : ` ${text}`)).join('');

export function codePoints(text: string): number {
	let count = 0;
	for (const _ of text) count++;
	return count;
}

function pieces(token: string): string[] {
	if (!unspaced.test(token)) return [token];
	const found: string[] = [];
	for (const { segment, isWordLike } of segmenter.segment(token)) {
		const opens = /^[\p{Ps}\p{Pi}]+$/u.test(found.at(-1) ?? '');
		if (found.length > 0 && (opens || (!isWordLike && !/^[\p{Ps}\p{Pi}]+$/u.test(segment)))) found[found.length - 1] += segment;
		else found.push(segment);
	}
	return found;
}
