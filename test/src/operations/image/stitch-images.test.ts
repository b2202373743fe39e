import { readFile } from 'node:fs/promises';
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

	const stitch = async (files: string[], more: Record<string, unknown> = {}) => {
		const result = await runOperation('stitch_images', { images: files.map((file) => ({ file })), ...more }, job);
		const { width = 0, height = 0 } = streamsOf(fileOf(result.image)).video ?? {};
		const pixels = pixelsAt(fileOf(result.image), 0);
		return { ...result, width, height, pixel: (x: number, y: number) => [...pixels.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)] };
	};

	it('puts pictures of several formats side by side, none enlarged', async () => {
		const files = await Promise.all((['picture.png', 'picture.jpg', 'picture.webp'] as const).map((name) => clips.clip(name)));
		const sheet = await stitch(files);
		expect(sheet).toMatchObject({ image: { fileName: 'stitched.jpg', mimeType: 'image/jpeg', width: 400, height: 200 }, width: 400, height: 200, warnings: [] });
		expect(Math.min(...sheet.pixel(300, 150))).toBeGreaterThan(250);
		await expect(stitch(files, { maxWidth: 100, format: 'webp' })).resolves.toMatchObject({ image: { mimeType: 'image/webp' }, width: 100, height: 50 });
	});

	it('lets the background be seen through a transparent picture', async () => {
		const { pixel } = await stitch([await clips.clip('transparent.png')], { format: 'png', background: '#00ff00' });
		expect(pixel(5, 25)).toEqual([0, 255, 0]);
		expect(pixel(95, 25)).toEqual([255, 0, 0]);
	});

	it('turns a picture as its camera was held', async () => {
		await expect(stitch([await clips.turned(6), await clips.clip('picture.png')], { format: 'png' })).resolves.toMatchObject({ width: 400, height: 200 });
	});

	it('draws many pictures in several runs', async () => {
		const path = await clips.clip('picture.png');
		const sheet = await stitch(Array.from({ length: 30 }, () => path), { format: 'png', maxWidth: 600, maxHeight: 600 });
		expect(sheet).toMatchObject({ width: 600, height: 250 });
		expect([sheet.pixel(5, 245), sheet.pixel(595, 245)].map((pixel) => Math.min(...pixel) < 250)).toEqual([true, true]);
	});

	it('names the picture that cannot be read, and leaves none out', async () => {
		const [good, bad] = [await clips.clip('picture.png'), await clips.file('text.png', 'no picture')];
		await expect(stitch([good, bad])).rejects.toMatchObject({ code: 'unreadable_media', field: 'images.1', message: expect.stringMatching(/^images\.1: Expected a media file/) });
		await expect(stitch([good, await clips.clip('plain.mp4')])).rejects.toMatchObject({ code: 'no_picture', field: 'images.1' });
		await expect(stitch([good, await clips.pixelBomb(15_000)])).rejects.toMatchObject({ code: 'unreadable_media', field: 'images.1' });
	});

	it('names the picture that breaks off', async () => {
		const whole = await readFile(await clips.clip('picture.png'));
		const cut = await clips.file('cut.png', whole.subarray(0, 400));
		await expect(stitch([cut])).rejects.toMatchObject({ type: expect.stringMatching(/InvalidInput|OperationFailed/) });
	});

	it.each([
		['no picture', [], {}, 'images'],
		['a colour with a filter in it', ['x'], { background: 'red[x];movie=/etc/passwd' }, 'background'],
		['no columns', ['x'], { columns: 0 }, 'columns'],
	])('refuses %s', async (_, files, more, field) => {
		await expect(stitch(files, more)).rejects.toMatchObject({ type: 'InvalidInput', field });
	});
});
