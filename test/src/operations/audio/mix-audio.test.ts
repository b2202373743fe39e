import { readFile } from 'node:fs/promises';
import type { Result } from '../../../../src/execute';
import { createClips, type ClipName, type Clips } from '../../../support/clips';
import { channelsOf, decibelsAt } from '../../../support/levels';
import { builds, mediaJob, runOperation, type MediaJob } from '../../../support/media';
import { fileOf } from '../../../support/runtime';

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

	const mix = async (options: Record<string, unknown> = {}, voice: ClipName = 'mono.wav', music: ClipName = 'music.wav') =>
		runOperation('mix_audio', { voice: { file: await clips.clip(voice) }, music: { file: await clips.clip(music) }, format: 'wav', ...options }, job);
	const left = (result: Result) => channelsOf(fileOf(result.audio), 2)[0] ?? new Float32Array();

	it.each(['mono.wav', 'stereo.wav'] as const)('keeps the level of %s within 0.5 dB, under music that begins again', async (voice) => {
		const samples = left(await mix({ duck: false }, voice));
		expect(samples).toHaveLength(96_000);
		expect(Math.abs(decibelsAt(samples, 440, 0.2, 1.8) + 2.5)).toBeLessThan(0.5);
		expect(decibelsAt(samples, 880, 1.5, 1.9)).toBeGreaterThan(-24);
	});

	it('lets the music give way under the voice', async () => {
		const [plain, ducked] = [left(await mix({ duck: false })), left(await mix())];
		expect(decibelsAt(plain, 880, 0.5, 1.8) - decibelsAt(ducked, 880, 0.5, 1.8)).toBeGreaterThan(6);
		expect(Math.abs(decibelsAt(ducked, 440, 0.5, 1.8) + 2.5)).toBeLessThan(0.5);
	});

	it('plays the music once where it is not to be looped', async () => {
		const samples = left(await mix({ duck: false, loopMusic: false }));
		expect(decibelsAt(samples, 880, 0.1, 0.6)).toBeGreaterThan(-24);
		expect(decibelsAt(samples, 880, 1, 1.9)).toBeLessThan(-50);
	});

	it('fades the music, and not the voice', async () => {
		const samples = left(await mix({ duck: false, fadeIn: 1, fadeOut: 0.5 }, 'quiet.wav'));
		expect(decibelsAt(samples, 880, 0, 0.1)).toBeLessThan(decibelsAt(samples, 880, 0.4, 0.5) - 6);
		expect(Math.abs(decibelsAt(left(await mix({ duck: false, fadeIn: 1 })), 440, 0, 0.3) + 2.5)).toBeLessThan(0.5);
	});

	it('takes the sound of videos, and of 5.1', async () => {
		await expect(mix({ format: 'mp3' }, 'surround.mp4', 'plain.webm')).resolves.toMatchObject({ audio: { fileName: 'mix.mp3' }, warnings: [] });
	});

	it('brings the mix to a loudness', async () => {
		const result = await mix({ loudness: -20 });
		expect(result).toMatchObject({ loudness: { target: -20 } });
		const again = await runOperation('get_audio_info', { audio: { file: fileOf(result.audio) }, measureLoudness: true }, job);
		expect((again.loudness as { integrated: number }).integrated).toBeCloseTo(-20, 0);
	});

	// A filter takes a length of 0 for none at all, and writes silence until the disk is full.
	it.each(['voice', 'music'])('refuses a %s whose header claims so many bytes that it has no length', async (field) => {
		const wav = await readFile(await clips.clip('tone.wav'));
		wav.writeUInt32LE(0xffff7700, 28);
		wav.writeUInt16LE(0xffff, 32);
		wav.writeUInt32LE(0xff017700, wav.indexOf('data') + 4);
		const claim = { file: await clips.file('claim.wav', wav) };
		const good = { file: await clips.clip('tone.wav') };
		await expect(runOperation('mix_audio', { voice: good, music: good, [field]: claim }, job)).rejects.toMatchObject({ type: 'InvalidInput', code: 'no_length', field });
	});

	it.each([
		['voice', 'silent.mp4', 'music.wav'],
		['music', 'mono.wav', 'picture.png'],
	] as const)('refuses a %s without sound', async (field, voice, music) => {
		await expect(mix({}, voice, music)).rejects.toMatchObject({ code: 'no_audio', field });
	});
});
