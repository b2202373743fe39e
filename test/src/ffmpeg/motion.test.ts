import { readFile } from 'node:fs/promises';
import { chain, filter, printGraph } from '../../../src/ffmpeg/graph';
import { moving, panDirections, panSpeeds, type Background, type Canvas, type Motion } from '../../../src/ffmpeg/motion';
import { loopedInput, stillInput, upright } from '../../../src/ffmpeg/picture';
import type { Rational } from '../../../src/probe';
import type { RenderInput } from '../../../src/runtime';
import { createClips, type Clips } from '../../support/clips';
import { builds, mediaJob, type MediaJob } from '../../support/media';
import { distance, pixelIn, pixelsAt } from '../../support/runtime';

let clips: Clips;
beforeAll(async () => {
	clips = await createClips();
});
afterAll(() => clips.remove());

/** A picture of black with a white rectangle. A soft edge can be measured to a small part of a pixel. */
const drawn = (size: string, [x, y, w, h]: readonly number[], soft = false): RenderInput => ({ path: `color=black:s=${size}:d=0.04,drawbox=x=${x}:y=${y}:w=${w}:h=${h}:color=white:t=fill${soft ? ',boxblur=6:3' : ''}`, lavfi: true });

const none: Motion = { kind: 'none' };
const kenBurns = (direction: 'in' | 'out', zoom = 0.1): Motion => ({ kind: 'ken_burns', direction, focus: 'center', zoom });
const still = (width: number, height: number): Background => ({ width, height, still: true, orientation: 1 });
const canvas = (rest: Partial<Canvas> = {}): Canvas => ({ width: 64, height: 114, fps: { num: 25, den: 1 }, duration: 1, quality: 'balanced', ...rest });

