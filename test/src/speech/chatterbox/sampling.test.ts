import {
	keepBest,
	keepLikely,
	keepNucleus,
	penalizeRepetition,
	randomFrom,
	sampleOriginal,
	sampleTurbo,
	softmax,
} from '../../../../src/speech/chatterbox/sampling';

const scores = (...values: number[]) => Float32Array.from(values);
const ruledOut = -Infinity;
const rounded = (values: Float32Array) => Array.from(values, (value) => Math.round(value * 1000) / 1000);

describe('the steps', () => {
	it('make what came before less likely, once however often it came, whatever its sign', () => {
		expect(rounded(penalizeRepetition(scores(2.4, -1, 3), [0, 0, 1], 1.2))).toEqual([2, -1.2, 3]);
	});

	it('rule out what is less likely than a share of the best', () => {
		expect(rounded(keepLikely(scores(0, -2, -4), 0.05))).toEqual([0, -2, ruledOut]);
	});

	it('keep the best ones', () => {
		expect(rounded(keepBest(scores(1, 4, 3, 2), 2))).toEqual([ruledOut, 4, 3, ruledOut]);
		expect(rounded(keepBest(scores(1, 2), 1000))).toEqual([1, 2]);
	});

	it('keep the smallest set that is likely enough', () => {
		const chances = scores(0.5, 0.3, 0.15, 0.05).map(Math.log);
		expect(Array.from(keepNucleus(chances, 0.9), (score) => score !== ruledOut)).toEqual([true, true, true, false]);
		expect(Array.from(keepNucleus(chances, 0.79), (score) => score !== ruledOut)).toEqual([true, true, false, false]);
	});

	it('turn scores into chances that sum up to 1', () => {
		expect(rounded(softmax(scores(Math.log(1), Math.log(3), ruledOut)))).toEqual([0.25, 0.75, 0]);
	});
});

/** How often each token is chosen in many draws. */
function shares(draw: (random: () => number) => number, tokens: number, draws = 20_000): number[] {
	const random = randomFrom(1);
	const counts = new Array<number>(tokens).fill(0);
	for (let n = 0; n < draws; n++) counts[draw(random)]!++;
	return counts.map((count) => count / draws);
}

describe('the original', () => {
	it('draws by the chances after the penalty and the temperature', () => {
		const [first = 0, second = 0] = shares((random) => sampleOriginal(scores(1.2, 0.5), [0], { temperature: 0.5, random }), 2);
		const expected = Math.exp(2) / (Math.exp(2) + Math.exp(1));
		expect(first).toBeCloseTo(expected, 1);
		expect(second).toBeCloseTo(1 - expected, 1);
	});

	it('applies the smallest probability after the temperature', () => {
		// 3 apart is 5 % of the best at temperature 1; half the temperature makes it 0.25 %, double 22 %.
		const unlikely = (temperature: number) => shares((random) => sampleOriginal(scores(0, -2.9), [], { temperature, random }), 2)[1];
		expect(unlikely(0.5)).toBe(0);
		expect(unlikely(2)).toBeGreaterThan(0.1);
	});
});

describe('Turbo', () => {
	it('chooses the set before the penalty and draws after it', () => {
		// Without penalty the first has 97 %: the set is the first alone, whatever the penalty makes of it later.
		const alone = shares((random) => sampleTurbo(scores(3.5, 0), [0], { temperature: 1, random }), 2);
		expect(alone).toEqual([1, 0]);
		// The original penalizes first, which leaves the second token its chance.
		const original = shares((random) => sampleOriginal(scores(3.5, 0.6), [0], { temperature: 1, random }), 2);
		expect(original[1]).toBeGreaterThan(0.05);
	});

	it('never draws beyond the thousand best', () => {
		const flat = new Float32Array(1500).fill(0);
		flat.fill(1, 0, 1000);
		const drawn = shares((random) => sampleTurbo(flat, [], { temperature: 5, random }), 1500, 200);
		expect(drawn.slice(1000).every((share) => share === 0)).toBe(true);
	});
});

it('scores that are no numbers are an error, not a token', () => {
	expect(() => sampleOriginal(scores(1, NaN), [], { temperature: 1, random: () => 0.5 })).toThrow(/no numbers.*another precision/i);
});

it('the same seed draws the same numbers, another one others', () => {
	const draw = (seed: number) => Array.from({ length: 5 }, randomFrom(seed));
	expect(draw(7)).toEqual(draw(7));
	expect(draw(7)).not.toEqual(draw(8));
	expect(draw(4_294_967_295).every((number) => number >= 0 && number < 1)).toBe(true);
});
