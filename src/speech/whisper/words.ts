import { isGlued } from '../../text/words';
import type { Piece } from './bytes';

/** A word with its tokens and the seconds from the window's start; `text` begins with a space where the sound's text has one. */
export interface TimedWord extends Piece {
	start: number;
	end: number;
}

const opening = '"\'“¿([{-';
const closing = '"\'.。,，!！?？:：”)]}、';
const sentenceEnds = '.。!！?？';
const ascii = /^[!-/:-@[-`{-~]+$/;

/** Parts of a text whose times are told apart: by spaces and marks, or, where a language has no spaces, by characters. */
export function splitWords(pieces: readonly Piece[], spaceless: boolean): Piece[] {
	if (spaceless) return pieces.map(({ text, tokens }) => ({ text, tokens: [...tokens] }));
	const words: Piece[] = [];
	for (const { text, tokens } of pieces) {
		const last = words.at(-1);
		if (last === undefined || text.startsWith(' ') || ascii.test(text.trim())) words.push({ text, tokens: [...tokens] });
		else {
			last.text += text;
			last.tokens.push(...tokens);
		}
	}
	return words;
}

/** Gives every word the time from its first token to the next word's first; `starts` has one entry more than there are tokens. */
export function timeWords(words: readonly Piece[], starts: readonly number[]): TimedWord[] {
	let index = 0;
	return words.map(({ text, tokens }) => {
		const start = starts[index]!;
		index += tokens.length;
		return { text, tokens, start, end: starts[index]! };
	});
}

/** Joins opening marks to the word after them and closing marks to the word before, which keeps its own time. */
export function mergePunctuation(words: readonly TimedWord[]): TimedWord[] {
	const led: TimedWord[] = [];
	for (const word of [...words].reverse()) {
		const next = led.at(-1);
		if (next !== undefined && word.text.startsWith(' ') && isMark(word.text.trim(), opening)) {
			led[led.length - 1] = { ...next, text: word.text + next.text, tokens: [...word.tokens, ...next.tokens] };
		} else led.push(word);
	}
	const merged: TimedWord[] = [];
	for (const word of led.reverse()) {
		const last = merged.at(-1);
		if (last !== undefined && !last.text.endsWith(' ') && isMark(word.text, closing)) {
			merged[merged.length - 1] = { ...last, text: last.text + word.text, tokens: [...last.tokens, ...word.tokens] };
		} else merged.push(word);
	}
	return merged;
}

/** Joins words that stand together without a space, such as the parts of "well-known", so that the words alone make up the text. */
export function joinGlued(words: readonly TimedWord[]): TimedWord[] {
	const joined: TimedWord[] = [];
	for (const word of words) {
		const last = joined.at(-1);
		if (last === undefined || word.text.startsWith(' ') || last.text.endsWith(' ') || isGlued(last.text, word.text)) joined.push(word);
		else joined[joined.length - 1] = { text: last.text + word.text, tokens: [...last.tokens, ...word.tokens], start: last.start, end: word.end };
	}
	return joined;
}

const isMark = (text: string, marks: string) => text !== '' && marks.includes(text);

/** The usual length of a word, at most 0.7 s; a word of more than twice that has swallowed a pause. */
export function usualLength(words: readonly TimedWord[]): number {
	const lengths = words.map(({ start, end }) => end - start).filter((length) => length > 0);
	lengths.sort((a, b) => a - b);
	const middle = Math.floor(lengths.length / 2);
	const median = lengths.length % 2 === 1 ? lengths[middle]! : ((lengths[middle - 1] ?? 0) + (lengths[middle] ?? 0)) / 2;
	return Math.min(0.7, median);
}

/** Cuts words that are too long beside the end of a sentence: the mark itself at its end, the word after it at its start. */
export function limitAtSentenceEnds(words: readonly TimedWord[], limit: number): TimedWord[] {
	return words.map((word, i) => {
		if (i === 0 || limit === 0 || word.end - word.start <= limit) return word;
		if (isMark(word.text, sentenceEnds)) return { ...word, end: word.start + limit };
		if (isMark(words[i - 1]!.text, sentenceEnds)) return { ...word, start: word.end - limit };
		return word;
	});
}

/** Cuts the first two words after a pause, which tend to begin in the pause. `silentSince` is where the last word ended. */
export function limitAfterPause(words: readonly TimedWord[], usual: number, silentSince: number): TimedWord[] {
	const [first, second, ...others] = words;
	const limit = 2 * usual;
	if (first === undefined || limit === 0 || first.end - silentSince <= 2 * limit) return [...words];
	const longFirst = first.end - first.start > limit;
	const longPair = second !== undefined && second.end - first.start > 2 * limit;
	if (!longFirst && !longPair) return [...words];
	const border = second !== undefined && second.end - second.start > limit ? second.end - limit : first.end;
	const cut = { ...first, start: Math.max(first.start, border - limit), end: border };
	return second === undefined ? [cut] : [cut, { ...second, start: Math.max(second.start, border) }, ...others];
}

/** A segment's own times where its first or last word strays from them by more than half a second, else the words' times. */
export function fitToSegment<T extends { start: number; end: number }>(words: readonly TimedWord[], segment: T, usual: number) {
	const first = words[0];
	const last = words.at(-1);
	if (first === undefined || last === undefined) return { words: [], segment };
	const early = segment.start < first.end && segment.start - 0.5 > first.start;
	const late = segment.end > last.start && segment.end + 0.5 < last.end;
	const start = early ? Math.max(first.start, Math.min(first.end - usual, segment.start)) : first.start;
	const end = late ? Math.max(last.start + usual, segment.end) : last.end;
	const fitted = words.map((word) => ({ ...word, ...(word === first && { start }), ...(word === last && { end }) }));
	return { words: fitted, segment: { ...segment, start, end } };
}
