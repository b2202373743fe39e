import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createClips, type ClipName, type Clips } from '../../../support/clips';
import { builds, mediaJob, runOperation, type MediaJob } from '../../../support/media';
import { ffmpeg, fileOf, pixelsAt, streamsOf } from '../../../support/runtime';

let clips: Clips;
beforeAll(async () => {
	clips = await createClips();
});
afterAll(() => clips.remove());

/** Mean difference of two pictures, 0 to 255. */
const difference = (one: Buffer, other: Buffer) => (one.length === other.length ? one.reduce((sum, value, at) => sum + Math.abs(value - (other[at] ?? 0)), 0) / one.length : Infinity);

/** The frame of a clip by its number, the slow way: all are decoded. */
async function frame(name: ClipName, number: number): Promise<Buffer> {
	const all = execFileSync(ffmpeg, ['-v', 'quiet', '-i', await clips.clip(name), '-map', '0:v:0', '-vsync', '0', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'], { maxBuffer: 1e9 });
	const size = 160 * 120 * 3;
	return all.subarray(number * size, (number + 1) * size);
}

describe.each(builds)('with $name', ({ paths }) => {
	let job: MediaJob;
	beforeEach(async () => {
		job = await mediaJob(paths);
	});
	afterEach(() => job.remove());

	const take = async (name: ClipName, timestamp: number, more: Record<string, unknown> = {}) => {
		const { frame, time, warnings } = await runOperation('extract_frame', { video: { file: await clips.clip(name) }, timestamp, format: 'png', ...more }, job);
		return { frame, time, warnings, path: fileOf(frame) };
	};

	it.each([
		[0, 0],
		[0.04, 1],
		[0.5, 12],
		[0.515, 12],
		[0.52, 13],
		[0.96, 24],
		[0.99, 24],
		[-1, 0],
		[-0.5, 12],
	])('at %f s is the frame that is shown then', async (timestamp, number) => {
		const { path, warnings } = await take('plain.mp4', timestamp);
		expect(difference(pixelsAt(path, 0), await frame('plain.mp4', number))).toBe(0);
		expect(warnings).toEqual([]);
	});

	// The picture of the Matroska files begins 0.02 s late, after the sound's lead-in.
	it.each([['ntsc.mp4', 30_000 / 1001, 0, [1, 17, 29]], ['sixty.mp4', 60, 0, [31, 59]], ['plain.mkv', 25, 0.03, [1, 24]], ['plain.webm', 25, 0.03, [12]]] as const)('%s: every frame at its own time, rounded to 1 ms', async (name, rate, late, numbers) => {
		for (const number of numbers) {
			const { path } = await take(name, Math.round((number / rate + late) * 1000) / 1000);
			expect(difference(pixelsAt(path, 0), await frame(name, number))).toBe(0);
		}
	});

	// Those before, at and after a key frame, and those so near that a seek beyond them meets the next one.
	it.each([
		['groups.mp4', [0, 8, 11, 12, 13, 24, 35, 49]],
		['open-groups.mp4', [11, 12, 13, 22, 23, 24]],
		['groups.mkv', [0, 11, 12, 13]],
	] as const)('%s: every frame exactly, wherever the key frames are', async (name, numbers) => {
		for (const number of numbers) {
			const { path } = await take(name, number / 25);
			expect([number, difference(pixelsAt(path, 0), await frame(name, number))]).toEqual([number, 0]);
		}
	});

	it('of variable rate: the frame that is still shown, however long ago it came', async () => {
		// After the first 20 only every fourth of 30 frames a second is there: that of 1.067 s is shown for 0.133 s.
		const { path } = await take('variable.mp4', 1.067);
		const { path: later } = await take('variable.mp4', 1.19);
		expect(difference(pixelsAt(path, 0), await frame('variable.mp4', 23))).toBe(0);
		expect(await readFile(later)).toEqual(await readFile(path));
	});

	it.each([
		['plain.mp4', 1, 24],
		['plain.mp4', 99, 24],
		['sound-longer.mp4', 1.5, 24],
		['picture-longer.mp4', 2, 49],
		['sixty.mp4', 5, 59],
	] as const)('%s at or past the end, %f s, gives the last frame and says so', async (name, timestamp, number) => {
		const { path, warnings, time } = await take(name, timestamp);
		expect(difference(pixelsAt(path, 0), await frame(name, number))).toBe(0);
		expect(warnings).toEqual([expect.stringMatching(/^The video ends at \d(\.\d+)? s, before .* its last frame was taken$/)]);
		expect(time).toBeCloseTo(number / (name === 'sixty.mp4' ? 60 : 25), 2);
	});

	it('a picture that starts later than its sound: every frame at its own time in the file', async () => {
		for (const [timestamp, number] of [[0.1, 0], [0.4, 0], [0.9, 12], [1.38, 24], [-0.5, 12]] as const) {
			const { path, warnings } = await take('late-picture.mp4', timestamp);
			expect([timestamp, difference(pixelsAt(path, 0), await frame('plain.mp4', number)), warnings]).toEqual([timestamp, 0, []]);
		}
		await expect(take('late-picture.mp4', 1.4)).resolves.toMatchObject({ warnings: [expect.stringContaining('ends at 1.4 s')], time: 1.36 });
	});

	it('further back than the video is long gives the first frame and says so', async () => {
		const { path, warnings } = await take('plain.mp4', -5);
		expect(difference(pixelsAt(path, 0), await frame('plain.mp4', 0))).toBe(0);
		expect(warnings).toEqual([expect.stringContaining('its first frame was taken')]);
	});

	it.each([
		['rotated.mp4', { width: 120, height: 160 }],
		['anamorphic.mp4', { width: 240, height: 120 }],
		['odd.mp4', { width: 161, height: 121 }],
		['hdr.mp4', { width: 160, height: 120 }],
		['ten-bit.mp4', { width: 160, height: 120 }],
	] as const)('%s comes out as it is shown', async (name, size) => {
		const { frame: file, path, warnings } = await take(name, 0.5, { format: 'jpg' });
		expect(file).toMatchObject({ fileName: 'frame.jpg', mimeType: 'image/jpeg', ...size });
		expect(streamsOf(path).video).toMatchObject({ codec_name: 'mjpeg', ...size });
		expect(warnings).toEqual([]);
	});

	it.each(['jpg', 'png', 'webp'])('keeps the colours of a video of high definition as %s', async (format) => {
		const { path } = await take('bt709.mp4', 0.5, { format });
		const [r = 0, g = 0, b = 0] = pixelsAt(path, 0);
		expect(Math.max(Math.abs(r - 220), Math.abs(g - 40), Math.abs(b - 60))).toBeLessThan(5);
	});

	it.each([
		[{ width: 80 }, { width: 80, height: 60 }],
		[{ height: 240 }, { width: 320, height: 240 }],
		[{ width: 100, height: 60 }, { width: 80, height: 60 }],
	])('asked for %j keeps its shape: %j', async (wanted, size) => {
		const { frame: file, path } = await take('plain.mp4', 0.5, wanted);
		expect(file).toMatchObject(size);
		expect(streamsOf(path).video).toMatchObject(size);
	});

	it.each([['tone.wav', 'sound only'], ['covered.mp3', 'sound only'], ['picture.png', 'a single picture']] as const)('refuses %s, which is no video', async (name, reason) => {
		await expect(take(name, 0)).rejects.toMatchObject({ code: 'no_video', field: 'video', message: expect.stringContaining(reason) });
	});
});
