import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runModels, type ModelsDeps } from '../../../gpu-runtime/commands/models';
import { createModelStore } from '../../../gpu-runtime/models/store';
import { OperationFailed } from '../../../src/errors';
import type { Job, KokoroRequest, Speech, TranscribeRequest } from '../../../src/runtime';
import type { Engine } from '../../../src/vocabulary';
import { startModelServer } from '../../support/model-server';

const entry = {
	name: 'tiny',
	repo: 'someone/tiny',
	revision: 'main',
	licence: 'MIT',
	precisions: ['fp32', 'q8'],
	graphs: [{ name: 'model' }],
	files: [],
	extras: ['voices'],
} as const;
const files = { 'onnx/model.onnx': Buffer.from('a graph'), 'onnx/model_quantized.onnx': Buffer.from('q'), 'voices/one.bin': Buffer.from('voice') };

let root: string;
let server: Awaited<ReturnType<typeof startModelServer>>;
let printed: string[];
let told: string;

beforeEach(async () => {
	root = await mkdtemp(join(tmpdir(), 'models-'));
	server = await startModelServer(files);
	printed = [];
	told = '';
});
afterEach(async () => {
	await server.close();
	await rm(root, { recursive: true });
});

const absent = () => Promise.reject(new OperationFailed('This test has no engine'));
const noSpeech: Speech = { kokoro: absent, chatterbox: absent, draft: absent, transcribe: absent };

function models(args: string[], deps: Partial<ModelsDeps> = {}): Promise<number> {
	return runModels(args, {
		store: createModelStore({ folder: root, endpoint: server.endpoint, manifest: [entry], retryDelay: 1 }),
		print: (line) => printed.push(line),
		tell: (text) => (told += text),
		isTerminal: false,
		signal: new AbortController().signal,
		speech: noSpeech,
		withJob: (run) => run({} as unknown as Job),
		...deps,
	});
}

it('download brings a model, its voices too, and shows how far it is', async () => {
	expect(await models(['download', 'tiny', '--voice', 'one'])).toBe(0);
	expect(printed).toEqual([`tiny fp32 is in ${join(root, 'tiny')}`]);
	expect(told).toMatch(/100 %.*MB {2}tiny voices\/one\.bin/);
});

it('list shows what is there and what could be', async () => {
	await models(['download', 'tiny', '--precision', 'q8']);
	printed = [];
	expect(await models(['list'])).toBe(0);
	expect(printed[0]).toBe(`Models in ${root}`);
	expect(printed[1]).toMatch(/^tiny +q8 \(0\.0 MB\) +of fp32, q8 +MIT +someone\/tiny$/);
});

it('verify fails when a file is damaged, and says what to do', async () => {
	await models(['download', 'tiny']);
	expect(await models(['verify'])).toBe(0);
	expect(printed).toContain('ok       tiny onnx/model.onnx');
	await writeFile(join(root, 'tiny', 'onnx', 'model.onnx'), 'another');
	expect(await models(['verify', 'tiny'])).toBe(1);
	expect(printed).toContain('damaged  tiny onnx/model.onnx');
	expect(told).toContain('models download');
});

it('path names the folder of all models and of one', async () => {
	expect(await models(['path'])).toBe(0);
	expect(await models(['path', 'tiny'])).toBe(0);
	expect(printed).toEqual([root, join(root, 'tiny')]);
});

it.each([
	[['paint'], /Expected list, download, verify or path, got "paint"/],
	[['download'], /Expected the name of a model/],
	[['download', 'huge'], /Expected one of the models tiny, got huge/],
	[['download', 'tiny', '--precision', 'q5'], /--precision: Expected one of fp32, fp16, q8, q4, got q5/],
	[['download', 'tiny', '--fast'], /Unknown option '--fast'/],
])('%s is refused with what was expected', async (args, message) => {
	expect(await models(args)).toBe(1);
	expect(told).toMatch(message);
});

describe('the round trip', () => {
	const engine = (name: string, provider: string): Engine => ({
		name,
		model: name,
		precision: 'q8',
		device: provider,
		provider,
		loadSeconds: 1,
		inferenceSeconds: 2,
		realTimeFactor: 0.25,
	});
	const echo = (mishear: (text: string) => string): Speech => {
		let said = '';
		return {
			...noSpeech,
			async kokoro({ text, device = 'cpu' }: KokoroRequest) {
				said = text;
				return { path: 'speech.wav', duration: 8, words: [], engine: engine('kokoro', device) };
			},
			async transcribe({ device = 'cpu' }: TranscribeRequest) {
				const segments: [] = [];
				return { text: mishear(said), language: 'en', languageProbability: 1, duration: 8, segments, engine: engine('whisper', device) };
			},
		};
	};

	it('speaks and listens on every device, and shows the times side by side', async () => {
		const speech = echo((text) => text.toLowerCase());
		expect(await models(['verify', '--round-trip', '--device', 'cpu', '--device', 'cuda'], { speech })).toBe(0);
		expect(printed).toHaveLength(4);
		expect(printed[0]).toMatch(/^kokoro .* cpu .* real-time factor 0\.250 {2}8\.0 s of speech$/);
		expect(printed[3]).toMatch(/^whisper .* cuda .* word error rate 0\.000: the quick brown fox/);
	});

	it('fails when too many words come back wrong', async () => {
		expect(await models(['verify', '--round-trip'], { speech: echo(() => 'something else') })).toBe(1);
		expect(printed[1]).toMatch(/word error rate 1\.000 \(expected at most 0\.15\)/);
	});

	it('says why an engine cannot be tried', async () => {
		expect(await models(['verify', '--round-trip', '--engine', 'chatterbox'])).toBe(1);
		expect(told).toBe('This test has no engine\n');
	});
});
