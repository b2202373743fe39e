import { tokenStarts } from '../../../src/speech/whisper/alignment';
import { wholeCharacters } from '../../../src/speech/whisper/bytes';
import { framesPerSecond } from '../../../src/speech/whisper/mel';
import type { Cut, Window } from '../../../src/speech/whisper/segments';
import {
	fitToSegment,
	joinGlued,
	limitAfterPause,
	limitAtSentenceEnds,
	mergePunctuation,
	splitWords,
	timeWords,
	usualLength,
	type TimedWord,
} from '../../../src/speech/whisper/words';
import type { Tensor } from '../onnx';
import type { Decoder } from './decoder';
import type { WhisperVocabulary } from './vocabulary';

/** A segment with the words of it, in seconds from the start of the sound. */
export interface WordedCut extends Cut {
	words: TimedWord[];
}

export interface WordRequest {
	decoder: Decoder;
	vocabulary: WhisperVocabulary;
	/** What the encoder made of the window. */
	heard: Tensor;
	window: Window;
	cuts: readonly Cut[];
	/** The transcript's opening tokens: start, language, task. */
	opening: readonly number[];
	spaceless: boolean;
	/** Where the last word before this window ended. */
	silentSince: number;
}

/** Finds the time of every word by feeding the finished text once more and following the decoder's attention through the sound. */
export async function timeCuts(request: WordRequest): Promise<WordedCut[]> {
	const { vocabulary, cuts, window } = request;
	const texts = cuts.map(({ tokens }) => tokens.filter((token) => token < vocabulary.rules.endOfText));
	const tokens = texts.flat();
	if (tokens.length === 0) return cuts.map((cut) => ({ ...cut, words: [] }));
	const split = texts.map((text) => splitWords(wholeCharacters(text, vocabulary.bytesOf), request.spaceless));
	const timed = timeWords(split.flat(), await startsOf(request, tokens));
	const usual = usualLength(timed);
	const limited = limitAtSentenceEnds(timed, 2 * usual);
	const offset = window.seek / framesPerSecond;
	let { silentSince } = request;
	let next = 0;
	return cuts.map((cut, i) => {
		const own = limited.slice(next, (next += split[i]!.length));
		const words = joinGlued(mergePunctuation(own)).map((word) => ({ ...word, start: word.start + offset, end: word.end + offset }));
		const fitted = fitToSegment(limitAfterPause(words, usual, silentSince), cut, usual);
		if (words.length > 0) silentSince = fitted.segment.end;
		return { ...fitted.segment, words: fitted.words };
	});
}

/** Starts of all tokens, and the end of the last, in seconds from the window's start. */
async function startsOf({ decoder, vocabulary, heard, window, opening }: WordRequest, tokens: readonly number[]): Promise<number[]> {
	const { noTimestamps, endOfText } = vocabulary.rules;
	const fed = [...opening, noTimestamps, ...tokens, endOfText];
	const { columns: all, heads } = await decoder.attend(heard, fed, vocabulary.alignmentHeads);
	const columns = Math.max(1, Math.min(all, Math.floor(window.frames / 2)));
	const cropped = heads.map((head) => {
		const values = new Float32Array(fed.length * columns);
		for (let row = 0; row < fed.length; row++) values.set(head.subarray(row * all, row * all + columns), row * columns);
		return { rows: fed.length, columns, values };
	});
	// A token is predicted in the row before its own, so its time is there.
	return tokenStarts(cropped, opening.length, fed.length - 1);
}
