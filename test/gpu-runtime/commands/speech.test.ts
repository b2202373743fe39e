import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { encodeSamples, wavHeader } from '../../../src/audio/wav';
import type { WireError } from '../../../src/errors';
import type { Result } from '../../../src/execute';
import type { Engine, Word } from '../../../src/vocabulary';
import { dist } from '../../support/dist';
import { writeTinyChatterbox } from '../../support/models/chatterbox';
import { writeTinyKokoro } from '../../support/models/kokoro';
import { writeWhisper } from '../../support/models/whisper/files';
import { listeningWhisper } from '../../support/models/whisper/listening';
import { tones } from '../../support/models/whisper/sounds';
import { ffmpeg } from '../../support/runtime';

/** Every operation that speaks or listens, from the command line as users have it; only the models are tiny. */

const root = mkdtempSync(join(tmpdir(), 'cli-speech-'));
const [scratch, models] = [join(root, 'scratch'), join(root, 'models')];
const env = { PATH: process.env.PATH, HOME: root, FFMPEG_PATH: ffmpeg, AI_AGENT_TOOLS_SCRATCH: scratch, AI_AGENT_TOOLS_MODELS: models, AI_AGENT_TOOLS_OFFLINE: 'true', AI_AGENT_TOOLS_DEVICE: 'cpu' };
const [voice, video] = [join(root, 'voice.wav'), join(root, 'video.mp4')];

