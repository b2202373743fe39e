/** @jest-environment ./test/support/node-environment.js */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createChatterbox } from '../../../../gpu-runtime/engines/chatterbox';
import { createOnnx, type Onnx } from '../../../../gpu-runtime/engines/onnx';
import { createModelStore } from '../../../../gpu-runtime/models/store';
import { readWav } from '../../../../src/audio/wav';
import { Cancelled } from '../../../../src/errors';
import type { ChatterboxRequest, ClonedSpeech, Job, Speech } from '../../../../src/runtime';
import { chatterboxDefaults } from '../../../../src/speech/chatterbox/defaults';
import { mediaJob, type MediaJob } from '../../../support/media';
import { readTinySpeech, tinyTokens, voiceTokens, writeTinyChatterbox, type TinyChatterbox } from '../../../support/models/chatterbox';

let root: string;
let onnx: Onnx;
let job: MediaJob;
let chatterbox: Speech['chatterbox'];

beforeEach(async () => {
	root = await mkdtemp(join(tmpdir(), 'chatterbox-'));
	onnx = createOnnx({ threads: 1 });
	job = await mediaJob();
	chatterbox = createChatterbox({ onnx, store: createModelStore({ folder: root, offline: true }), device: 'cpu', maxTokens: 150 });
});
afterEach(async () => {
	await onnx.close();
	await job.remove();
	await rm(root, { recursive: true });
});

const write = (options: TinyChatterbox = {}) => writeTinyChatterbox(join(root, options.turbo ? 'chatterbox-turbo' : 'chatterbox'), { stopAt: 60, ...options });

type Options = Partial<ChatterboxRequest> & { progress?: (fraction: number, activity: string) => void; signal?: AbortSignal };

function speak(text: string, { progress = () => undefined, signal = job.signal, ...request }: Options = {}): Promise<ClonedSpeech> {
	const needsNothingElse = { ...job, id: 'test', progress, signal } as unknown as Job;
	return chatterbox({ ...chatterboxDefaults, text, ...request }, needsNothingElse);
}

async function samplesOf({ path }: ClonedSpeech): Promise<Float32Array> {
	const { format, samples } = readWav(await readFile(path));
	expect(format).toEqual({ sampleRate: 24_000, channels: 1, encoding: 's16' });
	return samples;
}

const heard = async (spoken: ClonedSpeech) => readTinySpeech(await samplesOf(spoken));

/** What the tiny models must say to a normalized text, worked out by hand. */
function expectedTokens(text: string, { turbo = false, exaggeration = 0.5, stopAt = 60, weight = 0 } = {}): number[] {
	const ids = tinyTokens(text, turbo);
	const row = (id: number, position: number) => (turbo ? id : (id + position) * exaggeration);
	const voice = turbo ? 0 : 1; // Two rows of 0.5; Turbo's are made quiet, so that they do not count.
	let sum = voice + ids.reduce((total, id, index) => total + row(id, id >= 6561 ? 0 : index - 1), 0);
	let seen = ids.length + 2;
	let positions = Array.from({ length: seen }, (_, position) => position).reduce((a, b) => a + b);
	const tokens: number[] = [];
	while (seen !== stopAt) {
		const token = 100 + (Math.floor(sum + 7 * seen + (turbo ? 3 * positions : 0) + 1000 * weight) % 6000);
		tokens.push(token);
		sum += row(token, tokens.length);
		positions = seen++;
	}
	return tokens;
}

const inSound = (...chunks: number[][]) => chunks.flatMap((tokens) => [...voiceTokens, ...tokens, 4299, 4299, 4299]);

/** A tone of our making, as a voice sample. */
async function tone(seconds: number, name = `tone-${seconds}.wav`, options: string[] = []): Promise<string> {
	const output = join(root, name);
	await job.ffmpeg.render({ inputs: [{ path: `sine=f=300:r=44100:d=${seconds}`, lavfi: true }], options, output, duration: seconds });
	return output;
}

