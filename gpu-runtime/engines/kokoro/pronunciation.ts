import type { KokoroLanguage } from '../../../src/speech/voices';
import { alignPhonemes } from '../../../src/speech/phonemes/align';
import type { Lexicon } from '../../../src/speech/phonemes/lexicon';
import { textPieces } from '../../../src/speech/phonemes/pieces';
import { type Accent, toKokoro } from '../../../src/speech/phonemes/substitutions';
import { joinPronunciations, pronounce, type Pronunciation } from '../../../src/speech/phonemes/tokens';
import { splitLong, splitSentences } from '../../../src/text/sentences';
import type { Espeak } from '../espeak';
import { chinesePieces, readChinese } from './chinese';

/** Longer sentences are read in parts, as eSpeak NG is held by each for its time. */
const longestPiece = 600;

export interface Reading {
	language: KokoroLanguage;
	lexicon?: Lexicon | undefined;
	signal: AbortSignal;
	onProgress?(fraction: number): void;
}

/** Reads a text of any length in a language of Kokoro. */
export function createReader(espeak: Pick<Espeak, 'phonemes'>) {
	return async function read(text: string, { language, lexicon, signal, onProgress }: Reading): Promise<Pronunciation> {
		const sentences = splitSentences(text);
		const read = language.espeak === null ? chineseReader(espeak) : spacedReader(espeak, language.espeak, accentOf(language), lexicon);
		const parts: Pronunciation[] = [];
		for (const [i, sentence] of sentences.entries()) {
			for (const piece of splitLong(sentence, longestPiece)) parts.push(await read(piece, signal));
			onProgress?.((i + 1) / sentences.length);
		}
		return joinPronunciations(parts);
	};
}

type SentenceReader = (sentence: string, signal: AbortSignal) => Promise<Pronunciation>;

const accentOf = ({ language }: KokoroLanguage): Accent => (language === 'en-us' || language === 'en-gb' ? language : 'other');

function spacedReader(espeak: Pick<Espeak, 'phonemes'>, voice: string, accent: Accent, lexicon?: Lexicon): SentenceReader {
	return async (sentence, signal) => {
		const { ipa, events } = await espeak.phonemes(sentence, voice, signal);
		const split = textPieces(sentence);
		const aligned = alignPhonemes(split.pieces, ipa, events).map((words) => words?.split(' ').map((word) => toKokoro(word, accent)).join(' '));
		const listed = split.pieces.map(({ text, isMark }) => (isMark ? undefined : lexicon?.(text)));
		return pronounce(sentence, split, withLexicon(aligned, listed));
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
function chineseReader(espeak: Pick<Espeak, 'phonemes'>): SentenceReader {
	async function inEnglish(text: string, signal: AbortSignal): Promise<string> {
		const { ipa } = await espeak.phonemes(text, 'en-us', signal);
		return ipa.split(/\s+/u).filter((word) => word !== '').map((word) => toKokoro(word, 'en-us')).join(' ');
	}

	return async (sentence, signal) => {
		const split = chinesePieces(sentence);
		const spoken: (string | undefined)[] = [];
		for (const runs of readChinese(sentence, split.pieces)) {
			const said: string[] = [];
			for (const run of runs) said.push(run.phonemes ?? (await inEnglish(run.text, signal)));
			spoken.push(said.length === 0 ? undefined : said.join(' '));
		}
		return pronounce(sentence, split, spoken);
	};
}
