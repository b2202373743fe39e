import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { createClips, type ClipName, type Clips } from '../../../support/clips';
import { builds, mediaJob, runOperation, type MediaJob } from '../../../support/media';
import { ffmpeg, fileOf, pixelsAt, samplesOf, streamsOf } from '../../../support/runtime';

let clips: Clips;
beforeAll(async () => {
	clips = await createClips();
});
afterAll(() => clips.remove());

/** A white square in the middle of a screen of one colour, noisy as cameras make it. */
function screen(color: string, { size = '160x120', seconds = 1, name = 'screen.mp4' } = {}): string {
	const path = join(clips.folder, `${color.replace('#', '')}-${size}-${seconds}-${name}`);
	const square = 'drawbox=x=iw*3/8:y=ih*3/8:w=iw/4:h=ih/4:color=white:t=fill';
	const output = name.endsWith('.png') ? ['-frames:v', '1'] : ['-c:v', 'libx264', '-pix_fmt', 'yuv420p'];
	execFileSync(ffmpeg, ['-v', 'quiet', '-y', '-f', 'lavfi', '-i', `color=${color}:s=${size}:r=25:d=${seconds},${square}${name.endsWith('.png') ? '' : ',noise=alls=6:allf=t'}`, ...output, path]);
	return path;
}

type Pixel = [number, number, number];
const pixel = (path: string, time: number, x: number, y: number, width = 160): Pixel => {
	const pixels = pixelsAt(path, time);
	const at = 3 * (y * width + x);
	return [pixels[at] ?? -1, pixels[at + 1] ?? -1, pixels[at + 2] ?? -1];
};
const isNear = (one: Pixel, other: Pixel, distance = 40) => one.every((value, index) => Math.abs(value - (other[index] ?? 0)) < distance);
const white: Pixel = [255, 255, 255];