describe('the original', () => {
	it('feeds the frame, the voice, the positions and every new token, and says what really ran', async () => {
		await write();
		const spoken = await speak('hello there', { seed: 7 });
		const { tokens, level } = await heard(spoken);
		expect(tokens).toEqual(inSound(expectedTokens('Hello there.')));
		expect(level).toBeCloseTo(0.5, 3);
		expect(spoken).toMatchObject({ words: null, seed: 7, cfgApplied: false });
		expect(spoken.duration).toBeCloseTo(tokens.length * 0.04, 6);
		expect(spoken.segments).toEqual([{ text: 'hello there', start: 0, end: spoken.duration, words: [] }]);
		expect(spoken.engine).toMatchObject({ name: 'chatterbox', model: 'chatterbox', precision: 'q4', device: 'cpu', provider: 'cpu' });
		expect(spoken.engine.inferenceSeconds).toBeGreaterThan(0);
	});

	it('puts the frame around the text where the tokenizer does not', async () => {
		await write({ frames: false });
		expect((await heard(await speak('Hello.'))).tokens).toEqual(inSound(expectedTokens('Hello.')));
	});

	it('hands the exaggeration on', async () => {
		await write();
		const { tokens } = await heard(await speak('Hello.', { exaggeration: 2 }));
		expect(tokens).toEqual(inSound(expectedTokens('Hello.', { exaggeration: 2 })));
	});

	it('warns that the published export cannot apply the CFG weight', async () => {
		await write();
		expect((await speak('Hello.', { cfgWeight: 0.7 })).cfgApplied).toBe(false);
		expect(job.warnings).toEqual([expect.stringMatching(/cannot apply the CFG weight/)]);
	});

	it('applies the CFG weight where the model takes it, and warns of nothing', async () => {
		await write({ guided: true });
		const spoken = await speak('Hello.', { cfgWeight: 0.5 });
		expect(spoken.cfgApplied).toBe(true);
		expect((await heard(spoken)).tokens).toEqual(inSound(expectedTokens('Hello.', { weight: 0.5 })));
		expect(job.warnings).toEqual([]);
	});

	it('works with a cache of half precision', async () => {
		await write({ cacheType: 'float16' });
		const { tokens } = await heard(await speak('Hello.'));
		expect(tokens).toHaveLength(inSound(expectedTokens('Hello.')).length);
	});

	it('invents a seed and tells it where none is given', async () => {
		await write();
		expect((await speak('Hello.')).seed).toBeGreaterThanOrEqual(0);
	});

	it('warns of characters it has no token for', async () => {
		await write();
		await speak('Hello 世界.', { cfgWeight: 0 });
		expect(job.warnings).toEqual(['Chatterbox has no sound for 世 界']);
	});
});

describe('Turbo', () => {
	it('is known by its graphs: no exaggeration, positions for the language model, its own frame', async () => {
		await write({ turbo: true });
		const spoken = await speak('hello - there', { model: 'turbo', sample: await tone(6) });
		const { tokens, level } = await heard(spoken);
		expect(tokens).toEqual(inSound(expectedTokens('Hello - there.', { turbo: true })));
		expect(level).toBeLessThan(0.1);
		expect(spoken.engine.model).toBe('chatterbox-turbo');
		expect(job.warnings).toEqual([]);
	});

	it('warns when it is asked for what it cannot do', async () => {
		await write({ turbo: true });
		await speak('Hello.', { model: 'turbo', exaggeration: 1 });
		expect(job.warnings).toEqual([expect.stringMatching(/no exaggeration and no CFG weight/)]);
	});
});

describe('a long text', () => {
	it('is spoken in parts of whole sentences, with silence between', async () => {
		await write();
		const sentences = ['The first one is here.', 'The second one follows.', 'The third one ends it.'];
		const spoken = await speak(sentences.join(' '), { chunkCharacters: 50, chunkSilence: 0.5 });
		const samples = await samplesOf(spoken);
		const [first, second] = spoken.segments;
		expect(spoken.segments.map(({ text }) => text)).toEqual([`${sentences[0]} ${sentences[1]}`, sentences[2]]);
		expect((second?.start ?? 0) - (first?.end ?? 0)).toBeCloseTo(0.5, 3);
		expect(second?.end).toBe(spoken.duration);
		const at = (seconds = 0) => Math.round(seconds * 24_000);
		expect(samples.subarray(at(first?.end), at(second?.start)).every((sample) => sample === 0)).toBe(true);
		expect(readTinySpeech(samples.slice(0, at(first?.end))).tokens).toEqual(inSound(expectedTokens(`${sentences[0]} ${sentences[1]}`)));
		expect(readTinySpeech(samples.slice(at(second?.start))).tokens).toEqual(inSound(expectedTokens(sentences[2] ?? '')));
	});

	it('whose part comes to no end in 40 s is halved and spoken again, without a lost word', async () => {
		await write({ stopAt: 64 });
		const spoken = await speak('This sentence is for itself. Another sentence, with a clause that makes it very long for so small a model.');
		const parts = ['This sentence is for itself.', 'Another sentence,', 'With a clause that makes it.', 'Very long for so small a model.'];
		expect((await heard(spoken)).tokens).toEqual(inSound(...parts.map((part) => expectedTokens(part, { stopAt: 64 }))));
	});

	it('with a word that never ends fails and says which part', async () => {
		await write({ stopAt: 40 });
		const endless = 'Antidisestablishmentarianismantidisestablishment.';
		await expect(speak(`Hello. ${endless}`, { chunkCharacters: 50 })).rejects.toMatchObject({
			code: 'speech_endless',
			message: expect.stringMatching(/^Part 2 of 2 could not be spoken: .*Antidis/),
		});
	});

	it('with a part that gives no sound fails and says which part', async () => {
		await write({ stopAt: tinyTokens('Hello.').length + 2 });
		await expect(speak('Hello.')).rejects.toMatchObject({ code: 'speech_empty', message: expect.stringContaining('Part 1 of 1') });
	});

	it('is stopped between two steps', async () => {
		await write({ stopAt: 900 });
		const controller = new AbortController();
		let steps = 0;
		const progress = (_: number, activity: string) => activity === 'Speaking' && ++steps === 5 && controller.abort(new Cancelled());
		await expect(speak('Hello.', { signal: controller.signal, progress })).rejects.toThrow(Cancelled);
		expect(steps).toBe(5);
	});
});

