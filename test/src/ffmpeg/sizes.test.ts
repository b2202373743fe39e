import { aspectRatio, contain, cover, even } from '../../../src/ffmpeg/sizes';

it('makes sides even, never 0', () => {
	expect([1, 63, 64, 161.2, 0.4].map(even)).toEqual([2, 64, 64, 162, 2]);
});

it('fits any shape into a box without leaving it, with even sides', () => {
	for (const source of [{ width: 161, height: 121 }, { width: 9, height: 1600 }, { width: 1920, height: 1 }, { width: 640, height: 358 }])
		for (const box of [{ width: 640, height: 360 }, { width: 63, height: 65 }, { width: 1080, height: 1920 }]) {
			const { width, height } = contain(source, box);
			expect([width % 2, height % 2]).toEqual([0, 0]);
			expect(width).toBeLessThanOrEqual(box.width);
			expect(height).toBeLessThanOrEqual(box.height);
			expect(Math.min(width, height)).toBeGreaterThanOrEqual(2);
		}
	expect(contain({ width: 1920, height: 1080 }, { width: 640, height: 640 })).toEqual({ width: 640, height: 360 });
});

it('covers a box with any shape', () => {
	expect(cover({ width: 200, height: 100 }, { width: 1080, height: 1920 })).toEqual({ width: 3840, height: 1920 });
	expect(cover({ width: 100, height: 200 }, { width: 1920, height: 1080 })).toEqual({ width: 1920, height: 3840 });
});

it('names shapes as people do', () => {
	expect(aspectRatio({ width: 1920, height: 1080 })).toBe('16:9');
});
