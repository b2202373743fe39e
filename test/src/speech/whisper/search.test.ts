import { bestPath, expandBeams, expandSamples, mostLikely, seededRandom, type Path } from '../../../../src/speech/whisper/search';

const end = 3;
const row = (...chances: number[]) => Float32Array.from(chances, Math.log);
const paths = (...given: [number[], number][]): Path[] => given.map(([tokens, score]) => ({ tokens, score }));

it('the likeliest tokens come first, equal ones by their number, forbidden ones never', () => {
	expect(mostLikely(row(0.2, 0.4, 0.4, 0), 4).map(({ token }) => token)).toEqual([1, 2, 0]);
	expect(mostLikely(row(0.2, 0.4, 0.4), 1)[0]?.logProb).toBeCloseTo(Math.log(0.4));
});

it('beams keep the best texts of all, and tell which beam each grew from', () => {
	const rows = [row(0.5, 0.3, 0.2, 0), row(0.9, 0.05, 0.05, 0)];
	const grown = expandBeams(paths([[0], Math.log(0.3)], [[1], Math.log(0.7)]), rows, 2, end);
	expect(grown.paths.map(({ tokens }) => tokens)).toEqual([[1, 0], [0, 0]]);
	expect(grown.parents).toEqual([1, 0]);
	expect(grown.paths[0]?.score).toBeCloseTo(Math.log(0.63));
});

it('an ended text frees its place for another, and keeps the score of its end', () => {
	const grown = expandBeams(paths([[], 0]), [row(0.3, 0.2, 0.1, 0.4)], 2, end);
	expect(grown.ended).toEqual([{ tokens: [], score: expect.closeTo(Math.log(0.4)) as number }]);
	expect(grown.paths.map(({ tokens }) => tokens)).toEqual([[0], [1]]);
});

it('an end that is worse than every beam that goes on is dropped', () => {
	expect(expandBeams(paths([[], 0]), [row(0.5, 0.3, 0.1, 0.1)], 2, end).ended).toEqual([]);
});

it('one beam is greedy search', () => {
	expect(expandBeams(paths([[], 0]), [row(0.1, 0.6, 0.2, 0.1)], 1, end).paths[0]?.tokens).toEqual([1]);
	expect(expandBeams(paths([[], 0]), [row(0.1, 0.2, 0.1, 0.6)], 1, end).ended).toHaveLength(1);
});

it('the best text is the one with the best mean, so that a short one is not favoured', () => {
	expect(bestPath(paths([[0], -1], [[0, 1, 2], -1.5])).tokens).toEqual([0, 1, 2]);
});

it('drawn tokens follow their chances, sharper at a low temperature', () => {
	const random = seededRandom(1);
	const share = (temperature: number) => {
		const many = new Array<Path>(2000).fill({ tokens: [], score: 0 });
		const rows = many.map(() => row(0.6, 0.4, 0, 0));
		return expandSamples(many, rows, { temperature, random, endOfText: end }).paths.filter(({ tokens }) => tokens[0] === 0).length / 2000;
	};
	expect(share(1)).toBeCloseTo(0.6, 1);
	expect(share(0.2)).toBeGreaterThan(0.85);
});

it('the score of a drawn token is its chance without the temperature', () => {
	const { paths: [grown] } = expandSamples(paths([[], 0]), [row(0.5, 0.5, 0, 0)], { temperature: 0.1, random: () => 0.9, endOfText: end });
	expect(grown).toEqual({ tokens: [1], score: expect.closeTo(Math.log(0.5)) as number });
});

it('the same seed draws the same numbers', () => {
	const [a, b, c] = [seededRandom(5), seededRandom(5), seededRandom(6)];
	const first = [a(), a(), a()];
	expect([b(), b(), b()]).toEqual(first);
	expect([c(), c(), c()]).not.toEqual(first);
	expect(first.every((number) => number >= 0 && number < 1)).toBe(true);
});
