import type { Passage } from '../../../src/speech/kokoro-script';
import type { KokoroLanguage } from '../../../src/speech/voices';
import { alignPhonemes } from '../../../src/speech/phonemes/align';
import type { Lexicon } from '../../../src/speech/phonemes/lexicon';
import { textPieces } from '../../../src/speech/phonemes/pieces';
import { type Accent, toKokoro } from '../../../src/speech/phonemes/substitutions';
import { pronounce, type Pronunciation } from '../../../src/speech/phonemes/tokens';
import { splitLong, splitSentences } from '../../../src/text/sentences';
import type { Espeak } from '../espeak';
import { chinesePieces, readChinese } from './chinese';

/** Longer sentences are read in parts, as eSpeak NG is held by each for its time. */
const longestPiece = 600;
/** Characters that are asked for at once: about what the model speaks in one run. While it runs this process hears nothing, and asks nothing. */
const longestPassage = 600;

export interface Reading {
	language: KokoroLanguage;
	lexicon?: Lexicon | undefined;
	signal: AbortSignal;
}

/** Reads a text of any length in a language of Kokoro, passage by passage. */
export function createReader(espeak: Pick<Espeak, 'phonemes'>) {
	return async function* read(text: string, { language, lexicon, signal }: Reading): AsyncGenerator<Passage> {
		const pieces = splitSentences(text).flatMap((sentence) => splitLong(sentence, longestPiece));
		const read = language.espeak === null ? chineseReader(espeak) : spacedReader(espeak, language.espeak, accentOf(language), lexicon);
		for (const passage of passagesOf(pieces)) yield { parts: await read(passage, signal), of: pieces.length };
	};
}

function passagesOf(pieces: readonly string[]): string[][] {
	const passages: string[][] = [];
	let length = Infinity;
	for (const piece of pieces) {
		length += piece.length;
		if (length <= longestPassage) passages.at(-1)?.push(piece);
		else {
			passages.push([piece]);
			length = piece.length;
		}
	}
	return passages;
}

type PassageReader = (sentences: readonly string[], signal: AbortSignal) => Promise<Pronunciation[]>;

const accentOf = ({ language }: KokoroLanguage): Accent => (language === 'en-us' || language === 'en-gb' ? language : 'other');

function spacedReader(espeak: Pick<Espeak, 'phonemes'>, voice: string, accent: Accent, lexicon?: Lexicon): PassageReader {
	return async (sentences, signal) => {
		const said = await espeak.phonemes(sentences, voice, signal);
		return said.map(({ ipa, events }, i) => {
			const sentence = sentences[i] ?? '';
			const split = textPieces(sentence);
			const aligned = alignPhonemes(split.pieces, ipa, events).map((words) => words?.split(' ').map((word) => toKokoro(word, accent)).join(' '));
			const listed = split.pieces.map(({ text, isMark }) => (isMark ? undefined : lexicon?.(text)));
			return pronounce(sentence, split, withLexicon(aligned, listed));
		});
	};
}

/** A listed word has its own sound, unless eSpeak NG spoke it together with one that is not listed. */
function withLexicon(aligned: readonly (string | undefined)[], listed: readonly (string | undefined)[]): (string | undefined)[] {
	return aligned.map((spoken, i) => {
		const start = aligned.slice(0, i + 1).findLastIndex((one) => one !== undefined && one !== '');
		const length = aligned.slice(i + 1).findIndex((one) => one !== undefined);
		const end = length < 0 ? aligned.length : i + 1 + length;
		const isListed = listed.slice(Math.max(0, start), end).every((one) => one !== undefined);
		return isListed ? listed[i] : spoken;
	});
}

/** Han characters by pinyin, all other words as English. */
function chineseReader(espeak: Pick<Espeak, 'phonemes'>): PassageReader {
	async function inEnglish(texts: readonly string[], signal: AbortSignal): Promise<string[]> {
		const said = texts.length > 0 ? await espeak.phonemes(texts, 'en-us', signal) : [];
		return said.map(({ ipa }) => ipa.split(/\s+/u).filter((word) => word !== '').map((word) => toKokoro(word, 'en-us')).join(' '));
	}

	return async (sentences, signal) => {
		const read = sentences.map((sentence) => {
			const split = chinesePieces(sentence);
			return { sentence, split, runs: readChinese(sentence, split.pieces) };
		});
		const foreign = read.flatMap(({ runs }) => runs.flat()).filter(({ phonemes }) => phonemes === undefined);
		const english = await inEnglish(foreign.map(({ text }) => text), signal);
		const spoken = new Map(foreign.map((run, i) => [run, english[i] ?? '']));
		return read.map(({ sentence, split, runs }) => {
			const said = runs.map((own) => (own.length === 0 ? undefined : own.map((run) => run.phonemes ?? spoken.get(run)).join(' ')));
			return pronounce(sentence, split, said);
		});
	};
}
