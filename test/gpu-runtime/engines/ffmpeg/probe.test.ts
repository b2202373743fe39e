import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { everyBuild, mediaJob, testEngine, type MediaJob } from '../../../support/media';
import { createClips, type ClipName, type Clips } from '../../../support/clips';

let clips: Clips;
beforeAll(async () => {
	clips = await createClips();
});
afterAll(() => clips.remove());

describe.each(everyBuild)('with $name', ({ paths }) => {
	let job: MediaJob;
	beforeEach(async () => {
		job = await mediaJob(paths);
	});
	afterEach(() => job.remove());

	const probe = async (name: ClipName) => job.ffmpeg.probe(await clips.clip(name), 'video');
	const video = async (name: ClipName) => (await probe(name)).video;
	const refused = async (path: string) => job.ffmpeg.probe(path, 'video').then(() => 'was read', (error: unknown) => error);

	it('tells what a usual clip holds', async () => {
		const found = await probe('plain.mp4');
		expect(found).toMatchObject({ still: false, size: (await readFile(await clips.clip('plain.mp4'))).length });
		expect(found.duration).toBeCloseTo(1, 1);
		expect(found.video).toMatchObject({ codec: 'h264', width: 160, height: 120, rotation: 0, fps: { num: 25, den: 1 }, variableFrameRate: false, frameCount: 25, duration: 1, bitDepth: 8, hdr: false });
		expect(found.audio).toMatchObject({ codec: 'aac', sampleRate: 48_000, channels: 2, channelLayout: 'stereo' });
		expect(found.streams.map(({ type }) => type)).toEqual(['video', 'audio']);
	});

	it('turns the size of a rotated clip', async () => {
		await expect(video('rotated.mp4')).resolves.toMatchObject({ rotation: 90, width: 120, height: 160, codedWidth: 160, codedHeight: 120 });
	});

	it('stretches the size of a clip whose pixels are no squares', async () => {
		await expect(video('anamorphic.mp4')).resolves.toMatchObject({ sampleAspectRatio: '3:2', width: 240, height: 120, codedWidth: 160 });
	});

	it('tells whether frames are stored in another order than they are shown in', async () => {
		await expect(video('groups.mp4')).resolves.toMatchObject({ reordered: true });
		await expect(video('plain.mp4')).resolves.toMatchObject({ reordered: false });
	});

	it('keeps 29.97 exact', async () => {
		await expect(video('ntsc.mp4')).resolves.toMatchObject({ fps: { num: 30_000, den: 1001 }, variableFrameRate: false });
	});

	it('names the nearest usual rate of a clip with a variable one', async () => {
		// 30 frames in 2 seconds, the nearest usual rate above their average.
		await expect(video('variable.mp4')).resolves.toMatchObject({ variableFrameRate: true, fps: { num: 24_000, den: 1001 } });
	});

	it('tells high dynamic range from mere ten bits', async () => {
		await expect(video('hdr.mp4')).resolves.toMatchObject({ hdr: true, bitDepth: 10, colorTransfer: 'smpte2084' });
		await expect(video('ten-bit.mp4')).resolves.toMatchObject({ hdr: false, bitDepth: 10 });
	});

	it('tells which stream starts later than the other', async () => {
		await expect(probe('late-picture.mp4')).resolves.toMatchObject({ video: { start: 0.4, duration: 1 }, audio: { start: 0 } });
		await expect(probe('delayed-sound.mp4')).resolves.toMatchObject({ video: { start: 0 }, audio: { start: expect.closeTo(0.4, 1) } });
	});

	it('tells the length of each stream apart', async () => {
		const longer = await probe('sound-longer.mp4');
		expect(longer.video?.duration).toBeCloseTo(1, 2);
		expect(longer.audio?.duration).toBeCloseTo(2, 1);
		const shorter = await probe('picture-longer.mp4');
		expect(shorter.video?.duration).toBeCloseTo(2, 2);
		expect(shorter.audio?.duration).toBeCloseTo(1, 1);
	});

	it.each(['plain.mkv', 'plain.webm'] as const)('counts the frames of %s, which does not say', async (name) => {
		const found = await probe(name);
		expect(found.video?.frameCount).toBe(25);
		expect(found.video?.duration).toBeCloseTo(1, 1);
	});

	it('does not take cover art for video', async () => {
		const found = await probe('covered.mp3');
		expect(found).toMatchObject({ video: null, audio: { codec: 'mp3', bitrate: 128_000 }, tags: { title: 'A tone' } });
		expect(found.streams).toContainEqual({ index: 1, type: 'video', codec: 'png', attachedPicture: true });
	});

	it('tells that a clip has no sound, and that a sound file has no picture', async () => {
		await expect(probe('silent.mp4')).resolves.toMatchObject({ audio: null });
		await expect(probe('tone.wav')).resolves.toMatchObject({ video: null, audio: { channelLayout: 'mono', duration: 1 } });
		await expect(probe('surround.mp4')).resolves.toMatchObject({ audio: { channels: 6, channelLayout: '5.1' } });
	});

	it.each(['picture.png', 'picture.jpg', 'picture.webp'] as const)('knows that %s is a single picture', async (name) => {
		await expect(probe(name)).resolves.toMatchObject({ still: true, duration: 0, video: { width: 200, height: 100, frameCount: 1, orientation: 1 } });
	});

	it('reads the orientation of a photo', async () => {
		await expect(job.ffmpeg.probe(await clips.turned(6))).resolves.toMatchObject({ video: { orientation: 6, width: 100, height: 200, codedWidth: 200 } });
		await expect(job.ffmpeg.probe(await clips.turned(3))).resolves.toMatchObject({ video: { orientation: 3, width: 200, height: 100 } });
	});

	it.each(['gray', 'rgb24', 'rgba', 'pal8', 'rgb48be', 'ya16be'])('tells of a png of %s without its pixels what it tells with them, and leaves nothing behind', async (pixelFormat) => {
		const picture = await clips.pixels(pixelFormat);
		// A byte too many at the end, and the picture is read whole.
		const whole = await clips.file(`whole-${pixelFormat}.png`, Buffer.concat([await readFile(picture), Buffer.from([0])]));
		const [found, expected] = [await job.ffmpeg.probe(picture), await job.ffmpeg.probe(whole)];
		expect(found).toMatchObject({ video: { pixelFormat, width: 200, height: 100 }, size: expected.size - 1 });
		expect(found).toEqual({ ...expected, size: found.size });
		expect(await readdir(job.folder)).toEqual([]);
	});

	it('refuses a text file called .png', async () => {
		expect(await refused(await clips.file('text.png', 'Hello'))).toMatchObject({ type: 'InvalidInput', code: 'unreadable_media', field: 'video', message: expect.stringMatching(/^video: Expected a media file/) });
	});

	it.each([60, 300])('refuses a picture cut after %d bytes', async (length) => {
		const whole = await readFile(await clips.clip('picture.png'));
		expect(await refused(await clips.file(`cut-${length}.png`, whole.subarray(0, length)))).toMatchObject({ code: 'unreadable_media', field: 'video' });
	});

	it('refuses a picture of too many pixels without unpacking it', async () => {
		const before = process.memoryUsage().rss;
		expect(await refused(await clips.pixelBomb(15_000))).toMatchObject({ code: 'unreadable_media', message: expect.stringContaining('15000x15000 has more than 40000000 pixels') });
		expect(process.memoryUsage().rss - before).toBeLessThan(200e6);
	});

	it('refuses an empty file, a folder, a missing file', async () => {
		expect(await refused(await clips.file('empty.mp4', ''))).toMatchObject({ code: 'unreadable_media', message: expect.stringContaining('it is empty') });
		expect(await refused(clips.folder)).toMatchObject({ code: 'unreadable_media' });
		expect(await refused(join(clips.folder, 'nothing.mp4'))).toMatchObject({ code: 'file_not_found', field: 'video' });
	});

	it('refuses a file with too many streams', async () => {
		expect(await refused(await clips.clip('many-streams.mkv'))).toMatchObject({ code: 'too_many_streams', message: expect.stringContaining('at most 32 streams in the file, got 40') });
	});

	it('refuses a file that is too long', async () => {
		const strict = await mediaJob({ ...paths, maxDuration: 1.5 });
		await expect(strict.ffmpeg.probe(await clips.clip('sound-longer.mp4'), 'audio')).rejects.toMatchObject({ code: 'too_long', field: 'audio' });
		await strict.remove();
	});
});

