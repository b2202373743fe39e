import { readFile } from 'node:fs/promises';
import { chain, printFilters, printGraph, type Chain } from '../../../src/ffmpeg/graph';
import { measuring, normalizing, readLoudness } from '../../../src/ffmpeg/loudness';
import { loopedInput } from '../../../src/ffmpeg/picture';
import { fading, lasting, mixed, silence, stereo } from '../../../src/ffmpeg/sound';
import type { RenderInput } from '../../../src/runtime';
import { createClips, type Clips } from '../../support/clips';
import { builds, mediaJob, type MediaJob } from '../../support/media';

let clips: Clips;
beforeAll(async () => {
	clips = await createClips();
});
afterAll(() => clips.remove());

/** How loud a frequency is between two times, as the height of its wave. */
function level(samples: Float32Array, frequency: number, from: number, to: number): number {
	let [real, imaginary, count] = [0, 0, 0];
	for (let at = Math.round(from * 48_000); at < Math.round(to * 48_000); at++, count++) {
		const angle = (2 * Math.PI * frequency * at) / 48_000;
		real += (samples[2 * at] ?? 0) * Math.cos(angle);
		imaginary += (samples[2 * at] ?? 0) * Math.sin(angle);
	}
	return (2 * Math.hypot(real, imaginary)) / count;
}

const decibels = (ratio: number) => 20 * Math.log10(ratio);

