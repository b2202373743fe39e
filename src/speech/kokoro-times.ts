import { codePoints } from '../text/words';
import { milliseconds, type Word } from '../vocabulary';
import type { Token } from './phonemes/tokens';

export interface Span {
	start: number;
	end: number;
}

/** Seconds of each token (none of them empty) from the model's durations, one for every number of its input; undefined where they end too soon. */
export function tokenTimes(tokens: readonly Token[], durations: readonly number[], samples: number, sampleRate: number): (Span | undefined)[] {
	const total = durations.reduce((sum, duration) => sum + duration, 0);
	// Half frames: a duration of 1 is 600 samples at 24 kHz, so 80 half frames are a second; other exports are scaled.
	const seconds = total === 0 ? 0 : samples / sampleRate / (2 * total);
	const at = (index: number) => durations[index] ?? 0;
	let right = 2 * Math.max(0, at(0) - 3);
	let left = right;
	let i = 1;
	let isOver = false;
	return tokens.map(({ phonemes, space }) => {
		const next = i + codePoints(phonemes);
		isOver ||= i >= durations.length - 1 || next >= durations.length;
		if (isOver) return undefined;
		const start = left;
		const pause = space ? at(next) : 0;
		const sound = durations.slice(i, next).reduce((sum, duration) => sum + duration, 0);
		left = right + 2 * sound + pause;
		right = left + pause;
		i = next + Number(space);
		return { start: start * seconds, end: left * seconds };
	});
}

/** Words from the times of their tokens; a word in several tokens has one time, one without any sound stands where it was passed. */
export function wordsFromTokens(texts: readonly string[], tokens: readonly { token: Token; time: Span | undefined }[], duration: number): Word[] {
	const spans: (Span | undefined)[] = texts.map(() => undefined);
	for (const { token, time } of tokens) {
		if (token.word === undefined || time === undefined) continue;
		const known = spans[token.word];
		spans[token.word] = { start: known?.start ?? time.start, end: time.end };
	}
	let last = 0;
	return texts.map((text, i) => {
		const start = Math.min(duration, Math.max(last, spans[i]?.start ?? last));
		const end = Math.min(duration, Math.max(start, spans[i]?.end ?? start));
		last = end;
		return { text, start: milliseconds(start), end: milliseconds(end) };
	});
}