describe.each(builds)('with $name', ({ paths }) => {
	let job: MediaJob;
	beforeEach(async () => {
		job = await mediaJob(paths);
	});
	afterEach(() => job.remove());

	const lay = async (overlay: string, options: Record<string, unknown> = {}, base: ClipName = 'plain.mp4') =>
		runOperation('add_colorkey_overlay', { video: { file: await clips.clip(base) }, overlay: { file: overlay }, ...options }, job);
	/** Corners away from the square, where the base has to be seen. */
	const corners = [[10, 10], [150, 10], [10, 110], [150, 110], [80, 20]] as const;

	it('a green screen vanishes, what stands before it stays, and the sound is untouched', async () => {
		const base = await clips.clip('plain.mp4');
		const result = await lay(screen('#00FF00'));
		const path = fileOf(result.video);
		for (const [x, y] of corners) expect(isNear(pixel(path, 0.5, x, y), pixel(base, 0.5, x, y))).toBe(true);
		expect(isNear(pixel(path, 0.5, 80, 60), white)).toBe(true);
		expect(samplesOf(path)).toEqual(samplesOf(base));
		expect(streamsOf(path).video).toMatchObject({ nb_frames: '25', width: 160, height: 120, pix_fmt: 'yuv420p' });
		expect(result).toMatchObject({ duration: 1, encoder: 'libx264', warnings: [] });
	});

	it.each([
		['red', '#FF0000'],
		['#0f0', '#00FF00'],
		['0x0000ff', '#0000FF'],
		['darkgreen', '#006400'],
	])('%s keys the colour it names', async (color, shown) => {
		const path = fileOf((await lay(screen(shown), { color })).video);
		expect(isNear(pixel(path, 0.5, 10, 10), pixel(await clips.clip('plain.mp4'), 0.5, 10, 10))).toBe(true);
		expect(isNear(pixel(path, 0.5, 80, 60), white)).toBe(true);
	});

	it('similarity means the same distance of colours in every ffmpeg', async () => {
		// 95 of 255 in one part of three: 0.215 of the farthest distance.
		const overlay = screen('#00A000');
		const base = pixel(await clips.clip('plain.mp4'), 0.5, 10, 10);
		expect(isNear(pixel(fileOf((await lay(overlay, { similarity: 0.3, blend: 0 })).video), 0.5, 10, 10), base)).toBe(true);
		expect(isNear(pixel(fileOf((await lay(overlay, { similarity: 0.15, blend: 0 })).video), 0.5, 10, 10), [0, 160, 0])).toBe(true);
	});

	it('an overlay of another shape is fitted without stretching', async () => {
		const base = await clips.clip('plain.mp4');
		const path = fileOf((await lay(screen('#00FF00', { size: '240x60' }))).video);
		// 160×40 in the middle, its square 40×10: from 60 to 100 and from 55 to 65.
		for (const [x, y] of [[64, 60], [96, 60]] as const) expect(isNear(pixel(path, 0.5, x, y), white)).toBe(true);
		for (const [x, y] of [[54, 60], [106, 60], [80, 50], [80, 70]] as const) expect(isNear(pixel(path, 0.5, x, y), pixel(base, 0.5, x, y))).toBe(true);
	});

	it('ends with the base: a short overlay begins again, or leaves the base to itself', async () => {
		const short = screen('#00FF00', { seconds: 0.4 });
		const [looped, once] = [await lay(short), await lay(short, { loopOverlay: false })];
		for (const { video } of [looped, once]) expect(streamsOf(fileOf(video)).video).toMatchObject({ nb_frames: '25' });
		expect(isNear(pixel(fileOf(looped.video), 0.9, 80, 60), white)).toBe(true);
		expect(isNear(pixel(fileOf(once.video), 0.2, 80, 60), white)).toBe(true);
		expect(isNear(pixel(fileOf(once.video), 0.9, 80, 60), pixel(await clips.clip('plain.mp4'), 0.9, 80, 60))).toBe(true);
	});

	it.each([
		['without sound', 'silent.mp4', 160, 120, '25'],
		['of an odd size', 'odd.mp4', 162, 122, '25'],
		['turned by a tag', 'rotated.mp4', 120, 160, '25'],
		['with wide pixels', 'anamorphic.mp4', 240, 120, '25'],
		['of 30000/1001 frames per second', 'ntsc.mp4', 160, 120, '30'],
		['of high dynamic range', 'hdr.mp4', 160, 120, '25'],
	] as const)('a base %s comes out right under an overlay of another size', async (_, base, width, height, nb_frames) => {
		const result = await lay(screen('#00FF00', { size: '90x200' }), {}, base);
		expect(streamsOf(fileOf(result.video)).video).toMatchObject({ width, height, nb_frames, pix_fmt: 'yuv420p' });
		expect(isNear(pixel(fileOf(result.video), 0.5, width / 2, Math.round(height / 2), width), white)).toBe(true);
	});

	it('base and overlay keep their colours, whatever colour space they say they are in', async () => {
		const near = (path: string, at: readonly [number, number], color: Pixel) => isNear(pixel(path, 0.5, ...at), color, 10);
		// 55 is clear of the square of the screen, which is white and not keyed.
		for (const base of ['bt709.mp4', 'full-range.mp4'] as const) expect(near(fileOf((await lay(screen('#00FF00'), {}, base)).video), [55, 20], [0xdc, 0x28, 0x3c])).toBe(true);
		for (const overlay of ['bt709.mp4', 'full-range.mp4'] as const) expect(near(fileOf((await lay(await clips.clip(overlay), {}, 'silent.mp4')).video), [80, 60], [0xdc, 0x28, 0x3c])).toBe(true);
		expect(near(fileOf((await lay(await clips.clip('crimson.png'), {}, 'bt709.mp4')).video), [80, 60], [0xdc, 0x28, 0x3c])).toBe(true);
	});

	it('a picture stays over the whole video, and what is transparent in it stays transparent', async () => {
		const base = await clips.clip('plain.mp4');
		const still = fileOf((await lay(screen('#00FF00', { name: 'screen.png' }), { loopOverlay: false })).video);
		for (const time of [0.1, 0.9]) expect(isNear(pixel(still, time, 80, 60), white)).toBe(true);
		expect(isNear(pixel(still, 0.9, 10, 10), pixel(base, 0.9, 10, 10))).toBe(true);
		const half = fileOf((await lay(await clips.clip('transparent.png'))).video);
		expect(isNear(pixel(half, 0.5, 40, 60), pixel(base, 0.5, 40, 60))).toBe(true);
		expect(isNear(pixel(half, 0.5, 120, 60), [255, 0, 0])).toBe(true);
	});

	it('sound that mp4 cannot hold stays as it is, in Matroska, and the result says so', async () => {
		await expect(lay(screen('#00FF00'), {}, 'vorbis.mkv')).resolves.toMatchObject({ video: { fileName: 'overlaid-video.mkv' }, warnings: [expect.stringContaining('vorbis')] });
	});

	it.each([
		['a colour with a filter in it', { color: 'green[x];movie=/etc/hostname' }, 'color'],
		['a colour nobody knows', { color: 'greenest' }, 'color'],
		['a similarity with a filter in it', { similarity: '0.1:0.1[x];[x]drawtext=textfile=/etc/hostname' }, 'similarity'],
		['a similarity that is no number', { similarity: Number.NaN }, 'similarity'],
		['a blend beyond its bounds', { blend: 1.5 }, 'blend'],
	])('%s is refused', async (_, options, field) => {
		await expect(lay(await clips.clip('picture.png'), options)).rejects.toMatchObject({ type: 'InvalidInput', field });
	});

	it('a base that is a picture or a sound, and an overlay that is a sound, are refused', async () => {
		await expect(lay(await clips.clip('picture.png'), {}, 'picture.png')).rejects.toMatchObject({ code: 'no_video', field: 'video' });
		await expect(lay(await clips.clip('picture.png'), {}, 'tone.wav')).rejects.toMatchObject({ code: 'no_video', field: 'video' });
		await expect(lay(await clips.clip('tone.wav'))).rejects.toMatchObject({ code: 'no_picture', field: 'overlay' });
	});
});
