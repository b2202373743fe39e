import { createClips, type Clips } from '../../../support/clips';
import { builds, mediaJob, runOperation, type MediaJob } from '../../../support/media';
import { fileOf, pixelsAt, streamsOf } from '../../../support/runtime';

let clips: Clips;
beforeAll(async () => {
	clips = await createClips();
});
afterAll(() => clips.remove());

describe.each(builds)('with $name', ({ paths }) => {
	let job: MediaJob;
	beforeEach(async () => {
		job = await mediaJob(paths);
	});
	afterEach(() => job.remove());

	const make = async (file: string, more: Record<string, unknown> = {}) => {
		const { image, seed, warnings } = await runOperation('make_image_imperfect', { image: { file }, ...more }, job);
		return { image, seed, warnings, path: fileOf(image), pixels: pixelsAt(fileOf(image), 0) };
	};

	it('keeps the size, and is the same again for its seed', async () => {
		const path = await clips.clip('picture.png');
		const first = await make(path);
		expect(first.image).toMatchObject({ fileName: 'imperfect.jpg', mimeType: 'image/jpeg', width: 200, height: 100 });
		expect(streamsOf(first.path).video).toMatchObject({ width: 200, height: 100, pix_fmt: 'yuvj444p' });
		expect(first.warnings).toEqual([]);
		expect((await make(path, { seed: first.seed })).pixels.equals(first.pixels)).toBe(true);
		expect((await make(path)).pixels.equals(first.pixels)).toBe(false);
	});

	it('takes transparent, turned and odd pictures', async () => {
		const { pixels } = await make(await clips.clip('transparent.png'), { noise: 0 });
		expect(Math.min(...pixels.subarray(0, 3))).toBeGreaterThan(220);
		await expect(make(await clips.turned(6))).resolves.toMatchObject({ image: { width: 100, height: 200 } });
		await expect(make(await clips.pixelBomb(33), { contrast: 1.5, color: 0.5 })).resolves.toMatchObject({ image: { width: 33, height: 33 } });
	});

	it('is drawn strip by strip where the picture is large', async () => {
		const { pixels } = await make(await clips.pixelBomb(1500), { noise: 0, contrast: 1 });
		expect(pixels).toHaveLength(1500 * 1500 * 3);
		expect(Math.max(...new Set(pixels))).toBeLessThan(26);
	});

	it.each([
		[{ noise: 101 }, 'noise'],
		[{ color: 2.1 }, 'color'],
		[{ contrast: -1 }, 'contrast'],
		[{ seed: 0.5 }, 'seed'],
	])('refuses %j', async (wrong, field) => {
		await expect(make(await clips.clip('picture.png'), wrong)).rejects.toMatchObject({ type: 'InvalidInput', field });
	});

	it('refuses what is no picture', async () => {
		await expect(make(await clips.clip('plain.mp4'))).rejects.toMatchObject({ code: 'no_picture', field: 'image' });
	});
});