describe('the voice sample', () => {
	it('may be any file with sound, a video too', async () => {
		await write();
		const video = join(root, 'video.mp4');
		await job.ffmpeg.render({
			inputs: [{ path: 'testsrc2=s=64x64:r=10:d=4', lavfi: true }, { path: 'sine=f=300:d=4', lavfi: true }],
			options: ['-c:v', 'libx264', '-c:a', 'aac'],
			output: video,
			duration: 4,
		});
		const { level } = await heard(await speak('Hello.', { sample: video }));
		expect(level).toBeGreaterThan(0.05);
		expect(level).toBeLessThan(0.1);
	});

	it('is heard once for all jobs that speak with it', async () => {
		await write();
		const sample = await tone(4);
		const decoded = async () => (await readdir(job.folder)).filter((name) => name.endsWith('.f32')).length;
		const first = await heard(await speak('Hello.', { sample }));
		expect(await decoded()).toBe(1);
		const copy = join(root, 'copy.wav');
		await writeFile(copy, await readFile(sample));
		expect(await heard(await speak('Hello.', { sample: copy }))).toEqual(first);
		expect(await decoded()).toBe(1);
	});

	it('is cut at 10 s with a warning', async () => {
		await write();
		await speak('Hello.', { sample: await tone(12), cfgWeight: 0 });
		expect(job.warnings).toEqual(['Of the voice sample of 12.0 s the first 10 s were used']);
	});

	it.each<[number, ChatterboxRequest['model'], number]>([
		[2, 'original', 3],
		[4, 'turbo', 5],
	])('of %s s is too short for %s, which needs %s s', async (seconds, model, least) => {
		await write({ turbo: model === 'turbo' });
		await expect(speak('Hello.', { model, sample: await tone(seconds) })).rejects.toMatchObject({
			type: 'InvalidInput',
			field: 'sampleAudio',
			message: expect.stringContaining(`at least ${least} s`),
		});
	});

	it('without sound, or that is no media at all, is an error', async () => {
		await write();
		const still = join(root, 'silent.mp4');
		await job.ffmpeg.render({ inputs: [{ path: 'testsrc2=s=64x64:d=1', lavfi: true }], options: ['-c:v', 'libx264'], output: still, duration: 1 });
		await expect(speak('Hello.', { sample: still })).rejects.toMatchObject({ code: 'no_audio', field: 'sampleAudio' });
		const text = join(root, 'voice.wav');
		await writeFile(text, 'not a sound');
		await expect(speak('Hello.', { sample: text })).rejects.toMatchObject({ code: 'unreadable_media', field: 'sampleAudio' });
	});

	it('that is silent is an error where its loudness matters', async () => {
		await write({ turbo: true });
		const silence = await tone(6, 'silence.wav', ['-af', 'volume=0']);
		await expect(speak('Hello.', { model: 'turbo', sample: silence })).rejects.toMatchObject({ code: 'sample_silent' });
	});

	it('is asked for where the model brings no voice of its own', async () => {
		await write({ defaultVoice: false });
		await expect(speak('Hello.')).rejects.toMatchObject({ code: 'sample_missing', field: 'sampleAudio' });
	});
});

it('a precision that the model does not have is refused', async () => {
	await write();
	await expect(speak('Hello.', { precision: 'q8' })).rejects.toMatchObject({ type: 'InvalidInput', field: 'precision' });
});

it('a model that is not there is named, with where it was looked for', async () => {
	await expect(speak('Hello.')).rejects.toMatchObject({ code: 'model_missing', message: expect.stringContaining(join(root, 'chatterbox')) });
});
