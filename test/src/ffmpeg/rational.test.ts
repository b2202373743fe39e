import { frameRate, nearestStandard, parseRational, printRational, rationalOf } from '../../../src/ffmpeg/rational';

it.each([
	['30000/1001', { num: 30_000, den: 1001 }],
	['25', { num: 25, den: 1 }],
	['4:3', { num: 4, den: 3 }],
	['0/0', undefined],
	['0:1', undefined],
	['N/A', undefined],
	[undefined, undefined],
])('reads %s', (text, expected) => {
	expect(parseRational(text)).toEqual(expected);
});

it('makes exact rates of the numbers that people write', () => {
	expect([23.976, 24, 29.97, 59.94, 60, 12.5].map((fps) => printRational(rationalOf(fps)))).toEqual(['24000/1001', '24/1', '30000/1001', '60000/1001', '60/1', '25/2']);
});

it('takes a rate that times were rounded in for the one that was meant', () => {
	expect(frameRate({ num: 19_001, den: 634 }, { num: 30_000, den: 1001 })).toEqual({ fps: { num: 30_000, den: 1001 }, variable: false });
});

it('keeps an unusual constant rate', () => {
	expect(frameRate({ num: 15, den: 1 }, { num: 15, den: 1 })).toEqual({ fps: { num: 15, den: 1 }, variable: false });
});

it('gives a variable rate its nearest usual one', () => {
	expect(frameRate({ num: 274, den: 10 }, { num: 90_000, den: 1 })).toEqual({ fps: nearestStandard({ num: 274, den: 10 }), variable: true });
});

it('uses the base rate where there is no average', () => {
	expect(frameRate(undefined, { num: 24, den: 1 })).toEqual({ fps: { num: 24, den: 1 }, variable: false });
	expect(frameRate(undefined, undefined)).toBeUndefined();
});
