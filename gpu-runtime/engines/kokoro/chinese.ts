import { pinyin } from 'pinyin-pro';
import { withChineseNumbers } from '../../../src/speech/phonemes/chinese-numbers';
import { type Piece, textPieces } from '../../../src/speech/phonemes/pieces';
import { pinyinPhonemes } from '../../../src/speech/phonemes/pinyin';

/** A part of a piece: Chinese, with its phonemes, or foreign, to be read by somebody else. */
export interface Run {
	text: string;
	phonemes?: string;
}

/** Pieces of a Chinese sentence: the model was trained with a space behind every word, though none is written. */
export function chinesePieces(sentence: string): ReturnType<typeof textPieces> {
	const { words, pieces } = textPieces(sentence);
	return { words, pieces: pieces.map((piece, i) => ({ ...piece, space: pieces[i + 1] !== undefined && pieces[i + 1]?.word !== piece.word })) };
}

/** The readings of every piece; none for marks and for what nobody says. */
export function readChinese(sentence: string, pieces: readonly Piece[]): Run[][] {
	const syllables = syllablesOf(sentence);
	return pieces.map(({ text, isMark, start }, i) => {
		if (isMark) return [];
		const reading = withChineseNumbers(text, pieces[i + 1]?.text);
		const own = reading === text ? syllables.slice(start, start + Array.from(text).length) : syllablesOf(reading);
		return runs(reading, own);
	});
}

/** One entry for each code point, in the context of the whole text: 行 is háng in 银行. */
const syllablesOf = (text: string) => pinyin(text, { toneType: 'num', type: 'all', v: true }).map(({ pinyin: syllable }) => pinyinPhonemes(syllable));

function runs(text: string, syllables: readonly (string | undefined)[]): Run[] {
	const found: Run[] = [];
	for (const [i, character] of Array.from(text).entries()) {
		const phonemes = syllables[i];
		const last = found.at(-1);
		if (phonemes !== undefined && last?.phonemes !== undefined) found[found.length - 1] = { text: last.text + character, phonemes: last.phonemes + phonemes };
		else if (phonemes !== undefined) found.push({ text: character, phonemes });
		else if (last !== undefined && last.phonemes === undefined) last.text += character;
		else found.push({ text: character });
	}
	return found.filter((run) => run.phonemes !== undefined || /[\p{L}\p{N}]/u.test(run.text));
}
