import { applyRules, logSumExp, probability, softmaxOver, type TokenRules } from '../../../../src/speech/whisper/rules';

/** Text 0 to 9, end 10, a special 11, no timestamps 12, times from 13 on. */
const rules: TokenRules = { endOfText: 10, noTimestamps: 12, timestampBegin: 13, suppress: [3, 11], suppressFirst: [10], latestStart: 2 };
const size = 20;

function allowed(sampled: number[], given: Record<number, number> = {}): number[] {
	const logits = Float32Array.from({ length: size }, (_, id) => given[id] ?? (id < 13 ? 0 : -5));
	applyRules(logits, sampled, rules);
	return [...logits.keys()].filter((id) => logits[id] !== -Infinity);
}
const text = [0, 1, 2, 4, 5, 6, 7, 8, 9];

it('the first token is a time of at most the latest start', () => {
	expect(allowed([])).toEqual([13, 14, 15]);
});

it('after the first time there is text or the end, never a time, and suppressed tokens never', () => {
	expect(allowed([13])).toEqual([...text, 10]);
});

it('after text anything but an earlier or equal time', () => {
	expect(allowed([14, 5])).toEqual([...text, 10, 15, 16, 17, 18, 19]);
});

it('after text and a time comes the end or a time that is not before it: only the second of a pair may be equal', () => {
	expect(allowed([13, 5, 15])).toEqual([10, 15, 16, 17, 18, 19]);
});

it('after a pair of times there is no third, and the next one lies above', () => {
	expect(allowed([13, 5, 15, 15])).toEqual([...text, 10]);
	expect(allowed([13, 5, 15, 15, 6])).toEqual([...text, 10, 16, 17, 18, 19]);
});

it('text is forbidden when all times together are likelier than any of it', () => {
	const times = Object.fromEntries([14, 15, 16, 17, 18, 19].map((id) => [id, -1]));
	expect(allowed([13, 5], times)).toEqual([14, 15, 16, 17, 18, 19]);
	expect(allowed([13, 5], { ...times, 5: 2 })).toContain(5);
});

it('the logarithm of a sum of exponentials neither overflows nor minds forbidden tokens', () => {
	expect(logSumExp(Float32Array.of(1000, 1000))).toBeCloseTo(1000 + Math.log(2));
	expect(logSumExp(Float32Array.of(-Infinity, 2))).toBeCloseTo(2);
	expect(logSumExp(Float32Array.of(-Infinity))).toBe(-Infinity);
	expect(logSumExp(Float32Array.of(0, -26))).toBeCloseTo(0, 6);
});

it('probabilities are those among all tokens, or among the asked ones', () => {
	const logits = Float32Array.from([1, 2, 3], Math.log);
	expect(probability(logits, 2)).toBeCloseTo(0.5);
	expect(softmaxOver(logits, [0, 2])).toEqual([expect.closeTo(0.25), expect.closeTo(0.75)]);
});