it('asks ffprobe once for a file that is probed twice, also at the same time', async () => {
	const bundled = await mediaJob();
	const { ffprobe } = await testEngine().describe();
	const counter = join(bundled.folder, 'calls');
	const counting = join(bundled.folder, 'ffprobe');
	if (ffprobe instanceof Error) throw ffprobe;
	await writeFile(counting, `#!/bin/sh\necho call >> ${counter}\nexec ${ffprobe.path} "$@"\n`);
	await chmod(counting, 0o755);
	const job = await mediaJob({ ffprobePath: counting, env: process.env });
	const calls = async () => (await readFile(counter, 'utf8')).trim().split('\n').length;
	const path = await clips.clip('plain.mkv');
	await Promise.all([job.ffmpeg.probe(path), job.ffmpeg.probe(path)]);
	await job.ffmpeg.probe(path);
	// For the version, the facts, and the number of frames, which mkv does not tell.
	expect(await calls()).toBe(3);
	// Header and whole, since no clip of these settings was met; then the header alone of one that has them, too.
	await job.ffmpeg.probe(await clips.clip('plain.mp4'));
	expect(await calls()).toBe(5);
	await job.ffmpeg.probe(await clips.file('copy.mp4', await readFile(await clips.clip('plain.mp4'))));
	expect(await calls()).toBe(6);
	await Promise.all([job.remove(), bundled.remove()]);
});