beforeAll(async () => {
	mkdirSync(scratch);
	await writeTinyKokoro(join(models, 'kokoro'));
	await writeTinyChatterbox(join(models, 'chatterbox'), { stopAt: 60 });
	await writeTinyChatterbox(join(models, 'chatterbox-turbo'), { stopAt: 60, turbo: true });
	await writeWhisper(join(models, 'whisper-small'), listeningWhisper());
	const sound = encodeSamples(tones([0, 1, 2, 3, 4, 5]), 's16');
	writeFileSync(voice, Buffer.concat([wavHeader({ sampleRate: 16_000, channels: 1, encoding: 's16' }, sound.length), sound]));
	execFileSync(ffmpeg, ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=s=128x96:r=10:d=3', '-i', voice, '-c:v', 'libx264', '-c:a', 'aac', video]);
});
afterEach(() => expect(readdirSync(scratch)).toEqual([]));
afterAll(() => rmSync(root, { recursive: true }));

async function cli(args: string[], more: Record<string, string> = {}) {
	const child = spawn(process.execPath, [dist('gpu-runtime/main.js'), ...args], { cwd: root, env: { ...env, ...more }, stdio: ['ignore', 'pipe', 'pipe'] });
	const [output, log, code] = await Promise.all([text(child.stdout), text(child.stderr), new Promise<number | null>((resolve) => child.on('exit', resolve))]);
	return { output, log, code };
}

interface Spoken extends Result {
	engine: Engine;
	transcriptionEngine?: Engine;
	words?: Word[];
	duration: number;
}

async function run(operation: string, input: unknown, more?: Record<string, string>) {
	const { output, code } = await cli(['run', operation, '--input', JSON.stringify(input), '--out', join(root, 'out')], more);
	return { code, answer: JSON.parse(output) as { result: Spoken; error?: WireError } };
}

const heard = ['Hello', 'big', 'world'];
const film = { background: { file: video }, width: 128, height: 96, quality: 'draft' };

it.each<[string, Record<string, unknown>, Partial<Engine>, string[]]>([
	['generate_kokoro_tts', { text: 'Hello, world!' }, { name: 'kokoro', model: 'kokoro', precision: 'fp32' }, ['Hello,', 'world!']],
	['generate_chatterbox_tts', { text: 'Hello.', sampleAudio: { file: video } }, { name: 'chatterbox', model: 'chatterbox', precision: 'q4' }, []],
	['transcribe', { audio: { file: voice } }, { name: 'whisper', model: 'whisper-small', precision: 'fp32' }, heard],
	['generate_captioned_video', { ...film, text: 'Hello, world!' }, { name: 'kokoro', model: 'kokoro', precision: 'fp32' }, ['Hello,', 'world!']],
	['generate_captioned_video', { ...film, audio: { file: voice } }, { name: 'whisper', model: 'whisper-small', precision: 'fp32' }, heard],
	['generate_captioned_video', { ...film, text: 'Hello.', speech: { engine: 'chatterbox', model: 'turbo' } }, { name: 'chatterbox', model: 'chatterbox-turbo', precision: 'q4' }, []],
	['add_captions', { video: { file: video }, quality: 'draft' }, { name: 'whisper', model: 'whisper-small', precision: 'fp32' }, heard],
])('%s tells what really spoke or listened', async (operation, input, facts, words) => {
	const { code, answer } = await run(operation, input);
	expect(answer.error).toBeUndefined();
	expect(code).toBe(0);
	const { engine, transcriptionEngine, duration, words: said } = answer.result;
	expect(engine).toMatchObject({ ...facts, device: 'cpu', provider: 'cpu' });
	expect(engine.loadSeconds).toBeGreaterThan(0);
	expect(engine.inferenceSeconds).toBeGreaterThan(0);
	expect(engine.realTimeFactor).toBeCloseTo(engine.inferenceSeconds / duration, 1);
	expect((said ?? []).map((word) => word.text).slice(0, words.length)).toEqual(words);
	// A voice without word times is transcribed for its captions: two models ran.
	expect(transcriptionEngine?.model).toBe(operation === 'generate_captioned_video' && engine.name === 'chatterbox' ? 'whisper-small' : undefined);
});

it('get_kokoro_voices and generate_draft_tts need no model', async () => {
	expect((await run('get_kokoro_voices', {}, { AI_AGENT_TOOLS_MODELS: join(root, 'none') })).answer.result.voices).toHaveLength(49);
	const { engine } = (await run('generate_draft_tts', { text: 'Hello.' }, { AI_AGENT_TOOLS_MODELS: join(root, 'none') })).answer.result;
	expect(engine).toMatchObject({ name: 'eSpeak NG', model: 'gmw/en-US', precision: 'none', device: 'cpu', provider: 'wasm' });
});

it('a wanted device that is not there is an error, and auto says why it was not taken', async () => {
	const text = 'Hello.';
	expect((await run('generate_kokoro_tts', { text, device: 'cuda' })).answer.error).toMatchObject({ code: 'provider_unavailable', field: 'device' });
	const { engine, warnings } = (await run('generate_kokoro_tts', { text, device: 'auto' })).answer.result;
	expect(engine.provider).toBe('cpu');
	expect(warnings).toEqual([expect.stringContaining('CUDA does not work here')]);
});

describe('a model that is not whole', () => {
	const broken = join(root, 'broken');
	const graph = join(broken, 'kokoro/onnx/model.onnx');
	const speak = () => run('generate_kokoro_tts', { text: 'Hello.' }, { AI_AGENT_TOOLS_MODELS: broken });

	beforeEach(() => writeTinyKokoro(join(broken, 'kokoro')));
	afterEach(() => rmSync(broken, { recursive: true }));

	it('half downloaded is missing, with what to do', async () => {
		writeFileSync(`${graph}.partial`, readFileSync(graph).subarray(0, 500));
		rmSync(graph);
		expect((await speak()).answer.error).toMatchObject({ code: 'model_missing', message: expect.stringMatching(/lacks onnx\/model.*models download kokoro/) });
	});

	it('cut short is named with its file, and speaks again when it is whole', async () => {
		truncateSync(graph, 500);
		expect((await speak()).answer.error).toMatchObject({ code: 'model_unreadable', message: expect.stringMatching(/model\.onnx.*models verify/) });
		rmSync(broken, { recursive: true });
		await writeTinyKokoro(join(broken, 'kokoro'));
		expect((await speak()).code).toBe(0);
	});
});

describe('models', () => {
	it('verify reads what is there, list and path tell of it', async () => {
		const verified = await cli(['models', 'verify']);
		expect(verified.code).toBe(0);
		expect(verified.output).toMatch(/^(ok|recorded|foreign) +kokoro onnx\/model\.onnx$/m);
		expect((await cli(['models', 'list'])).output).toMatch(/^kokoro +fp32 \(.* MB\)/m);
		expect((await cli(['models', 'path', 'kokoro'])).output).toBe(`${join(models, 'kokoro')}\n`);
	});

	it('the round trip speaks, listens and compares with every voice; nobody understands tiny models, and it says so', async () => {
		const engines = ['kokoro', 'chatterbox', 'chatterbox-turbo'].flatMap((name) => ['--engine', name]);
		const { output, code } = await cli(['models', 'verify', '--round-trip', ...engines, '--device', 'cpu']);
		const rows = output.trim().split('\n');
		expect(rows).toHaveLength(6);
		for (const row of rows) expect(row).toMatch(/ cpu +load \d+\.\d\d s {2}run \d+\.\d\d s {2}real-time factor \d+\.\d{3} {2}/);
		expect(rows.filter((row) => /word error rate \d\.\d{3} \(expected at most 0\.15\)/.test(row))).toHaveLength(3);
		expect(code).toBe(1);
	});
});
