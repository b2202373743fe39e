/** @jest-environment ./test/support/node-environment.js */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEspeak, type Espeak } from '../../../../gpu-runtime/engines/espeak';
import { createKokoro } from '../../../../gpu-runtime/engines/kokoro';
import { createOnnx } from '../../../../gpu-runtime/engines/onnx';
import { createModelStore } from '../../../../gpu-runtime/models/store';
import { readWav } from '../../../../src/audio/wav';
import { Cancelled, OperationFailed } from '../../../../src/errors';
import type { Job, KokoroRequest, Speech } from '../../../../src/runtime';
import { dist } from '../../../support/dist';
import { mediaJob, type MediaJob } from '../../../support/media';
import { kokoroVocabulary, writeTinyKokoro, type TinyKokoro } from '../../../support/models/kokoro';

const espeak = createEspeak({ helper: dist('gpu-runtime/engines/espeak/helper.js') });
const onnx = createOnnx({ threads: 1 });
let root: string;
/** A models folder with the usual tiny Kokoro in it. */
let usual: string;
let job: MediaJob;
let kokoro: Speech['kokoro'];

const models = (folder: string, reader: Pick<Espeak, 'phonemes'> = espeak) => createKokoro({ onnx, espeak: reader, store: createModelStore({ folder, offline: true }), device: 'cpu' });

beforeAll(async () => {
	root = await mkdtemp(join(tmpdir(), 'kokoro-'));
	usual = join(root, 'usual');
	await writeTinyKokoro(join(usual, 'kokoro'));
});
beforeEach(async () => {
	job = await mediaJob();
	kokoro = models(usual);
});
afterEach(() => job.remove());
afterAll(async () => {
	espeak.close();
	await onnx.close();
	await rm(root, { recursive: true });
});

/** Another models folder with another model, which the test goes on with. */
async function write(options: TinyKokoro = {}): Promise<string> {
	const folder = await mkdtemp(join(root, 'other-'));
	await writeTinyKokoro(join(folder, 'kokoro'), { voices: ['af_heart'], ...options });
	kokoro = models(folder);
	return join(folder, 'kokoro');
}

type Options = Partial<KokoroRequest> & Partial<Pick<Job, 'signal' | 'progress'>>;

async function speak(text: string, { signal = job.signal, progress = () => undefined, ...request }: Options = {}) {
	const needsNothingElse = { ...job, id: 'test', signal, progress } as unknown as Job;
	const spoken = await kokoro({ text, voice: 'af_heart', speed: 1, ...request }, needsNothingElse);
	const { format, samples } = readWav(await readFile(spoken.path));
	expect(format).toEqual({ sampleRate: 24_000, channels: 1, encoding: 's16' });
	return { ...spoken, words: spoken.words ?? [], samples };
}

const texts = (words: readonly { text: string }[]) => words.map(({ text }) => text);
const bare = (text: string) => text.replace(/\s/gu, '');

/** As ONNX rounds: halves to the even number. */
const round = (value: number) => (value % 1 === 0.5 ? 2 * Math.round(value / 2) : Math.round(value));

/** Frames (1/40 s) that the tiny model gives to some letters. */
const frames = (letters: string, speed = 1) =>
	Array.from(letters, (letter) => Math.max(1, round((((kokoroVocabulary[letter] ?? 0) % 5) + 1) / speed))).reduce((a, b) => a + b, 0);

/** Rounded as 16-bit sound is. */
const level = (samples: Float32Array) => Math.round((samples[100] ?? 0) * 10_000) / 10_000;

