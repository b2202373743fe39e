import { layOut } from '../../../src/ffmpeg/sheet';

const limits = { maxWidth: 1920, maxHeight: 1080, gap: 0 };
const pictures = (count: number, width = 100, height = 50) => Array.from({ length: count }, () => ({ width, height }));

describe('a sheet', () => {
	it.each([
		[1, undefined, [100, 50]],
		[2, undefined, [200, 50]],
		[5, undefined, [300, 100]],
		[9, undefined, [300, 150]],
		[10, undefined, [400, 150]],
		[5, 1, [100, 250]],
		[3, 50, [300, 50]],
	] as const)('of %i pictures in %s columns is %j', (count, columns, [width, height]) => {
		expect(layOut(pictures(count), { ...limits, columns })).toMatchObject({ width, height });
	});

	it('has its pictures row by row, with gaps between them', () => {
		const sheet = layOut(pictures(3), { ...limits, columns: 2, gap: 10 });
		expect(sheet).toEqual({ width: 210, height: 110, places: [{ x: 0, y: 0, width: 100, height: 50 }, { x: 110, y: 0, width: 100, height: 50 }, { x: 0, y: 60, width: 100, height: 50 }] });
	});

	it('never enlarges, and puts smaller pictures in the middle of their cell', () => {
		const { places } = layOut([{ width: 100, height: 50 }, { width: 40, height: 80 }], limits);
		expect(places).toEqual([{ x: 0, y: 15, width: 100, height: 50 }, { x: 130, y: 0, width: 40, height: 80 }]);
	});

	it.each([1, 2, 7, 100])('fits %i large pictures of any shape into its limits, none stretched', (count) => {
		const mixed = Array.from({ length: count }, (_, index) => ({ width: 1000 + index * 37, height: 4000 - index * 31 }));
		const { width, height, places } = layOut(mixed, { ...limits, gap: 3 });
		expect(width).toBeLessThanOrEqual(1920);
		expect(height).toBeLessThanOrEqual(1080);
		places.forEach((place, index) => {
			const own = mixed[index] ?? { width: 1, height: 1 };
			// Sides are whole pixels.
			const ratio = own.width / own.height;
			expect(Math.abs(place.width - place.height * ratio)).toBeLessThan(1 + ratio);
			expect(place.x + place.width).toBeLessThanOrEqual(width);
			expect(place.y + place.height).toBeLessThanOrEqual(height);
		});
	});

	it('that leaves no room for its pictures is refused', () => {
		expect(() => layOut(pictures(100), { ...limits, gap: 300 })).toThrow('Expected room for 10 × 10 pictures');
		expect(() => layOut(pictures(100), { maxWidth: 16, maxHeight: 16, gap: 0, columns: 100 })).toThrow('Expected room');
	});
});
