import type { TextWord } from '../../text/words';
import type { Piece } from './pieces';

/** Phonemes that have one time in the model's answer. */
export interface Token {
	phonemes: string;
	/** Whether a space follows. */
	space: boolean;
	/** Index of the word that the sound belongs to; undefined for a mark, whose sound is a pause. */
	word: number | undefined;
}

/** A text as the model is to speak it. */
export interface Pronunciation {
	/** As in the source, marks included; words that are spoken as one are one. */
	words: string[];
	tokens: Token[];
}

const marks: Record<string, string> = {
	'«': '“', '»': '”', '《': '“', '》': '”', '「': '“', '」': '”', '『': '“', '』': '”', '【': '“', '】': '”', '„': '“', '–': '—',
	'、': ',', '，': ',', '،': ',', '。': '.', '．': '.', '।': '.', '！': '!', '：': ':', '；': ';', '؛': ';', '？': '?', '؟': '?', '（': '(', '）': ')',
};

/**
 * Joins pieces and their phonemes into a pronunciation. A piece without phonemes is spoken together with the one before;
 * a word without any sound of its own joins the word before (the first one: the word after).
 */
export function pronounce(sentence: string, { words, pieces }: { words: readonly TextWord[]; pieces: readonly Piece[] }, spoken: readonly (string | undefined)[]): Pronunciation {
	const sounding = [...new Set(pieces.filter(({ isMark }, i) => !isMark && spoken[i] !== undefined).map(({ word }) => word))];
	const tokens: Token[] = [];
	for (const [i, { text, isMark, word, space }] of pieces.entries()) {
		const phonemes = isMark ? (marks[text] ?? text) : spoken[i];
		const last = tokens.at(-1);
		if (phonemes !== undefined) tokens.push({ phonemes, space, word: isMark ? undefined : sounding.indexOf(word) });
		else if (last !== undefined) last.space = space;
	}
	const characters = Array.from(sentence);
	const texts = sounding.map((first, i) => {
		const [start, end] = [i === 0 ? 0 : words[first]?.start, words[sounding[i + 1] ?? -1]?.start];
		return characters.slice(start, end).join('').trim();
	});
	return { words: texts, tokens };
}
