/** @jest-environment ./test/support/node-environment.js */
import { chmodSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withScratch } from '../../../../gpu-runtime/scratch';
import type { Word } from '../../../../src/vocabulary';
import { createClips, type Clips } from '../../../support/clips';
import { distance, ffmpeg, fileOf, loudness, pixelIn, pixelsAt, samplesOf, startRuntime, streamsOf } from '../../../support/runtime';

const small = { width: 108, height: 192, quality: 'draft' };
let clips: Clips;
let runtime: ReturnType<typeof startRuntime>;
beforeAll(async () => {
	clips = await createClips();
	runtime = startRuntime();
});
afterAll(async () => {
	await runtime.close();
	await clips.remove();
});

const make = async (input: Record<string, unknown>) =>
	runtime.run('generate_captioned_video', { background: { file: await clips.clip('picture.png') }, speech: { engine: 'draft' }, ...small, ...input });
const words = [
	{ text: 'Hello', start: 0.1, end: 0.4 },
	{ text: 'world', start: 0.5, end: 0.9 },
];

describe('a captioned video from a picture and a text', () => {
	it('is an upright mp4 whose picture and sound are equally long within a frame', async () => {
		const result = await make({ text: 'Hello brave new world.', width: 1080, height: 1920, effect: 'none' });
		const { video, audio } = streamsOf(fileOf(result.video));
		expect(video).toMatchObject({ codec_name: 'h264', width: 1080, height: 1920, pix_fmt: 'yuv420p', r_frame_rate: '25/1' });
		expect(audio).toMatchObject({ codec_name: 'aac', channels: 2, sample_rate: '48000' });
		expect(Math.abs(Number(video?.duration) - Number(audio?.duration))).toBeLessThanOrEqual(0.04);
		expect(result).toMatchObject({ warnings: [], encoder: 'libx264', engine: { name: 'eSpeak NG' } });
	});

	it('tells the time of each word as it is heard', async () => {
		const result = await make({ text: 'One. Two. Three.', captions: { effect: 'word_by_word' } });
		const spoken = result.words as Word[];
		expect(spoken.map(({ text }) => text)).toEqual(['One.', 'Two.', 'Three.']);
		const samples = samplesOf(fileOf(result.video));
		spoken.forEach(({ start, end }, index) => {
			const said = loudness(samples, start, end);
			const pause = loudness(samples, end + 0.03, (spoken[index + 1]?.start ?? end + 0.03) - 0.02);
			expect(said).toBeGreaterThan(0.03);
			expect(pause).toBeLessThan(said / 5);
		});
	});

	it('shows captions when words are said, and none when captions are off', async () => {
		const bright = (pixels: Buffer) => pixels.filter((value) => value > 240).length;
		const request = { audio: { file: await clips.clip('tone.wav') }, words, background: { file: await clips.pixelBomb(200) }, effect: 'none' };
		const shown = fileOf((await make({ ...request, captions: { effect: 'word_by_word', fontSize: 300, stroke: { size: 0 }, shadow: { opacity: 0 } } })).video);
		const hidden = fileOf((await make({ ...request, captions: false })).video);
		expect(bright(pixelsAt(shown, 0.25))).toBeGreaterThan(100);
		expect(bright(pixelsAt(shown, 0.45))).toBe(0);
		expect(bright(pixelsAt(shown, 0.7))).toBeGreaterThan(100);
		expect(bright(pixelsAt(hidden, 0.25))).toBe(0);
	});

	it('is black where the picture is transparent, whatever colour is hidden there', async () => {
		const result = await make({ audio: { file: await clips.clip('tone.wav') }, words, captions: false, background: { file: await clips.clip('transparent.png') }, width: 160, height: 120, effect: 'none' });
		const pixels = pixelsAt(fileOf(result.video), 0.5);
		const at = (x: number, y: number) => [...pixels.subarray(3 * (y * 160 + x), 3 * (y * 160 + x) + 3)];
		expect(Math.max(...at(40, 60))).toBeLessThan(20);
		expect(at(120, 60)[0]).toBeGreaterThan(220);
	});

	it.each(['none', 'ken_burns', 'pan'])('fills the picture without stretching it: %s', async (effect) => {
		const result = await make({ audio: { file: await clips.clip('tone.wav') }, words, captions: false, effect, zoom: 0.3 });
		const path = fileOf(result.video);
		expect(streamsOf(path).video).toMatchObject({ width: 108, height: 192, nb_frames: '25' });
		const [first, last] = [pixelsAt(path, 0), pixelsAt(path, 0.9)];
		const difference = first.reduce((sum, value, index) => sum + Math.abs(value - (last[index] ?? 0)), 0) / first.length;
		// A still picture differs from itself by what the encoder takes off.
		if (effect === 'none') expect(difference).toBeLessThan(3);
		else expect(difference).toBeGreaterThan(6);
	});

	it('a video in the background is repeated to the length of the sound', async () => {
		const result = await make({ background: { file: await clips.clip('plain.mp4') }, audio: { file: await clips.clip('mono.wav') }, words, fps: 29.97 });
		const { video, audio } = streamsOf(fileOf(result.video));
		expect(video).toMatchObject({ r_frame_rate: '30000/1001', nb_frames: '60' });
		expect(Math.abs(Number(audio?.duration) - 2)).toBeLessThan(0.04);
	});

	it.each(['rotated.mp4', 'odd.mp4', 'hdr.mp4', 'variable.mp4', 'picture.webp', 'anamorphic.mp4'] as const)('takes %s as a background', async (name) => {
		const result = await make({ background: { file: await clips.clip(name) }, audio: { file: await clips.clip('tone.wav') }, words, effect: 'none' });
		expect(streamsOf(fileOf(result.video)).video).toMatchObject({ width: 108, height: 192, pix_fmt: 'yuv420p', nb_frames: '25' });
	});

	it.each([['crimson.png', 'smpte170m'], ['bt709.mp4', 'bt709'], ['full-range.mp4', 'bt709']] as const)('has the colours of %s, and says which they are', async (name, colorSpace) => {
		const { video } = await make({ background: { file: await clips.clip(name) }, audio: { file: await clips.clip('tone.wav') }, words, captions: false, effect: 'none' });
		expect(distance(pixelIn(pixelsAt(fileOf(video), 0.5), 108, 50, 90), [0xdc, 0x28, 0x3c])).toBeLessThan(8);
		expect(streamsOf(fileOf(video)).video).toMatchObject({ color_space: colorSpace });
	});

	it('the voice keeps its level under music, and music that ducks gives way', async () => {
		const voice = { audio: { file: await clips.clip('mono.wav') }, words, captions: false, effect: 'none' };
		const music = { backgroundMusic: { file: await clips.clip('music.wav') }, backgroundMusicVolume: 0.1 };
		const alone = samplesOf(fileOf((await make(voice)).video));
		const mixed = samplesOf(fileOf((await make({ ...voice, ...music })).video));
		const ducked = samplesOf(fileOf((await make({ ...voice, ...music, duck: true })).video));
		const decibels = (samples: Float32Array) => 20 * Math.log10(loudness(samples, 0.5, 1.5));
		expect(Math.abs(decibels(mixed) - decibels(alone))).toBeLessThan(0.5);
		expect(Math.abs(decibels(ducked) - decibels(alone))).toBeLessThan(0.5);
	});

	it('braces, backslashes and line breaks in a text are only text', async () => {
		const result = await make({ text: 'Look {\\fs200}here\\Nnow\nand {then}.' });
		expect((result.captions as { ass: string }).ass).not.toContain('{\\fs200}');
		expect((result.words as Word[]).map(({ text }) => text)).toEqual(['Look', '{\\fs200}here\\Nnow', 'and', '{then}.']);
	});
});