describe.each(builds)('with $name', ({ paths }) => {
	let job: MediaJob;
	beforeEach(async () => {
		job = await mediaJob(paths);
	});
	afterEach(() => job.remove());

	/** The frames in grey, one byte a pixel. */
	async function frames(input: RenderInput, background: Background, motion: Motion, on: Canvas): Promise<Buffer[]> {
		const output = job.files.path('frames.raw');
		const graph = printGraph([chain(['0:v:0'], [...moving(background, motion, on), filter('format', { pix_fmts: 'gray' })], ['v'])]);
		await job.ffmpeg.render({ inputs: [input], filter: graph, options: ['-map', '[v]', '-f', 'rawvideo'], output });
		const bytes = await readFile(output);
		const size = on.width * on.height;
		expect(bytes.length % size).toBe(0);
		return Array.from({ length: bytes.length / size }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
	}

	const motions: [string, Motion, Partial<Canvas>][] = [
		['none', none, {}],
		['ken burns in', kenBurns('in'), {}],
		['ken burns out', kenBurns('out'), {}],
		['ken burns as a draft', kenBurns('in'), { quality: 'draft' }],
		...panDirections.map((direction): [string, Motion, Partial<Canvas>] => [`pan ${direction}`, { kind: 'pan', direction, speed: 'normal' }, {}]),
	];
	const rates: Rational[] = [{ num: 25, den: 1 }, { num: 30_000, den: 1001 }, { num: 60, den: 1 }];

	it.each(motions)('gives whole frames of the canvas with %s, from a picture of another shape', async (_, motion, rest) => {
		const found = await frames(stillInput(await clips.clip('picture.png')), still(200, 100), motion, canvas(rest));
		expect(found).toHaveLength(25);
	});

	it.each(motions)('gives whole frames of the canvas with %s, from a shorter video', async (_, motion, rest) => {
		const background = { width: 160, height: 120, still: false, orientation: 1 };
		const found = await frames(loopedInput(await clips.clip('silent.mp4')), background, motion, canvas({ duration: 1.6, ...rest }));
		expect(found).toHaveLength(40);
	});

	it.each(rates)('keeps the rate of $num/$den', async (fps) => {
		const found = await frames(stillInput(await clips.clip('picture.png'), fps), still(200, 100), none, canvas({ fps, duration: 2 }));
		expect(found).toHaveLength(Math.round((2 * fps.num) / fps.den));
	});

	it.each([
		['none', none, 50],
		['pan', { kind: 'pan', direction: 'right', speed: 'normal' }, 65],
		['ken burns', kenBurns('in'), 52],
	] satisfies [string, Motion, number][])('cuts off what is too much, and stretches nothing with %s', async (_, motion, side) => {
		const on = canvas({ width: 100, height: 100 });
		const { [12]: frame = Buffer.of() } = await frames(drawn('200x100', [75, 25, 50, 50]), still(200, 100), motion, on);
		const white = (from: Buffer) => from.filter((value) => value > 127).length;
		expect(Math.abs(white(frame.subarray(50 * 100, 51 * 100)) - side)).toBeLessThanOrEqual(1);
		expect(Math.abs(white(Buffer.from(Array.from({ length: 100 }, (_, y) => frame[y * 100 + 50] ?? 0))) - side)).toBeLessThanOrEqual(1);
	});

	it.each(panSpeeds)('pans to the very end at speed %s, further the faster', async (speed) => {
		const on = canvas({ width: 160, height: 90, duration: 1 });
		const found = await frames(drawn('160x90', [80, 0, 80, 90]), still(160, 90), { kind: 'pan', direction: 'right', speed }, on);
		const edges = found.map((frame) => frame.subarray(45 * 160, 46 * 160).findIndex((value) => value > 127));
		const far = { slow: 24, normal: 48, fast: 96 }[speed];
		expect((edges[0] ?? 0) - (edges.at(-1) ?? 0)).toBeGreaterThan(far * 0.9);
		expect((edges[12] ?? 0) - (edges.at(-1) ?? 0)).toBeGreaterThan(far * 0.4);
	});

	/** Where the white begins in the middle row, to a part of a pixel. */
	const edgeOf = (frame: Buffer, width: number) => width - frame.subarray(90 * width, 91 * width).reduce((sum, value) => sum + value, 0) / 255;

	async function edges(motion: Motion, rest: Partial<Canvas> = {}) {
		const on = canvas({ width: 320, height: 180, duration: 2, ...rest });
		return (await frames(drawn('320x180', [240, 0, 80, 180], true), still(320, 180), motion, on)).map((frame) => edgeOf(frame, 320));
	}

	it.each(['in', 'out'] as const)('zooms %s without a tremble', async (direction) => {
		const found = await edges(kenBurns(direction));
		const { slope, error } = line(found);
		// Away from the centre, by 80 px × 0.1 per second ÷ 25 frames.
		expect(slope).toBeCloseTo(direction === 'in' ? 0.32 : -0.32, 2);
		expect(error).toBeLessThan(0.02);
	});

	it('zooms no further than one and a half times, however long the sound', async () => {
		const found = await edges(kenBurns('in', 2), { duration: 3 });
		expect(found.at(-1)).toBeGreaterThan(275);
		expect(found.at(-1)).toBeLessThan(281);
		expect(found[37]).toBeLessThan(262);
	});

	const [red, green, blue, white] = [[254, 0, 0], [0, 255, 0], [0, 0, 254], [255, 255, 255]];
	it.each([
		[1, red, green],
		[2, green, red],
		[3, white, blue],
		[4, blue, white],
		[5, red, blue],
		[6, blue, red],
		[7, white, green],
		[8, green, white],
	])('turns a photo of orientation %d upright once', async (orientation, topLeft = [], topRight = []) => {
		const path = await clips.turned(orientation, 'corners.jpg');
		const { video } = await job.ffmpeg.probe(path);
		const output = job.files.path('upright.png');
		await job.ffmpeg.render({ inputs: [stillInput(path)], filter: printGraph([chain(['0:v'], [...upright(orientation), filter('null')], ['v'])]), options: ['-map', '[v]', '-frames:v', '1', '-f', 'image2', '-update', '1'], output });
		await expect(job.ffmpeg.probe(output)).resolves.toMatchObject({ video: { width: video?.width, height: video?.height } });
		const [pixels, width] = [pixelsAt(output, 0), video?.width ?? 0];
		expect(distance(pixelIn(pixels, width, 10, 10), topLeft)).toBeLessThan(20);
		expect(distance(pixelIn(pixels, width, width - 10, 10), topRight)).toBeLessThan(20);
	});
});

/** The straight line that fits best, and how far the values lie beside it (root mean square). */
function line(values: readonly number[]) {
	const middle = (values.length - 1) / 2;
	const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
	const spread = values.reduce((sum, _, index) => sum + (index - middle) ** 2, 0);
	const slope = values.reduce((sum, value, index) => sum + (value - mean) * (index - middle), 0) / spread;
	const squares = values.reduce((sum, value, index) => sum + (value - mean - slope * (index - middle)) ** 2, 0);
	return { slope, error: Math.sqrt(squares / values.length) };
}
