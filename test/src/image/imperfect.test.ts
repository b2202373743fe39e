import { brightnessOf, makeImperfect, margin, type Imperfection } from '../../../src/image/imperfect';

const width = 12;
const height = 40;
const picture = Uint8ClampedArray.from({ length: width * height * 3 }, (_, index) => (index * 37 + ((index * index) % 91)) % 256);
const even = (r: number, g: number, b: number) => Uint8ClampedArray.from({ length: width * height * 3 }, (_, index) => [r, g, b][index % 3] ?? 0);
const make = (pixels: Uint8ClampedArray, how: Partial<Imperfection> = {}, mean = 0) => makeImperfect({ width, pixels }, { noise: 0, seed: 1, ...how }, { mean, firstRow: 0 });

describe('an imperfect picture', () => {
	it('of one colour gets a fifth of sepia and nothing else', () => {
		// Brightness 128: half way between 704214 and C0A080, which is 98714A.
		const [r, g, b] = make(even(128, 128, 128));
		expect([r, g, b]).toEqual([128 * 0.8 + 0.2 * (0x70 + (0x50 * 128) / 255), 128 * 0.8 + 0.2 * (0x42 + (0x5e * 128) / 255), 128 * 0.8 + 0.2 * (0x14 + (0x6c * 128) / 255)].map(Math.round));
		expect([...make(even(0, 0, 0)).subarray(0, 3)]).toEqual([22, 13, 4]);
		expect([...make(even(255, 255, 255)).subarray(0, 3)]).toEqual([242, 236, 230]);
	});

	it('gets grain that is the same on all parts of a pixel, within its bounds, around nothing', () => {
		const [clean, grainy] = [make(even(128, 128, 128)), make(even(128, 128, 128), { noise: 15 })];
		const grains = Array.from({ length: width * height }, (_, index) => ((grainy[index * 3 + 1] ?? 0) - (clean[1] ?? 0)) / 0.87);
		expect(Math.max(...grains)).toBeGreaterThan(12);
		expect(Math.max(...grains.map(Math.abs))).toBeLessThanOrEqual(16);
		expect(Math.abs(grains.reduce((sum, grain) => sum + grain, 0) / grains.length)).toBeLessThan(1.5);
		expect(new Set(grains).size).toBeGreaterThan(20);
	});

	it('is the same for the same seed, and another for another', () => {
		expect(make(picture, { noise: 15, seed: 7 })).toEqual(make(picture, { noise: 15, seed: 7 }));
		expect(make(picture, { noise: 15, seed: 7 })).not.toEqual(make(picture, { noise: 15, seed: 8 }));
	});

	it('loses its colours at colour 0, and has them stronger at 2', () => {
		const [r = 0, g = 0] = make(even(200, 100, 100), { color: 0 });
		expect(Math.abs(r - g)).toBeLessThan(12);
		const reddish = (color: number) => (make(even(150, 100, 100), { color })[0] ?? 0) - (make(even(150, 100, 100), { color })[1] ?? 0);
		expect(reddish(2)).toBeGreaterThan(reddish(1) + 30);
	});

	it('is all one grey at contrast 0: the mean of the picture', () => {
		const mean = brightnessOf(picture, undefined) / (width * height);
		const flat = make(picture, { contrast: 0 }, mean);
		expect(flat).toEqual(make(even(...(Array(3).fill(Math.round(mean)) as [number, number, number]))));
	});

	it('has its red a pixel to the right and its blue a pixel to the left', () => {
		const spot = even(0, 0, 0);
		for (let part = 0; part < 3; part++) spot[(20 * width + 6) * 3 + part] = 255;
		const result = make(spot);
		const brightest = (part: number) => Array.from({ length: width }, (_, x) => result[(20 * width + x) * 3 + part] ?? 0).reduce((best, value, x, row) => (value > (row[best] ?? 0) ? x : best), 0);
		expect([brightest(0), brightest(1), brightest(2)]).toEqual([7, 6, 5]);
	});

	it('comes out the same in strips as in one piece', () => {
		const how = { color: 1.4, contrast: 0.7, noise: 20, seed: 3 };
		const row = width * 3;
		const facts = { mean: brightnessOf(picture, how.color) / (width * height) };
		const whole = makeImperfect({ width, pixels: picture }, how, { ...facts, firstRow: 0 });
		const strips = [0, 7, 14, 21, 28, 35].flatMap((from) => {
			const [first, to] = [Math.max(0, from - margin), Math.min(height, from + 7)];
			const strip = makeImperfect({ width, pixels: picture.subarray(first * row, Math.min(height, to + margin) * row) }, how, { ...facts, firstRow: first });
			return [...strip.subarray((from - first) * row, (to - first) * row)];
		});
		expect(strips).toEqual([...whole]);
	});
});
