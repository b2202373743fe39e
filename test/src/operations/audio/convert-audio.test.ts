import { createClips, type ClipName, type Clips } from '../../../support/clips';
import { channelsOf, decibelsAt } from '../../../support/levels';
import { builds, mediaJob, runOperation, type MediaJob } from '../../../support/media';
import { fileOf, streamsOf } from '../../../support/runtime';

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

	const convert = async (name: ClipName, options = {}) => runOperation('convert_audio', { audio: { file: await clips.clip(name) }, ...options }, job);
	const loudnessOf = async (path: string) => (await runOperation('get_audio_info', { audio: { file: path }, measureLoudness: true }, job)).loudness as { integrated: number };

	it.each([
		['wav', 'pcm_s16le', 'audio/wav'],
		['mp3', 'mp3', 'audio/mpeg'],
		['opus', 'opus', 'audio/opus'],
		['flac', 'flac', 'audio/flac'],
		['m4a', 'aac', 'audio/mp4'],
	])('makes %s, as long and as loud', async (format, codec, mimeType) => {
		const result = await convert('mono.wav', { format });
		const path = fileOf(result.audio);
		expect(result).toMatchObject({ codec, channels: 1, duration: 2, audio: { mimeType, fileName: `audio.${format}` }, warnings: [] });
		expect(Math.abs(streamsOf(path).duration - 2)).toBeLessThan(0.06);
		expect(decibelsAt(channelsOf(path, 1)[0] ?? new Float32Array(), 440, 0.3, 1.7)).toBeCloseTo(-2.5, 0);
	});

	it('takes the sound out of a video without encoding it again, where it is in that format', async () => {
		const result = await convert('plain.mp4', { format: 'm4a' });
		expect(result).toMatchObject({ reencoded: false, codec: 'aac', channels: 2 });
		expect(streamsOf(fileOf(result.audio)).video).toBeUndefined();
		await expect(convert('plain.mp4', { format: 'mp3' })).resolves.toMatchObject({ reencoded: true, codec: 'mp3' });
	});

	it('keeps what a file says about itself', async () => {
		const { audio } = await convert('tone.mp3', { format: 'flac' });
		await expect(runOperation('get_audio_info', { audio: { file: fileOf(audio) } }, job)).resolves.toMatchObject({ tags: { title: 'A tone' } });
	});

	it('changes rate, channels and bit rate', async () => {
		const result = await convert('stereo.wav', { format: 'mp3', sampleRate: 22_050, channels: 1, bitrate: 32_000 });
		expect(streamsOf(fileOf(result.audio)).audio).toMatchObject({ sample_rate: '22050', channels: 1 });
		expect((result.audio as { size: number }).size).toBeLessThan(12_000);
	});

	it.each(['opus', 'm4a', 'flac', 'wav'])('keeps the six channels of 5.1 in %s, and mixes them down for mp3 with a warning', async (format) => {
		await expect(convert('surround.mp4', { format })).resolves.toMatchObject({ channels: 6, warnings: [] });
		await expect(convert('surround.mp4', { format: 'mp3' })).resolves.toMatchObject({ channels: 2, warnings: [expect.stringContaining('6 channels')] });
	});

	it('cuts and fades', async () => {
		const result = await convert('mono.wav', { format: 'wav', start: 0.5, end: 1.5, fadeIn: 0.4, fadeOut: 0.4 });
		const [samples = new Float32Array()] = channelsOf(fileOf(result.audio), 1);
		expect(samples).toHaveLength(48_000);
		expect(decibelsAt(samples, 440, 0, 0.1)).toBeLessThan(-12);
		expect(decibelsAt(samples, 440, 0.45, 0.55)).toBeCloseTo(-2.5, 0);
		expect(decibelsAt(samples, 440, 0.9, 1)).toBeLessThan(-12);
	});

	it('brings sound to a loudness, at the rate it has, and says how', async () => {
		const result = await convert('music.wav', { format: 'wav', loudness: -23 });
		expect(result).toMatchObject({ sampleRate: 44_100, loudness: { target: -23, mode: expect.stringMatching(/linear|dynamic/) } });
		expect((await loudnessOf(fileOf(result.audio))).integrated).toBeCloseTo(-23, 0);
	});

	it('leaves silence as it is, with a warning', async () => {
		await expect(convert('quiet.wav', { format: 'wav', loudness: -16 })).resolves.toMatchObject({ loudness: null, warnings: [expect.stringContaining('silent')] });
	});

	it('warns of an end beyond the sound', async () => {
		await expect(convert('tone.wav', { end: 9 })).resolves.toMatchObject({ duration: 1, warnings: [expect.stringContaining('before the end asked for')] });
	});

	it.each([
		['a video without sound', 'silent.mp4', {}, { code: 'no_audio', field: 'audio' }],
		['a start beyond the end', 'tone.wav', { start: 1 }, { code: 'past_the_end', field: 'start' }],
		['an end before the start', 'tone.wav', { start: 0.5, end: 0.5 }, { code: 'end_before_start', field: 'end' }],
		['a rate that Opus has not', 'tone.wav', { format: 'opus', sampleRate: 44_100 }, { code: 'sample_rate', field: 'sampleRate' }],
		['a bit rate for FLAC', 'tone.wav', { format: 'flac', bitrate: 128_000 }, { code: 'bitrate', field: 'bitrate' }],
		['a bit rate that one channel of MP3 cannot have', 'tone.wav', { bitrate: 320_000 }, { code: 'bitrate', field: 'bitrate' }],
	] as const)('refuses %s', async (_, name, options, expected) => {
		await expect(convert(name, options)).rejects.toMatchObject({ type: 'InvalidInput', ...expected });
	});
});
