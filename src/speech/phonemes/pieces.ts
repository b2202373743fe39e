import { isAbbreviation } from '../../text/sentences';
import { splitWords, type TextWord } from '../../text/words';

/** A part of a sentence that is spoken as one, or a mark. */
export interface Piece {
	text: string;
	/** Code points before it. */
	start: number;
	isMark: boolean;
	/** Which word of the sentence it belongs to. */
	word: number;
	/** Whether the next piece stands apart. */
	space: boolean;
}

const mark = /[;:,.!?¡¿—–…"«»“”„()[\]{}、，。．！：；？《》「」『』【】（）؛،؟।]/u;

/** Words as a reader sees them, and inside them what is spoken and what is a mark. Marks inside numbers and abbreviations are none. */
export function textPieces(sentence: string): { words: TextWord[]; pieces: Piece[] } {
	const words = splitWords(sentence);
	const pieces = words.flatMap(({ text, start, end }, word) => {
		const found = partsOf(text, word === words.length - 1);
		const isApart = words[word + 1]?.start !== end && word < words.length - 1;
		let at = start;
		return found.map((part, i): Piece => {
			const piece = { ...part, start: at, word, space: isApart && i === found.length - 1 };
			at += Array.from(part.text).length;
			return piece;
		});
	});
	return { words, pieces };
}

function partsOf(word: string, isLast: boolean): { text: string; isMark: boolean }[] {
	const characters = Array.from(word);
	const parts: { text: string; isMark: boolean }[] = [];
	for (const [i, character] of characters.entries()) {
		const isMark = mark.test(character) && !isInside(characters, i, isLast);
		const last = parts.at(-1);
		if (!isMark && last?.isMark === false) last.text += character;
		else parts.push({ text: character, isMark });
	}
	return parts;
}

/** `3.5`, `12:30`, `1,000`, `e.g.`, `Dr.` */
function isInside(characters: readonly string[], i: number, isLast: boolean): boolean {
	if (!/[.,:]/u.test(characters[i] ?? '')) return false;
	const isLetter = (character = '') => /[\p{L}\p{N}]/u.test(character);
	if (isLetter(characters[i - 1]) && isLetter(characters[i + 1])) return true;
	const endsSentence = isLast && i === characters.length - 1;
	return characters[i] === '.' && !endsSentence && isAbbreviation(characters.slice(0, i + 1).join(''));
}
