import { readFile } from 'node:fs/promises';
import { chain, filter, printGraph } from '../../../src/ffmpeg/graph';
import { containing, frameCount, standardRange } from '../../../src/ffmpeg/picture';
import { createClips, type ClipName, type Clips } from '../../support/clips';
import { builds, mediaJob, type MediaJob } from '../../support/media';

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

	async function tracked(name: ClipName) {
		const path = await clips.clip(name);
		const { video } = await job.ffmpeg.probe(path);
		if (video === null) throw new Error('Expected a picture');
		return { path, video };
	}

	it.each(['hdr.mp4', 'half-tagged-hdr.mp4'] as const)('brings %s to bt709', async (name) => {
		const { path, video } = await tracked(name);
		const output = job.files.path('sdr.mp4');
		const filters = [...standardRange(video), filter('format', { pix_fmts: 'yuv420p' })];
		await job.ffmpeg.render({ inputs: [{ path }], filter: printGraph([chain(['0:v:0'], filters, ['v'])]), options: ['-map', '[v]', '-c:v', 'libx264'], output, duration: 1 });
		await expect(job.ffmpeg.probe(output)).resolves.toMatchObject({ video: { hdr: false, bitDepth: 8, frameCount: 25 } });
		expect(job.warnings).toEqual([]);
	});

	it('leaves ordinary video as it is', async () => {
		expect(standardRange((await tracked('ten-bit.mp4')).video)).toEqual([]);
	});

	it.each(['odd.mp4', 'rotated.mp4', 'anamorphic.mp4'] as const)('fits %s into a box with black bars, stretched in no direction', async (name) => {
		const { path, video } = await tracked(name);
		const output = job.files.path('boxed.raw');
		const filters = [...containing(video, { width: 200, height: 200 }), filter('format', { pix_fmts: 'gray' })];
		await job.ffmpeg.render({ inputs: [{ path }], filter: printGraph([chain(['0:v:0'], filters, ['v'])]), options: ['-map', '[v]', '-frames:v', '1', '-f', 'rawvideo'], output });
		const bytes = await readFile(output);
		expect(bytes).toHaveLength(200 * 200);
		const isLit = (values: Buffer) => values.some((value) => value > 24);
		const rows = Array.from({ length: 200 }, (_, y) => isLit(bytes.subarray(y * 200, (y + 1) * 200))).filter(Boolean).length;
		const columns = Array.from({ length: 200 }, (_, x) => isLit(Buffer.from(Array.from({ length: 200 }, (_, y) => bytes[y * 200 + x] ?? 0)))).filter(Boolean).length;
		expect(Math.abs(columns / rows - video.width / video.height)).toBeLessThan(0.06);
		expect(Math.max(columns, rows)).toBeGreaterThan(195);
	});
});

it('counts whole frames, at least one', () => {
	expect([frameCount(1, { num: 25, den: 1 }), frameCount(0.001, { num: 25, den: 1 }), frameCount(10, { num: 30_000, den: 1001 })]).toEqual([25, 1, 300]);
});
