import { f32, i64, zeros, type Model, type Tensor } from '../../../../gpu-runtime/engines/onnx';
import { idOf, size, special, timestampBegin } from '../../../support/models/whisper/vocabulary';

const end = idOf('endoftext');
const isTime = (token: number | undefined) => token !== undefined && token >= timestampBegin;

/** Log-probabilities of what may follow, computed anew from the whole text: no cache, no batch, each rule as a question about one token. */
export function bruteForce(decoder: Model, heard: Tensor) {
	async function logits(tokens: readonly number[]): Promise<Float32Array> {
		const pasts = decoder.inputs.filter(({ name }) => name.startsWith('past'));
		const outputs = await decoder.run({
			...Object.fromEntries(pasts.map(({ name, type, shape }) => [name, zeros(type, [1, Number(shape[1]), 0, Number(shape[3])])])),
			input_ids: i64(tokens, [1, tokens.length]),
			encoder_hidden_states: heard,
			use_cache_branch: { type: 'bool', data: Uint8Array.of(0), dims: [1] },
		});
		return (outputs.logits?.data as Float32Array).slice(-size);
	}

	async function following(prompt: readonly number[], sampled: readonly number[]): Promise<Map<number, number>> {
		const row = await logits([...prompt, ...sampled]);
		const legal = [...row.keys()].filter((token) => mayFollow(token, sampled));
		const texts = legal.filter((token) => !isTime(token)).map((token) => row[token]!);
		const times = legal.filter(isTime);
		const together = Math.log(times.reduce((sum, token) => sum + Math.exp(row[token]!), 0));
		const left = together > Math.max(...texts) ? times : legal;
		const total = Math.log(left.reduce((sum, token) => sum + Math.exp(row[token]!), 0));
		return new Map(left.map((token) => [token, row[token]! - total]));
	}

	/** Beam search as it is described: the best texts of all, ends set aside until there are enough. */
	async function search(prompt: readonly number[], width: number, maxTokens: number): Promise<{ tokens: number[]; score: number }> {
		let beams: { tokens: number[]; score: number }[] = [{ tokens: [], score: 0 }];
		const ended: typeof beams = [];
		for (let step = 0; step < maxTokens && ended.length < width; step++) {
			const all: typeof beams = [];
			for (const { tokens, score } of beams) {
				for (const [token, logProb] of await following(prompt, tokens)) all.push({ tokens: [...tokens, token], score: score + logProb });
			}
			all.sort((a, b) => b.score - a.score);
			beams = all.filter(({ tokens }) => tokens.at(-1) !== end).slice(0, width);
			const worst = beams.at(-1)?.score ?? -Infinity;
			const newly = all.filter(({ tokens, score }) => tokens.at(-1) === end && score > worst).map(({ tokens, score }) => ({ tokens: tokens.slice(0, -1), score }));
			ended.push(...newly.slice(0, width - ended.length));
		}
		const candidates = [...ended, ...beams.slice(0, width - ended.length)];
		return candidates.sort((a, b) => b.score / b.tokens.length - a.score / a.tokens.length)[0]!;
	}

	return { search };
}

const controls = new Set([...special.values()].filter((token) => token !== end));

function mayFollow(token: number, sampled: readonly number[]): boolean {
	if (controls.has(token)) return false;
	if (sampled.length === 0) return isTime(token) && token <= timestampBegin + 50;
	const [before, last] = [sampled.at(-2), sampled.at(-1)];
	const afterPair = isTime(last) && (sampled.length === 1 || isTime(before));
	if (!isTime(token)) return token === end || afterPair || !isTime(last);
	if (afterPair) return false;
	const latest = Math.max(...sampled.filter(isTime), 0);
	return isTime(last) ? token >= latest : token > latest;
}

export const noisyWindow = (seed: number) => {
	let state = seed;
	return f32(Float32Array.from({ length: 80 * 3000 }, () => ((state = (state * 48271) % 2147483647) / 2147483647) * 2 - 1), [1, 80, 3000]);
};
