import { createClips, type ClipName, type Clips } from '../../../support/clips';
import { builds, mediaJob, runOperation, type MediaJob } from '../../../support/media';
import { fileOf, pixelsAt, streamsOf } from '../../../support/runtime';
import type { ProducedFile } from '../../../../src/vocabulary';

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

	const take = async (name: ClipName, amount: number, more: Record<string, unknown> = {}) =>
		runOperation('extract_frames', { video: { file: await clips.clip(name) }, amount, ...more }, job);

	it('takes the middle of equal parts, as many files as asked for', async () => {
		const result = await take('plain.mp4', 5, { format: 'png' });
		const frames = result.frames as ProducedFile[];
		expect(result).toMatchObject({ times: [0.1, 0.3, 0.5, 0.7, 0.9], warnings: [] });
		expect(frames.map(({ fileName, width, height }) => [fileName, width, height])).toEqual([1, 2, 3, 4, 5].map((number) => [`frame-${number}.png`, 160, 120]));
		for (const [index, number] of [2, 7, 12, 17, 22].entries()) expect(pixelsAt(fileOf(frames[index]), 0).equals(pixelsAt(await clips.clip('plain.mp4'), (number - 0.4) / 25))).toBe(true);
	});

	it('asked for more than there are takes each frame once, and says so', async () => {
		const result = await take('plain.mp4', 300, { format: 'png' });
		const frames = (result.frames as ProducedFile[]).map((frame) => pixelsAt(fileOf(frame), 0).toString('base64'));
		expect(new Set(frames).size).toBe(25);
		expect(frames).toHaveLength(25);
		expect(result.warnings).toEqual(['The video has 25 frames, fewer than the 300 asked for: each was taken once']);
	});

	it('goes by the length of the picture, not of a longer sound', async () => {
		await expect(take('sound-longer.mp4', 2)).resolves.toMatchObject({ times: [0.25, 0.75], warnings: [] });
	});

	it('of a picture that starts later than its sound, takes those between its start and its end', async () => {
		await expect(take('late-picture.mp4', 5)).resolves.toMatchObject({ times: [0.5, 0.7, 0.9, 1.1, 1.3], warnings: [] });
	});

	it('puts them on one contact sheet, each in its place', async () => {
		const { sheet, frames } = await take('plain.mp4', 4, { stitch: true, format: 'png', gap: 10, background: '#ff0000', maxWidth: 200 });
		expect(frames).toEqual([]);
		expect(sheet).toMatchObject({ fileName: 'contact-sheet.png', width: 200, height: 152 });
		const path = fileOf(sheet);
		expect(streamsOf(path).video).toMatchObject({ width: 200, height: 152 });
		const pixels = pixelsAt(path, 0);
		const pixel = (x: number, y: number) => [...pixels.subarray((y * 200 + x) * 3, (y * 200 + x) * 3 + 3)];
		expect([pixel(100, 10), pixel(10, 76)]).toEqual([[255, 0, 0], [255, 0, 0]]);
		expect(pixel(98 - 4, 5)).not.toEqual([255, 0, 0]);
	});

	it('in many pictures: a sheet is drawn in parts', async () => {
		const { sheet, times } = await take('sixty.mp4', 30, { stitch: true, columns: 10 });
		expect(times).toHaveLength(30);
		expect(sheet).toMatchObject({ width: 1600, height: 360, mimeType: 'image/jpeg' });
		const pixels = pixelsAt(fileOf(sheet), 0);
		const isWhite = (cell: number) => {
			const [x, y] = [(cell % 10) * 160 + 80, Math.floor(cell / 10) * 120 + 60];
			return pixels.subarray((y * 1600 + x) * 3, (y * 1600 + x) * 3 + 3).every((value) => value > 250);
		};
		expect(Array.from({ length: 30 }, (_, cell) => cell).filter(isWhite)).toEqual([]);
	});

	it('refuses a gap that leaves no room, and a colour that is none', async () => {
		await expect(take('plain.mp4', 25, { stitch: true, gap: 500 })).rejects.toMatchObject({ type: 'InvalidInput', code: 'sheet_too_small' });
		await expect(take('plain.mp4', 2, { stitch: true, background: 'reddishest' })).rejects.toMatchObject({ type: 'InvalidInput', field: 'background' });
	});
});