describe('Kokoro', () => {
	test('feeds the letters of the text between boundaries, and times each word by its own sounds', async () => {
		const { words, duration, engine } = await speak('Hello, world!');
		const sounds = ['həlˈO', ',', ' ', 'wˈɜɹld', '!'] as const;
		expect(duration).toBeCloseTo((1 + frames(sounds.join('')) + 1) / 40, 3);
		// The pause of the comma lies between the words; a word begins in the middle of the space before it. The boundary is shorter than 3 frames.
		const hello = frames(sounds[0]) / 40;
		const world = hello + frames(sounds[1]) / 40 + frames(sounds[2]) / 80;
		expect(words).toEqual([
			{ text: 'Hello,', start: 0, end: expect.closeTo(hello, 2) },
			{ text: 'world!', start: expect.closeTo(world, 2), end: expect.closeTo(hello + frames(sounds.slice(1, 4).join('')) / 40, 2) },
		]);
		expect(engine).toMatchObject({ name: 'kokoro', model: 'kokoro', precision: 'fp32', device: 'cpu', provider: 'cpu' });
	});

	test('names the commit that its files came from, where it is known', async () => {
		expect((await speak('Hello')).engine).not.toHaveProperty('revision');
		const folder = await write();
		await writeFile(join(folder, '.record.json'), JSON.stringify({ repo: 'some/where', revision: 'abc', files: {}, absent: [] }));
		expect((await speak('Hello')).engine).toMatchObject({ model: 'kokoro', revision: 'abc' });
	});

	test('takes the style row of the number of letters, and mixes voices by their weights', async () => {
		const row = Array.from('həlˈO wˈɜɹld').length - 1;
		expect(level((await speak('Hello world')).samples)).toBeCloseTo(0.1 + row / 10_000, 3);
		expect(level((await speak('Hello world', { voice: 'af_heart(2)+af_sky(1)' })).samples)).toBeCloseTo(0.1333 + row / 10_000, 3);
		expect(level((await speak('Hello world', { voice: 'af_heart,af_sky' })).samples)).toBeCloseTo(0.15 + row / 10_000, 3);
	});

	test('speed divides the durations', async () => {
		const { duration } = await speak('Hello world', { speed: 2 });
		expect(duration).toBeCloseTo((2 + frames('həlˈO wˈɜɹld', 2)) / 40, 3);
	});

	test.each<[string, TinyKokoro]>([
		['other names', { names: { ids: 'tokens', waveform: 'audio', durations: 'duration' } }],
		['whole speeds', { wholeSpeeds: true }],
		['its vocabulary in tokenizer.json', { vocabularyIn: 'tokenizer' }],
	])('an export with %s says the same', async (_, options) => {
		await write(options);
		expect((await speak('Hello world')).duration).toBeCloseTo((2 + frames('həlˈO wˈɜɹld')) / 40, 3);
	});

	test('an export that tells no durations speaks, gives no words and says so', async () => {
		await write({ untimed: true });
		const needsNothingElse = { ...job, id: 'test', progress: () => undefined } as unknown as Job;
		expect(await kokoro({ text: 'Hello', voice: 'af_heart', speed: 1 }, needsNothingElse)).toMatchObject({ words: null });
		expect(job.warnings).toEqual([expect.stringContaining('no word times')]);
	});

	test('a text of many times 510 letters loses no word, its times go on over the seams', async () => {
		const text = `${'The quick brown fox, who is 12 years old, jumps over the lazy dog; really. '.repeat(20)}${'and on '.repeat(200)}end`;
		const fractions: number[] = [];
		const { words, duration, samples } = await speak(text, { progress: (fraction) => void fractions.push(fraction) });
		expect(bare(texts(words).join(''))).toBe(bare(text));
		expect(samples.length / 24_000).toBeCloseTo(duration, 2);
		words.forEach((word, i) => {
			expect(word.start).toBeGreaterThanOrEqual(words[i - 1]?.end ?? 0);
			expect(word.end).toBeGreaterThan(word.start);
		});
		expect(words.at(-1)?.end).toBeGreaterThan(duration - 0.5);
		expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
		expect(fractions.at(-1)).toBe(1);
	});

	test('letters that the model lacks shift no time, and are told', async () => {
		const folder = await write();
		const lacking = Object.fromEntries(Object.entries(kokoroVocabulary).filter(([letter]) => letter !== 'ˈ'));
		await writeFile(join(folder, 'config.json'), JSON.stringify({ vocab: lacking }));
		const { words } = await speak('Hello, world!');
		expect(words[0]?.end).toBeCloseTo(frames('həlO') / 40, 2);
		expect(words[1]?.start).toBeCloseTo(frames('həlO,') / 40 + frames(' ') / 80, 2);
		expect(job.warnings).toEqual([expect.stringContaining('ˈ')]);
	});

	test.each([
		['ff_siwis', 'L’été est là, n’est-ce pas ? Voilà.', 'letˈe ɛ lˈa, nˈɛs pˈa ? vwalˈa.'],
		['bf_emma', 'There is no idea here.', 'ðɛːɹ ɪz nˈQ Idˈɪə hˈɪə.'],
		['zf_xiaobei', '你好，世界。', 'ni↓xau↓, ʂɨ↘ʨje↘.'],
	])('%s reads her own language', async (voice, text, letters) => {
		const { words, duration } = await speak(text, { voice });
		expect(bare(texts(words).join(''))).toBe(bare(text));
		expect(duration).toBeCloseTo((2 + frames(letters)) / 40, 3);
		expect(job.warnings).toEqual([]);
	});

	test('a word list in the model folder goes before eSpeak NG, also for words that it would merge', async () => {
		const folder = await write();
		await mkdir(join(folder, 'lexicon'));
		await writeFile(join(folder, 'lexicon/us_gold.json'), JSON.stringify({ hello: 'hi', of: { DEFAULT: 'ʌv', ADV: null }, the: 'ði' }));
		const { words, duration } = await speak('Hello, one of the best.');
		expect(texts(words)).toEqual(['Hello,', 'one', 'of', 'the', 'best.']);
		expect(duration).toBeCloseTo((2 + frames('hi, wˈʌn ʌv ði bˈɛst.')) / 40, 3);
	});

	test.each([
		[{ voice: 'af_nobody' }, { field: 'voice', code: 'unknown_voice' }],
		[{ voice: 'jf_alpha' }, { code: 'language_unsupported' }],
		[{ language: 'ja' }, { field: 'language', code: 'language_unsupported' }],
		[{ language: 'fr' }, { field: 'language', code: 'language_mismatch' }],
		[{ language: 'xx' }, { field: 'language', code: 'unknown_language' }],
		[{ text: '... !' }, { field: 'text', code: 'nothing_to_speak' }],
	])('%j is refused', async (request, error) => {
		const { text = 'Hello', ...rest } = { text: undefined, ...request };
		await expect(speak(text, rest)).rejects.toMatchObject({ type: 'InvalidInput', ...error });
	});

	test('a model or voice that is not there, and a voice of the wrong size, are named', async () => {
		kokoro = models(join(root, 'empty'));
		await expect(speak('Hello')).rejects.toMatchObject({ code: 'model_missing' });
		const folder = await write();
		await expect(speak('Hello', { voice: 'am_adam' })).rejects.toThrow(/voices\/am_adam\.bin/);
		await writeFile(join(folder, 'voices/af_bella.bin'), 'short');
		await expect(speak('Hello', { voice: 'af_bella' })).rejects.toThrow(/522240 bytes in the voice af_bella, got 5/);
	});

	test('cancelling between two chunks ends the job, and the next one works', async () => {
		const stop = new AbortController();
		const progress = (_: number, activity: string) => {
			if (activity === 'Speaking') stop.abort(new Cancelled());
		};
		const text = 'The quick brown fox jumps over the lazy dog. '.repeat(20);
		await expect(speak(text, { signal: stop.signal, progress })).rejects.toMatchObject({ type: 'Cancelled' });
		expect((await speak('Well again.')).words).toHaveLength(2);
	});

	test('a reader that breaks down in the middle of a text ends the job with its reason, and the next one works', async () => {
		kokoro = models(usual, {
			async phonemes(texts, language, signal) {
				if (texts.some((text) => text.includes('breaks'))) throw new OperationFailed('Not readable', { code: 'speech_engine_broken' });
				return espeak.phonemes(texts, language, signal);
			},
		});
		await expect(speak(`${'The quick brown fox jumps over the lazy dog. '.repeat(40)}Here it breaks.`)).rejects.toMatchObject({ code: 'speech_engine_broken' });
		expect((await speak('Well again.')).words).toHaveLength(2);
	});

	test('two jobs at once load the model once and both speak', async () => {
		await write();
		const spoken = await Promise.all([speak('One.'), speak('Two.')]);
		expect(spoken.filter(({ engine }) => engine.loadSeconds === 0).length).toBeGreaterThanOrEqual(1);
		expect((await speak('Three.')).engine.loadSeconds).toBe(0);
	});
});
