import { execFileSync } from 'node:child_process';
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bt709, colorOptions } from '../../../../src/ffmpeg/colors';
import { softwareVideo } from '../../../../src/ffmpeg/quality';
import { qualities, type Quality } from '../../../../src/runtime';
import { createClips, type ClipName, type Clips } from '../../../support/clips';
import { channelsOf, decibelsAt } from '../../../support/levels';
import { builds, mediaJob, runOperation, type MediaJob } from '../../../support/media';
import { ffmpeg, fileOf, pixelsAt, streamsOf } from '../../../support/runtime';

let clips: Clips;
beforeAll(async () => {
	clips = await createClips();
});
afterAll(() => clips.remove());

/** Every picture of a video, one after the other. */
const framesOf = (path: string) => execFileSync(ffmpeg, ['-v', 'quiet', '-i', path, '-map', '0:v:0', '-vsync', '0', '-f', 'rawvideo', '-'], { maxBuffer: 1e9 });

/** Seconds between its pictures, each length once. */
function stepsOf(path: string): Set<number> {
	const rows = execFileSync(ffmpeg, ['-v', 'quiet', '-i', path, '-map', '0:v:0', '-c', 'copy', '-f', 'framecrc', '-']).toString().split('\n');
	const [num = 1, den = 1] = rows.flatMap((row) => /^#tb 0: (\d+)\/(\d+)/.exec(row)?.slice(1).map(Number) ?? []);
	const times = rows.filter((row) => /^\d/.test(row)).map((row) => (Number(row.split(',')[2]) * num) / den).sort((a, b) => a - b);
	return new Set(times.slice(1).map((time, index) => Math.round((time - (times[index] ?? 0)) * 1e6) / 1e6));
}

/** Mean of the channels' differences. */
const difference = (one: Uint8Array, other: Uint8Array) => one.reduce((sum, value, index) => sum + Math.abs(value - (other[index] ?? 0)), 0) / one.length;

describe.each(builds)('with $name', ({ paths }) => {
	let job: MediaJob;
	beforeEach(async () => {
		job = await mediaJob(paths);
	});
	afterEach(() => job.remove());

	const merge = async (names: ClipName[], options: Record<string, unknown> = {}) =>
		runOperation('merge_videos', { videos: await Promise.all(names.map(async (name) => ({ file: await clips.clip(name) }))), quality: 'draft', ...options }, job);
	const music = async () => ({ backgroundMusic: { file: await clips.clip('music.wav') }, backgroundMusicVolume: 0.25 });

	describe('alike clips', () => {
		it('are joined without encoding, bit for bit', async () => {
			const result = await merge(['plain.mp4', 'plain.mp4', 'plain.mp4']);
			const path = fileOf(result.video);
			expect(result).toMatchObject({ reencoded: false, frameCount: 75, duration: 3, warnings: [], video: { width: 160, height: 120 } });
			expect(streamsOf(path).video).toMatchObject({ nb_frames: '75', codec_name: 'h264' });
			expect(Math.abs(streamsOf(path).duration - 3)).toBeLessThan(0.08);
			const source = framesOf(await clips.clip('plain.mp4'));
			expect(framesOf(path).equals(Buffer.concat([source, source, source]))).toBe(true);
		});

		it.each([
			['without sound', 'silent.mp4', 50],
			['of 30000/1001 frames per second', 'ntsc.mp4', 60],
			['of 10 bits', 'ten-bit.mp4', 50],
			['with 5.1 sound', 'surround.mp4', 50],
		] as const)('%s are joined without encoding too', async (_, name, frameCount) => {
			await expect(merge([name, name])).resolves.toMatchObject({ reencoded: false, frameCount });
		});

		it('with Opus are joined without encoding, in an mp4', async () => {
			const { frameCount, reencoded, video } = await merge(['opus.mkv', 'opus.mkv']);
			expect({ frameCount, reencoded }).toEqual({ frameCount: 50, reencoded: false });
			const streams = streamsOf(fileOf(video));
			expect([streams.video?.codec_name, streams.audio?.codec_name]).toEqual(['h264', 'opus']);
			expect(Math.abs(streams.duration - 2)).toBeLessThan(0.1);
		});

		it('turned by a tag stay turned', async () => {
			const result = await merge(['rotated.mp4', 'rotated.mp4']);
			expect(result).toMatchObject({ reencoded: false, video: { width: 120, height: 160 } });
			await expect(job.ffmpeg.probe(fileOf(result.video))).resolves.toMatchObject({ video: { rotation: 90, width: 120, height: 160, frameCount: 50 } });
		});

		it('under music keep their picture bit for bit, and the level of the voice', async () => {
			const [plain, under] = [await merge(['plain.mp4', 'plain.mp4']), await merge(['plain.mp4', 'plain.mp4'], await music())];
			expect(under).toMatchObject({ reencoded: false, frameCount: 50 });
			const [before, after] = [fileOf(plain.video), fileOf(under.video)];
			expect(framesOf(after).equals(framesOf(before))).toBe(true);
			const [voice = new Float32Array(), mixed = new Float32Array()] = [channelsOf(before, 2)[0], channelsOf(after, 2)[0]];
			expect(Math.abs(decibelsAt(mixed, 440, 0.2, 0.8) - decibelsAt(voice, 440, 0.2, 0.8))).toBeLessThan(0.5);
			expect(decibelsAt(mixed, 880, 1.2, 1.8)).toBeGreaterThan(-26);
		});

		it('without sound under music end with the picture', async () => {
			const result = await merge(['silent.mp4'], { ...(await music()), duck: true });
			const { audio, duration } = streamsOf(fileOf(result.video));
			expect(result).toMatchObject({ reencoded: false, frameCount: 25 });
			expect(audio).toMatchObject({ channels: 2 });
			expect(duration).toBeLessThan(1.1);
		});
	});

	describe('clips that differ in sound only', () => {
		it.each([
			['one silent', ['plain.mp4', 'silent.mp4', 'plain.mp4'], 75],
			['one with 5.1', ['plain.mp4', 'surround.mp4'], 50],
			['one whose sound ends early', ['picture-longer.mp4', 'picture-longer.mp4'], 100],
		] as const)('%s: the picture is not encoded, the sound stays in time', async (_, names, frames) => {
			const result = await merge([...names]);
			expect(result).toMatchObject({ reencoded: false, frameCount: frames });
			const path = fileOf(result.video);
			const [samples = new Float32Array()] = channelsOf(path, 2);
			expect(Math.abs(samples.length / 48_000 - frames / 25)).toBeLessThan(0.05);
			expect(Math.abs(Number(streamsOf(path).video?.duration) - frames / 25)).toBeLessThan(0.001);
			if (names.length === 3 || names[0] === 'picture-longer.mp4') expect(decibelsAt(samples, 440, 1.2, 1.8)).toBeLessThan(-50);
			expect(decibelsAt(samples, 440, frames / 25 - (names[0] === 'picture-longer.mp4' ? 1.8 : 0.8), frames / 25 - (names[0] === 'picture-longer.mp4' ? 1.2 : 0.2))).toBeGreaterThan(-25);
		});
	});

	it('alike clips of which one has sound that starts late keep their pictures, and the sound stays in time', async () => {
		const result = await merge(['plain.mp4', 'late-sound.mp4', 'plain.mp4']);
		expect(result).toMatchObject({ reencoded: false, frameCount: 75 });
		const [samples = new Float32Array()] = channelsOf(fileOf(result.video), 2);
		expect(decibelsAt(samples, 440, 0.2, 0.9)).toBeGreaterThan(-25);
		expect(decibelsAt(samples, 440, 1.05, 1.33)).toBeLessThan(-50);
		for (const [from, to] of [[1.45, 1.95], [2.1, 2.9]] as const) expect(decibelsAt(samples, 440, from, to)).toBeGreaterThan(-25);
	});

	describe('clips of every kind', () => {
		it.each([
			['of an odd size', ['odd.mp4', 'plain.mp4'], 162, 122, '25/1', 50],
			['of a turned clip', ['rotated.mp4', 'silent.mp4'], 120, 160, '25/1', 50],
			['with wide pixels', ['anamorphic.mp4', 'plain.mp4'], 240, 120, '25/1', 50],
			['with 30000/1001 frames per second', ['ntsc.mp4', 'plain.mp4'], 160, 120, '30000/1001', 60],
			['whose sound is longer', ['sound-longer.mp4', 'plain.mp4'], 160, 120, '25/1', 75],
		] as const)('take size and rate of the first, here %s', async (_, names, width, height, rate, frames) => {
			const result = await merge([...names]);
			expect(streamsOf(fileOf(result.video)).video).toMatchObject({ width, height, r_frame_rate: rate, nb_frames: String(frames) });
			expect(result).toMatchObject({ reencoded: true, frameCount: frames, video: { width, height } });
		});

		it('get bars, and are not stretched', async () => {
			const result = await merge(['silent.mp4', 'picture.png'], { stillDuration: 1 });
			const pixels = pixelsAt(fileOf(result.video), 1.5);
			const at = (x: number, y: number) => [...pixels.subarray(3 * (y * 160 + x), 3 * (y * 160 + x) + 3)];
			for (const y of [5, 114]) for (const value of at(80, y)) expect(value).toBeLessThan(12);
			expect(Math.max(...at(80, 60), ...at(20, 40), ...at(140, 80))).toBeGreaterThan(60);
		});

		it('show black where a picture is transparent', async () => {
			const { video } = await merge(['silent.mp4', 'transparent.png'], { stillDuration: 1 });
			const pixels = pixelsAt(fileOf(video), 1.5);
			const at = (x: number, y: number) => [...pixels.subarray(3 * (y * 160 + x), 3 * (y * 160 + x) + 3)];
			for (const value of at(40, 60)) expect(value).toBeLessThan(20);
			const [r = 0, g = 0, b = 0] = at(120, 60);
			expect(r).toBeGreaterThan(220);
			expect(Math.max(g, b)).toBeLessThan(40);
		});

		it('keep their colours, whatever colour space they say they are in', async () => {
			const color = async (name: ClipName, at: number, path = clips.clip(name)) => [...pixelsAt(await path, at).subarray(3 * (60 * 160 + 80), 3 * (60 * 160 + 80) + 3)];
			const result = await merge(['silent.mp4', 'bt709.mp4']);
			const merged = await color('bt709.mp4', 1.5, Promise.resolve(fileOf(result.video)));
			merged.forEach((value, index) => expect(Math.abs(value - ([0xdc, 0x28, 0x3c][index] ?? 0))).toBeLessThan(8));
		});

		it('take a wanted size and rate, and one side alone keeps the shape', async () => {
			const result = await merge(['silent.mp4'], { width: 80, fps: 12.5, mode: 'auto' });
			expect(streamsOf(fileOf(result.video)).video).toMatchObject({ width: 80, height: 60, r_frame_rate: '25/2', pix_fmt: 'yuv420p' });
			expect([12, 13]).toContain(result.frameCount);
		});
	});

	describe('clips of which some are just what encoding gives', () => {
		const size = 160 * 120 * 1.5;
		/** As this build makes it at that quality. */
		const own = async (name: ClipName, quality: Quality = 'draft') => {
			const path = join(clips.folder, `${quality}-${name}`);
			execFileSync(paths.ffmpegPath ?? ffmpeg, ['-v', 'error', '-y', '-i', await clips.clip(name), ...softwareVideo(quality).options, '-c:a', 'copy', path]);
			return path;
		};
		const mergeFiles = async (files: string[], options: Record<string, unknown> = {}) => runOperation('merge_videos', { videos: files.map((file) => ({ file })), quality: 'draft', ...options }, job);

		it.each([
			['first', ['own', 'sixty.mp4', 'rotated.mp4'], [0, 25]],
			['last', ['silent.mp4', 'sixty.mp4', 'own'], [50, 75]],
			['between', ['tone.wav', 'own', 'picture.png'], [25, 50]],
		] as const)('keep those bit for bit, here the %s', async (_, names, [from, to]) => {
			const kept = await own('plain.mp4');
			const result = await mergeFiles(await Promise.all(names.map(async (name) => (name === 'own' ? kept : clips.clip(name)))), { stillDuration: 1 });
			expect(result).toMatchObject({ reencoded: true, encoder: 'libx264', frameCount: 75, duration: 3 });
			const pictures = framesOf(fileOf(result.video));
			expect(pictures.length).toBe(75 * size);
			expect(pictures.subarray(from * size, to * size).equals(framesOf(kept))).toBe(true);
			expect(decibelsAt(channelsOf(fileOf(result.video), 2)[0] ?? new Float32Array(), 440, from / 25 + 0.2, to / 25 - 0.2)).toBeGreaterThan(-25);
		});

		it.each(qualities)('keep them between others at the quality %s, where frames are stored in another order than shown', async (quality) => {
			const kept = await own('silent.mp4', quality);
			const files = [await clips.clip('sixty.mp4'), kept, await clips.clip('rotated.mp4'), kept];
			const { video, frameCount } = await mergeFiles(files, { quality, fps: 25 });
			const pictures = framesOf(fileOf(video));
			expect({ frameCount, bytes: pictures.length }).toEqual({ frameCount: 100, bytes: 100 * size });
			for (const from of [25, 75]) expect(pictures.subarray(from * size, (from + 25) * size).equals(framesOf(kept))).toBe(true);
		});

		it('keep those beside clips of the same size and rate from another encoder, in other colours', async () => {
			const kept = await own('plain.mp4');
			const other = await clips.made('other.mp4', ['-i', await clips.clip('bt709.mp4'), '-c:v', 'libx264', '-preset', 'medium', ...colorOptions(bt709)]);
			const { video, reencoded } = await mergeFiles([other, kept]);
			expect(reencoded).toBe(true);
			expect(framesOf(fileOf(video)).subarray(25 * size).equals(framesOf(kept))).toBe(true);
			const [r = 0, g = 0, b = 0] = pixelsAt(fileOf(video), 0.5).subarray(3 * (60 * 160 + 80));
			expect(Math.max(Math.abs(r - 0xdc), Math.abs(g - 0x28), Math.abs(b - 0x3c))).toBeLessThan(8);
		});

		it('encode one that was cut without encoding, so that its file hides frames', async () => {
			const { video, frameCount } = await mergeFiles([await clips.clip('cut.mp4'), await clips.clip('sixty.mp4')], { quality: 'balanced' });
			expect({ frameCount, bytes: framesOf(fileOf(video)).length }).toEqual({ frameCount: 43 + 25, bytes: (43 + 25) * size });
		});

		it('encode all where one of those turns out to be cut off in the middle of its file', async () => {
			const whole = await own('silent.mp4');
			const front = await clips.made('front.mp4', ['-i', whole, '-c', 'copy', '-movflags', '+faststart']);
			const bytes = await readFile(front);
			const videos = [await clips.clip('sixty.mp4'), await clips.file('cut-off.mp4', bytes.subarray(0, Math.round(bytes.length * 0.7)))];
			const { video, warnings, ...how } = await mergeFiles(videos, { fps: 25 });
			expect(how).toMatchObject({ reencoded: true, frameCount: 50, reason: expect.stringContaining('could not be joined as they are') });
			expect(warnings).toEqual(expect.arrayContaining([expect.stringMatching(/^videos\.1: /)]));
			expect(framesOf(fileOf(video)).length).toBe(50 * size);
		});

		it('encode those too where it is asked for', async () => {
			const kept = await own('plain.mp4');
			const { video } = await mergeFiles([kept, await clips.clip('sixty.mp4')], { mode: 'encode' });
			expect(framesOf(fileOf(video)).subarray(0, 25 * size).equals(framesOf(kept))).toBe(false);
		});
	});

	describe('a clip whose streams do not begin together, between others', () => {
		const around = { 'one like it': 'plain.mp4', 'one unlike it': 'sixty.mp4' } as const;

		it.each(Object.entries(around))('shows its first picture until the others come, here beside %s', async (_, name) => {
			const result = await merge([name, 'late-picture.mp4', 'plain.mp4'], { fps: 25 });
			expect(result.frameCount).toBe(25 + 35 + 25);
			const path = fileOf(result.video);
			expect(stepsOf(path)).toEqual(new Set([0.04]));
			const source = await clips.clip('plain.mp4');
			const isShown = (at: number, from: number) => difference(pixelsAt(path, at), pixelsAt(source, from)) < 4;
			expect([isShown(1, 0), isShown(1.36, 0), isShown(1.6, 0.2), isShown(2.36, 0.96), isShown(2.4, 0), isShown(1.6, 0.6)]).toEqual([true, true, true, true, true, false]);
			const [samples = new Float32Array()] = channelsOf(path, 2);
			expect(decibelsAt(samples, 440, 1.1, 1.9)).toBeGreaterThan(-25);
			expect(decibelsAt(samples, 440, 2.05, 2.35)).toBeLessThan(-50);
		});

		it.each(Object.entries(around))('keeps its sound in time, here beside %s', async (_, name) => {
			const result = await merge([name, 'delayed-sound.mp4', 'silent.mp4'], { fps: 25 });
			expect(result.frameCount).toBe(25 + 35 + 25);
			expect(stepsOf(fileOf(result.video))).toEqual(new Set([0.04]));
			const [samples = new Float32Array()] = channelsOf(fileOf(result.video), 2);
			expect(decibelsAt(samples, 440, 1.05, 1.35)).toBeLessThan(-50);
			expect(decibelsAt(samples, 440, 1.45, 2.35)).toBeGreaterThan(-25);
			expect(decibelsAt(samples, 440, 2.45, 3.35)).toBeLessThan(-50);
		});
	});

	it('a name with spaces, quotes, emoji, a percent sign and a leading dash means nothing', async () => {
		const path = join(clips.folder, "-it's a %d \"clip\" 🎬;[x].mp4");
		await copyFile(await clips.clip('plain.mp4'), path);
		const videos = [{ file: path }, { file: path }];
		await expect(runOperation('merge_videos', { videos }, job)).resolves.toMatchObject({ reencoded: false, frameCount: 50 });
		await expect(runOperation('merge_videos', { videos, mode: 'encode', quality: 'draft' }, job)).resolves.toMatchObject({ reencoded: true, frameCount: 50, reason: 'Encoding was asked for' });
	});

	it('copying only says why it cannot', async () => {
		await expect(merge(['plain.mp4', 'sixty.mp4'], { mode: 'copy' })).rejects.toMatchObject({ type: 'InvalidInput', code: 'cannot_copy', field: 'videos', message: expect.stringContaining('videos.1 has 60/1 frames per second') });
	});

	const withDamage = async (from: number, to: number) => {
		const damaged = await readFile(await clips.clip('sixty.mp4'));
		const start = damaged.indexOf('mdat') + 4;
		const length = damaged.readUInt32BE(start - 8) - 8;
		damaged.fill(0xff, start + Math.round(length * from), start + Math.round(length * to));
		const videos = [{ file: await clips.clip('plain.mp4') }, { file: await clips.file(`damaged-${from}.mp4`, damaged) }];
		return runOperation('merge_videos', { videos, quality: 'draft' }, job);
	};

	it('a clip that is damaged in part is told of by its place in the list', async () => {
		await expect(withDamage(0.5, 0.6)).resolves.toMatchObject({ warnings: [expect.stringMatching(/^videos\.1: ffmpeg went on over/)] });
	});

	it('a clip of which nothing can be read is named by its place in the list', async () => {
		await expect(withDamage(0, 1)).rejects.toMatchObject({ field: 'videos.1', message: expect.stringMatching(/^videos\.1: /) });
	});

	it('what is no video is refused by its place in the list', async () => {
		const file = await clips.file('text.mp4', '#EXTM3U\nplain.mp4\n');
		const videos = [{ file: await clips.clip('plain.mp4') }, { file }];
		await expect(runOperation('merge_videos', { videos }, job)).rejects.toMatchObject({ type: 'InvalidInput', code: 'unreadable_media', field: 'videos.1' });
		await expect(merge([])).rejects.toMatchObject({ type: 'InvalidInput', field: 'videos' });
		await expect(merge(['tone.wav', 'mono.wav'])).rejects.toMatchObject({ code: 'no_video', field: 'videos' });
	});
});
