import { framesPerSecond } from './mel';

/** Seconds between two time tokens: two frames of the mel spectrogram. */
export const timeStep = 0.02;
const framesPerStep = timeStep * framesPerSecond;

/** A sentence or so within a window; times are seconds from the start of the sound. */
export interface Cut {
	start: number;
	end: number;
	/** Times included. */
	tokens: readonly number[];
}

export interface Window {
	/** First frame of the window. */
	seek: number;
	/** Frames of the sound that are in it, never of the padding. */
	frames: number;
}

export interface CutWindow {
	cuts: Cut[];
	/** Frames to go on by. */
	advance: number;
	/** Whether the tokens end with a single time: the window was told to its end, and there is nothing to come back for. */
	told: boolean;
}

/**
 * Cuts a window's tokens into segments at every pair of times. What follows the last pair is unfinished and left for the next
 * window, which starts at that pair, unless the tokens end with a single time or hold no pair: then the whole window is done with.
 */
export function cutWindow(tokens: readonly number[], timestampBegin: number, { seek, frames }: Window): CutWindow {
	const offset = seek / framesPerSecond;
	const isTime = (index: number) => (tokens[index] ?? -1) >= timestampBegin;
	const seconds = (token: number) => (token - timestampBegin) * timeStep;
	const endsSingle = isTime(tokens.length - 1) && !isTime(tokens.length - 2);
	const bounds = tokens.flatMap((_, i) => (i > 0 && isTime(i - 1) && isTime(i) ? [i] : []));
	if (bounds.length === 0) {
		const first = isTime(0) ? seconds(tokens[0]!) : 0;
		const last = tokens.findLast((_, i) => i > 0 && isTime(i));
		const end = last === undefined ? frames / framesPerSecond : seconds(last);
		return { cuts: [{ start: offset + first, end: offset + end, tokens }], advance: frames, told: endsSingle };
	}
	if (endsSingle) bounds.push(tokens.length);
	const cuts = bounds.map((to, i) => {
		const part = tokens.slice(bounds[i - 1] ?? 0, to);
		return { start: offset + seconds(part[0]!), end: offset + seconds(part.at(-1)!), tokens: part };
	});
	const advance = endsSingle ? frames : Math.round((tokens[bounds.at(-1)! - 1]! - timestampBegin) * framesPerStep);
	return { cuts, advance, told: endsSingle };
}
