import { OperationFailed } from '../../errors';

/** Choosing the next speech token, in the order that each model was made for. Scores are logits; -Infinity rules a token out. */

export interface Sampling {
	temperature: number;
	random: () => number;
}

const repetition = 1.2;
const minProbability = 0.05;
const topTokens = 1000;
const topProbability = 0.95;

/** Repetition, temperature, smallest probability, choice. A model that is guided by its text guides inside its graph. */
export function sampleOriginal(scores: Float32Array, previous: readonly number[], { temperature, random }: Sampling): number {
	const heated = heat(penalizeRepetition(scores.slice(), previous, repetition), temperature);
	return choose(keepLikely(heated, minProbability), random);
}

/** Temperature, best tokens, smallest set of enough probability, repetition, choice. */
export function sampleTurbo(scores: Float32Array, previous: readonly number[], { temperature, random }: Sampling): number {
	const heated = heat(scores.slice(), temperature);
	const kept = keepNucleus(keepBest(heated, topTokens), topProbability);
	penalizeRepetition(kept, previous, repetition);
	return choose(kept, random);
}

/** Each token that came before, once, becomes less likely: in place. */
export function penalizeRepetition(scores: Float32Array, previous: readonly number[], penalty: number): Float32Array {
	for (const token of new Set(previous)) {
		const score = scores[token];
		if (score !== undefined) scores[token] = score < 0 ? score * penalty : score / penalty;
	}
	return scores;
}

function heat(scores: Float32Array, temperature: number): Float32Array {
	for (let token = 0; token < scores.length; token++) scores[token]! /= temperature;
	return scores;
}

/** Rules out tokens less likely than `share` of the likeliest one. */
export function keepLikely(scores: Float32Array, share: number): Float32Array {
	return keepFrom(scores, largest(scores) + Math.log(share));
}

/** Rules out all but the `count` best tokens, and those as good as the last of them. */
export function keepBest(scores: Float32Array, count: number): Float32Array {
	if (count >= scores.length) return scores;
	return keepFrom(scores, scores.slice().sort()[scores.length - count]!);
}

function keepFrom(scores: Float32Array, least: number): Float32Array {
	const kept = scores.slice();
	for (let token = 0; token < kept.length; token++) if (kept[token]! < least) kept[token] = -Infinity;
	return kept;
}

/** Keeps the smallest set of the best tokens whose probabilities sum up to `share`. */
export function keepNucleus(scores: Float32Array, share: number): Float32Array {
	const chances = softmax(scores);
	const order = Array.from(chances.keys()).filter((token) => chances[token] !== 0).sort((a, b) => (chances[b] ?? 0) - (chances[a] ?? 0));
	const kept = new Float32Array(scores.length).fill(-Infinity);
	let sum = 0;
	for (const token of order) {
		if (sum >= share) break;
		kept[token] = scores[token] ?? -Infinity;
		sum += chances[token] ?? 0;
	}
	return kept;
}

export function softmax(scores: Float32Array): Float32Array {
	const { exp } = Math;
	const top = largest(scores);
	const chances = new Float32Array(scores.length);
	let sum = 0;
	for (let token = 0; token < scores.length; token++) {
		if (scores[token] === -Infinity) continue;
		chances[token] = exp(scores[token]! - top);
		sum += chances[token]!;
	}
	if (Number.isNaN(sum)) {
		throw new OperationFailed('Expected scores from the speech model, got no numbers. Take another precision: half precision fails on some devices.', {
			code: 'model_failed',
			field: 'precision',
		});
	}
	for (let token = 0; token < chances.length; token++) chances[token]! /= sum;
	return chances;
}

function choose(scores: Float32Array, random: () => number): number {
	const chances = softmax(scores);
	let rest = random();
	let last = 0;
	for (let token = 0; token < chances.length; token++) {
		if (chances[token] === 0) continue;
		last = token;
		rest -= chances[token]!;
		if (rest < 0) break;
	}
	return last;
}

function largest(scores: Float32Array): number {
	let top = -Infinity;
	for (let token = 0; token < scores.length; token++) if (scores[token]! > top) top = scores[token]!;
	return top;
}

/** Numbers from 0 to 1, the same for the same seed (the generator known as mulberry32). */
export function randomFrom(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
}
