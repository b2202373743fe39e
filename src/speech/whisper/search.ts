import { logSumExp } from './rules';

/** A text in the making; `score` is the sum of its tokens' log-probabilities. */
export interface Path {
	tokens: readonly number[];
	score: number;
}

export interface Expansion {
	/** The paths to go on with, best first. */
	paths: Path[];
	/** For each of them the index of the path it grew from, for reordering the caches. */
	parents: number[];
	/** Paths that ended at this step, best first, without their end token. */
	ended: Path[];
}

interface Candidate {
	token: number;
	logProb: number;
}

/**
 * One step of beam search: `rows[i]` are the logits, rules applied, after `paths[i]`. Every path offers its best `width + 1` tokens,
 * so that `width` go on even when the end of the text is among them; ends worse than the last that goes on are dropped.
 */
export function expandBeams(paths: readonly Path[], rows: readonly Float32Array[], width: number, endOfText: number): Expansion {
	const offers = paths.flatMap(({ score }, parent) =>
		mostLikely(rows[parent]!, width + 1).map(({ token, logProb }) => ({ parent, token, score: score + logProb })),
	);
	offers.sort((a, b) => b.score - a.score);
	const expansion: Expansion = { paths: [], parents: [], ended: [] };
	for (const { parent, token, score } of offers) {
		const { tokens } = paths[parent]!;
		if (token === endOfText) {
			expansion.ended.push({ tokens, score });
			continue;
		}
		expansion.paths.push({ tokens: [...tokens, token], score });
		expansion.parents.push(parent);
		if (expansion.paths.length === width) break;
	}
	return expansion;
}

/** One step of sampling: every path grows by one token drawn at `temperature`. */
export function expandSamples(
	paths: readonly Path[],
	rows: readonly Float32Array[],
	{ temperature, random, endOfText }: { temperature: number; random: () => number; endOfText: number },
): Expansion {
	const expansion: Expansion = { paths: [], parents: [], ended: [] };
	for (const [parent, { tokens, score }] of paths.entries()) {
		const row = rows[parent]!;
		const token = drawToken(row, temperature, random);
		const grown = score + row[token]! - logSumExp(row);
		if (token === endOfText) expansion.ended.push({ tokens, score: grown });
		else {
			expansion.paths.push({ tokens: [...tokens, token], score: grown });
			expansion.parents.push(parent);
		}
	}
	return expansion;
}

/** The `count` likeliest tokens with their log-probabilities, likeliest first; tokens taken out by a rule never. */
export function mostLikely(logits: Float32Array, count: number): Candidate[] {
	const best: Candidate[] = [];
	let least = -Infinity;
	for (let token = 0; token < logits.length; token++) {
		const logit = logits[token]!;
		if (!(logit > least)) continue;
		const place = best.findIndex((other) => logit > other.logProb);
		best.splice(place === -1 ? best.length : place, 0, { token, logProb: logit });
		if (best.length > count) best.pop();
		if (best.length === count) least = best[count - 1]!.logProb;
	}
	const total = logSumExp(logits, best[0]?.logProb);
	return best.map(({ token, logProb }) => ({ token, logProb: logProb - total }));
}

function drawToken(logits: Float32Array, temperature: number, random: () => number): number {
	const scaled = logits.map((logit) => logit / temperature);
	const total = logSumExp(scaled);
	let rest = random();
	let last = 0;
	for (let token = 0; token < scaled.length; token++) {
		if (scaled[token] === -Infinity) continue;
		rest -= Math.exp(scaled[token]! - total);
		last = token;
		if (rest < 0) break;
	}
	return last;
}

/** The path with the best mean log-probability of its tokens. */
export function bestPath(paths: readonly Path[]): Path {
	const mean = ({ tokens, score }: Path) => score / Math.max(1, tokens.length);
	return paths.reduce((best, path) => (mean(path) > mean(best) ? path : best));
}

/** Numbers from 0 to below 1 that are the same for the same seed, so that a transcription can be repeated (mulberry32). */
export function seededRandom(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
	};
}
