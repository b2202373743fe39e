import { readFile } from 'node:fs/promises';
import { createClips, type Clips } from '../../../support/clips';
import { channelsOf, decibelsAt } from '../../../support/levels';
import { builds, mediaJob, runOperation, type MediaJob } from '../../../support/media';
import { fileOf, streamsOf } from '../../../support/runtime';

let clips: Clips;
beforeAll(async () => {
	clips = await createClips();
});
afterAll(() => clips.remove());

/** One second of a tone of half the full height. */
const tone = (rate: number, channels: number, write: (bytes: Buffer, value: number, at: number) => void, bytes: number) => {
	const data = Buffer.alloc(rate * channels * bytes);
	for (let at = 0; at < rate * channels; at++) write(data, 0.5 * Math.sin((2 * Math.PI * 440 * Math.floor(at / channels)) / rate), at);
	return data;
};
const integers = (rate: number, channels: number) => tone(rate, channels, (data, value, at) => data.writeInt16LE(Math.round(value * 32_767), at * 2), 2);
const floats = (rate: number, channels: number) => tone(rate, channels, (data, value, at) => data.writeFloatLE(value, at * 4), 4);
const threeBytes = (rate: number, channels: number) => tone(rate, channels, (data, value, at) => data.writeIntLE(Math.round(value * 8_388_607), at * 3, 3), 3);

describe.each(builds)('with $name', ({ paths }) => {
	let job: MediaJob;
	beforeEach(async () => {
		job = await mediaJob(paths);
	});
	afterEach(() => job.remove());

	const convert = async (bytes: Uint8Array, options = {}) => runOperation('convert_pcm_to_wav', { pcm: { file: await clips.file('samples.pcm', bytes) }, ...options }, job);

	it('keeps every byte where rate and channels stay', async () => {
		const samples = integers(24_000, 1);
		const result = await convert(samples, { targetSampleRate: 24_000, targetChannels: 1 });
		const wav = await readFile(fileOf(result.audio));
		expect(wav).toHaveLength(44 + samples.length);
		expect(wav.subarray(44).equals(samples)).toBe(true);
		expect(result).toMatchObject({ duration: 1, sampleRate: 24_000, channels: 1, warnings: [], audio: { mimeType: 'audio/wav' } });
	});

	it('makes stereo at 44.1 kHz of speech, as loud as it was', async () => {
		const path = fileOf((await convert(integers(24_000, 1))).audio);
		expect(streamsOf(path).audio).toMatchObject({ codec_name: 'pcm_s16le', sample_rate: '44100', channels: 2 });
		for (const channel of channelsOf(path, 2)) expect(decibelsAt(channel, 440, 0.2, 0.8)).toBeCloseTo(-6.02, 1);
	});

	it.each([
		['24-bit integers', 's24le', threeBytes, 'pcm_s24le'],
		['floats', 'f32le', floats, 'pcm_f32le'],
	] as const)('takes %s, and makes mono of stereo at the same level', async (_, format, samples, codec) => {
		const path = fileOf((await convert(samples(48_000, 2), { format, sampleRate: 48_000, channels: 2, targetChannels: 1 })).audio);
		expect(streamsOf(path).audio).toMatchObject({ codec_name: codec, channels: 1 });
		expect(decibelsAt(channelsOf(path, 1)[0] ?? new Float32Array(), 440, 0.2, 0.8)).toBeCloseTo(-6.02, 1);
	});

	it.each([
		['an empty file', Buffer.alloc(0), {}, 'empty_file'],
		['half a sample', Buffer.alloc(4801), {}, 'partial_frame'],
		['half a frame', Buffer.alloc(4802), { channels: 2 }, 'partial_frame'],
	])('refuses %s', async (_, bytes, options, code) => {
		await expect(convert(bytes, options)).rejects.toMatchObject({ code, field: 'pcm', type: 'InvalidInput' });
	});
});
