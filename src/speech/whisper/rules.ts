/** What the search has to know about a model's tokens. Ids from `timestampBegin` on are times, 0.02 s apart. */
export interface TokenRules {
	endOfText: number;
	noTimestamps: number;
	timestampBegin: number;
	/** Never sampled. */
	suppress: readonly number[];
	/** Not sampled first. */
	suppressFirst: readonly number[];
	/** The latest time, in steps of 0.02 s, that the first token may name. */
	latestStart: number;
}

/** Takes the tokens that may not follow `sampled` (what was sampled so far in this window) out of a row of logits, in place. */
export function applyRules(logits: Float32Array, sampled: readonly number[], rules: TokenRules): void {
	const { endOfText, timestampBegin, latestStart } = rules;
	for (const id of rules.suppress) logits[id] = -Infinity;
	logits[rules.noTimestamps] = -Infinity;
	if (sampled.length === 0) {
		for (const id of rules.suppressFirst) logits[id] = -Infinity;
		logits.fill(-Infinity, 0, timestampBegin);
		logits.fill(-Infinity, timestampBegin + latestStart + 1);
		return;
	}
	const isTime = (token: number | undefined) => token !== undefined && token >= timestampBegin;
	const afterTime = isTime(sampled.at(-1));
	const afterPair = afterTime && (sampled.length < 2 || isTime(sampled.at(-2)));
	if (afterPair) logits.fill(-Infinity, timestampBegin);
	else if (afterTime) logits.fill(-Infinity, 0, endOfText);
	const last = sampled.findLast(isTime);
	if (last !== undefined) logits.fill(-Infinity, timestampBegin, afterTime && !afterPair ? last : last + 1);
	if (timesOutweighText(logits, timestampBegin)) logits.fill(-Infinity, 0, timestampBegin);
}

/** Whether all times together are likelier than the likeliest text token. */
function timesOutweighText(logits: Float32Array, timestampBegin: number): boolean {
	return logSumExp(logits.subarray(timestampBegin)) > maximum(logits.subarray(0, timestampBegin));
}

function maximum(logits: Float32Array): number {
	let most = -Infinity;
	for (let i = 0; i < logits.length; i++) if (logits[i]! > most) most = logits[i]!;
	return most;
}

/** Further than this below the largest value, all exponentials of a vocabulary together add less than a millionth. */
const negligible = 25;

const { exp, log } = Math;

/** `most` is the largest of them, where it is known. */
export function logSumExp(logits: Float32Array, most = maximum(logits)): number {
	if (most === -Infinity) return -Infinity;
	let sum = 0;
	for (let i = 0; i < logits.length; i++) {
		const below = logits[i]! - most;
		if (below > -negligible) sum += exp(below);
	}
	return most + log(sum);
}

/** Probability of one token in a row of logits as the model gave it. */
export const probability = (logits: Float32Array, token: number) => exp(logits[token]! - logSumExp(logits));

/** Probabilities of `tokens` among themselves, e.g. of the languages. */
export function softmaxOver(logits: Float32Array, tokens: readonly number[]): number[] {
	const chosen = Float32Array.from(tokens, (token) => logits[token]!);
	const total = logSumExp(chosen);
	return Array.from(chosen, (logit) => exp(logit - total));
}