describe.each(builds)('with $name', ({ paths }) => {
	let job: MediaJob;
	beforeEach(async () => {
		job = await mediaJob(paths);
	});
	afterEach(() => job.remove());

	/** The sound of a graph's pad `a`: stereo, 48 kHz, left and right in turn. */
	async function samples(inputs: RenderInput[], chains: Chain[]): Promise<Float32Array> {
		const output = job.files.path('sound.raw');
		await job.ffmpeg.render({ inputs, filter: printGraph(chains), options: ['-map', '[a]', '-f', 'f32le'], output });
		const bytes = await readFile(output);
		return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
	}

	const voice = (path: string, channels: number, duration: number) => [{ path }, chain(['0:a:0'], [...stereo(channels), ...lasting(duration)], ['voice'])] as const;

	it('makes stereo of mono without a loss of level', async () => {
		const [mono, both] = [await clips.clip('mono.wav'), await clips.clip('stereo.wav')];
		const one = await samples([{ path: mono }], [chain(['0:a:0'], stereo(1), ['a'])]);
		const two = await samples([{ path: both }], [chain(['0:a:0'], stereo(2), ['a'])]);
		expect(one).toHaveLength(2 * 2 * 48_000);
		expect(decibels(level(one, 440, 0.5, 1.5) / level(two, 440, 0.5, 1.5))).toBeCloseTo(0, 1);
		expect(one[20_000]).toBe(one[20_001]);
	});

	it('makes stereo of 5.1, and 48 kHz of 44.1', async () => {
		const surround = await samples([{ path: await clips.clip('surround.mp4') }], [chain(['0:a:0'], [...stereo(6), ...lasting(1)], ['a'])]);
		expect(surround).toHaveLength(2 * 48_000);
		expect(level(surround, 440, 0.2, 0.8)).toBeGreaterThan(0.1);
		const loud = await samples([{ path: await clips.clip('loud-surround.wav') }], [chain(['0:a:0'], [...stereo(6), ...lasting(1)], ['a'])]);
		expect(loud.reduce((most, value) => Math.max(most, Math.abs(value)), 0)).toBeLessThan(0.98);
		const music = await samples([{ path: await clips.clip('music.wav') }], [chain(['0:a:0'], [...stereo(2), ...lasting(0.7)], ['a'])]);
		expect(level(music, 880, 0.1, 0.6)).toBeGreaterThan(0.1);
	});

	it('gives exactly the length asked for, of short and of long sound and of none', async () => {
		const path = await clips.clip('mono.wav');
		await expect(samples([{ path }], [chain(['0:a:0'], [...stereo(1), ...lasting(3)], ['a'])])).resolves.toHaveLength(2 * 144_000);
		await expect(samples([{ path }], [chain(['0:a:0'], [...stereo(1), ...lasting(0.5)], ['a'])])).resolves.toHaveLength(2 * 24_000);
		const nothing = await samples([], [chain([], silence(0.5), ['a'])]);
		expect(nothing).toHaveLength(2 * 24_000);
		expect(nothing.every((value) => value === 0)).toBe(true);
	});

	const music = async (rest: Partial<Parameters<typeof mixed>[0]['music']> = {}) =>
		({ from: '1:a:0', channels: 2, volume: 1, duck: false, ...rest });

	it.each([
		['mono', 'mono.wav', 1],
		['stereo', 'stereo.wav', 2],
	] as const)('keeps the level of a %s voice under music that begins again and again', async (_, name, channels) => {
		const [input, ready] = voice(await clips.clip(name), channels, 2);
		const alone = await samples([input], [chain(['0:a:0'], stereo(channels), ['a'])]);
		const both = await samples([input, loopedInput(await clips.clip('music.wav'))], [ready, ...mixed({ voice: 'voice', music: await music({ volume: 0.25 }), duration: 2, to: 'a' })]);
		expect(both).toHaveLength(2 * 96_000);
		expect(Math.abs(decibels(level(both, 440, 0.2, 1.8) / level(alone, 440, 0.2, 1.8)))).toBeLessThan(0.5);
		expect(level(both, 880, 1.5, 1.9)).toBeGreaterThan(0.02);
	});

	it('lets the music give way while the voice speaks, and come back', async () => {
		const [input, ready] = voice(await clips.clip('mono.wav'), 1, 4);
		const looped = loopedInput(await clips.clip('music.wav'));
		const plain = await samples([input, looped], [ready, ...mixed({ voice: 'voice', music: await music({ volume: 0.25 }), duration: 4, to: 'a' })]);
		const ducked = await samples([input, looped], [ready, ...mixed({ voice: 'voice', music: await music({ volume: 0.25, duck: true }), duration: 4, to: 'a' })]);
		expect(ducked).toHaveLength(2 * 192_000);
		expect(decibels(level(ducked, 880, 0.5, 1.8) / level(plain, 880, 0.5, 1.8))).toBeLessThan(-6);
		expect(decibels(level(ducked, 440, 0.5, 1.8) / level(plain, 440, 0.5, 1.8))).toBeCloseTo(0, 0);
		expect(decibels(level(ducked, 880, 3.2, 3.9) / level(plain, 880, 3.2, 3.9))).toBeGreaterThan(-0.5);
	});

	it('fades in and out', async () => {
		const path = await clips.clip('stereo.wav');
		const faded = await samples([{ path }], [chain(['0:a:0'], [...stereo(2), ...lasting(2), ...fading({ fadeIn: 0.5, fadeOut: 0.5 }, 2)], ['a'])]);
		const middle = level(faded, 440, 0.8, 1.2);
		expect(level(faded, 440, 0, 0.1) / middle).toBeLessThan(0.3);
		expect(level(faded, 440, 1.9, 2) / middle).toBeLessThan(0.3);
	});

	it('brings sound to a loudness in two passes, at 48 kHz', async () => {
		const path = await clips.clip('mono.wav');
		const measured = readLoudness(await job.ffmpeg.analyse({ inputs: [{ path }], options: ['-map', '0:a:0', '-af', printFilters(measuring(-23))] }));
		if (measured === null) throw new Error('Expected a loudness');
		const output = job.files.path('even.wav');
		await job.ffmpeg.render({ inputs: [{ path }], options: ['-af', printFilters(normalizing(-23, measured))], output, duration: 2 });
		const again = readLoudness(await job.ffmpeg.analyse({ inputs: [{ path: output }], options: ['-af', printFilters(measuring(-23))] }));
		expect(again?.integrated).toBeCloseTo(-23, 0);
		await expect(job.ffmpeg.probe(output)).resolves.toMatchObject({ audio: { sampleRate: 48_000 } });
	});

	it('finds no loudness in silence', async () => {
		const log = await job.ffmpeg.analyse({ inputs: [{ path: await clips.clip('quiet.wav') }], options: ['-af', printFilters(measuring())] });
		expect(readLoudness(log)).toBeNull();
	});
});

it('says when a log holds no loudness', () => {
	expect(() => readLoudness('Conversion failed!')).toThrow('Expected ffmpeg to report the loudness');
});