describe('what cannot be made into a video', () => {
	const failing = async (input: Record<string, unknown>) => {
		const scratch = join(runtime.root, 'scratch');
		const request = { background: { file: await clips.clip('picture.png') }, text: 'Hello.', speech: { engine: 'draft' }, ...small, ...input };
		const answer = await withScratch(scratch, (folder) => runtime.runtime.execute('generate_captioned_video', request, { id: 'failing', folder, signal: new AbortController().signal, allowFiles: true }));
		expect(readdirSync(scratch)).toEqual([]);
		if (answer.status === 'success') throw new Error('Expected a failure');
		return answer.error;
	};

	it.each([
		['no background', { background: undefined }, { field: 'background', message: 'background: Expected a value, got nothing. Fill it in, or look at what should have filled it in' }],
		['an empty text', { text: '' }, { field: 'text' }],
		['neither text nor sound', { text: undefined }, { field: 'text', message: expect.stringContaining('a text to speak, or a sound') }],
		['a width of 63', { width: 63 }, { field: 'width', message: 'width: Expected at least 64, got 63. Enter a larger number' }],
		['an unknown font', { captions: { font: 'No Such Font' } }, { field: 'captions.font', message: expect.stringContaining('Inter') }],
		['a colour with a filter in it', { captions: { color: 'red; movie=/etc/passwd' } }, { field: 'captions.color', message: expect.stringContaining('Expected a colour') }],
		['a colour nobody knows', { captions: { color: 'reddishest' } }, { type: 'InvalidInput', field: 'captions.color' }],
		['an unknown engine', { speech: { engine: 'parrot' } }, { type: 'InvalidInput', field: 'speech.engine' }],
		['words without their sound', { words }, { field: 'words', message: expect.stringContaining('Expected the sound') }],
	])('%s', async (_, input, expected) => {
		expect(await failing(input)).toMatchObject({ type: 'InvalidInput', retryable: false, ...expected });
	});

	it('a text and a sound', async () => {
		expect(await failing({ audio: { file: await clips.clip('tone.wav') } })).toMatchObject({ field: 'audio', message: expect.stringContaining('not both') });
	});

	it('a text file called .png, a broken picture, a pixel bomb', async () => {
		const broken = await clips.file('broken.png', Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR broken', 'latin1'));
		for (const file of [await clips.file('text.png', 'not a picture'), broken, await clips.pixelBomb(15_000)])
			expect(await failing({ background: { file } })).toMatchObject({ code: 'unreadable_media', field: 'background' });
	});

	it('a sound file without sound, and a background that is only sound', async () => {
		expect(await failing({ text: undefined, audio: { file: await clips.clip('silent.mp4') }, words })).toMatchObject({ code: 'no_audio', field: 'audio' });
		expect(await failing({ background: { file: await clips.clip('tone.wav') } })).toMatchObject({ code: 'no_picture', field: 'background' });
	});

	it('words out of order, or beyond the sound', async () => {
		const sound = { text: undefined, audio: { file: await clips.clip('tone.wav') } };
		expect(await failing({ ...sound, words: [...words].reverse() })).toMatchObject({ field: expect.stringContaining('words'), message: expect.stringContaining('in order of time') });
		expect(await failing({ ...sound, words: [{ text: 'late', start: 9, end: 10 }] })).toMatchObject({ field: 'words', code: 'captions_too_long' });
	});

	it('a speech model that is not there says what to do', async () => {
		expect(await failing({ speech: { engine: 'kokoro' } })).toMatchObject({ type: 'OperationFailed', message: expect.stringMatching(/models download|AI_AGENT_TOOLS_OFFLINE/) });
	});
});

describe('ffmpeg that is missing or lies, and a full disk', () => {
	// What an ffmpeg sees of a full disk, for those who may mount none: it may write no more than 4 kB into a file.
	it.each([
		['makes nothing and says that all is well', 'case "$*" in *-version*) echo "ffmpeg version 9"; echo "libavcodec 99. 1.100";; esac', { code: 'no_result' }],
		['has no room left', `trap '' XFSZ; ulimit -f 8; exec ${ffmpeg} "$@"`, { code: 'disk_full', retryable: true, message: expect.stringContaining('disk') }],
	])('an ffmpeg that %s is told of, and no part of a video stays', async (_, script, error) => {
		const path = join(clips.folder, `ffmpeg-${error.code}`);
		writeFileSync(path, `#!/bin/sh\n${script}\n`);
		chmodSync(path, 0o755);
		const other = startRuntime({ FFMPEG_PATH: path });
		const answer = await other.execute('generate_captioned_video', { background: { file: await clips.clip('picture.png') }, audio: { file: await clips.clip('tone.wav') }, words, captions: false, ...small });
		expect(answer).toMatchObject({ status: 'error', error: { type: 'OperationFailed', ...error } });
		expect(readdirSync(other.root, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('captioned-video'))).toEqual([]);
		await other.close();
	});

	it.each([
		['is not there', '/nonexistent/ffmpeg'],
		['is something else', process.execPath],
	])('a set ffmpeg that %s is named, and nothing else is taken in its place', async (_, path) => {
		const other = startRuntime({ FFMPEG_PATH: path });
		const answer = await other.execute('generate_captioned_video', { background: { file: await clips.clip('picture.png') }, text: 'Hello.', speech: { engine: 'draft' }, ...small });
		await other.close();
		expect(answer).toMatchObject({ status: 'error', error: { type: 'OperationFailed', message: expect.stringContaining(path) } });
	});
});
