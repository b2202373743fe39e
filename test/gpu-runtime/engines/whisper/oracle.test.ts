/** @jest-environment ./test/support/node-environment.js */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createOnnx, f32 } from '../../../../gpu-runtime/engines/onnx';
import { searchText } from '../../../../gpu-runtime/engines/whisper/attempts';
import { openDecoder } from '../../../../gpu-runtime/engines/whisper/decoder';
import { hear } from '../../../../gpu-runtime/engines/whisper/sound';
import { readVocabulary } from '../../../../gpu-runtime/engines/whisper/vocabulary';
import { tokenStarts, type Attention } from '../../../../src/speech/whisper/alignment';
import { writeWhisper } from '../../../support/models/whisper/files';
import { listeningWhisper } from '../../../support/models/whisper/listening';
import { randomWhisper } from '../../../support/models/whisper/random';
import { tones } from '../../../support/models/whisper/sounds';
import { idOf } from '../../../support/models/whisper/vocabulary';
import { whisperStand } from '../../../support/whisper';

const program = join(__dirname, '../../../support/oracle/whisper.mjs');
const signal = new AbortController().signal;
const onnx = createOnnx({ threads: 1 });
let folder: string;
let stand: Awaited<ReturnType<typeof whisperStand>>;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'oracle-'));
	stand = await whisperStand();
	await Promise.all([
		writeWhisper(at('random'), randomWhisper(4)),
		writeWhisper(at('own-row'), listeningWhisper({ ownRow: true })),
		stand.install('small', listeningWhisper()),
		stand.install('tiny', randomWhisper(4)),
	]);
});
afterAll(async () => {
	await stand.close();
	await onnx.close();
	await rm(folder, { recursive: true });
});

/** What Transformers.js answers, from a process of its own. */
async function ask<T>(question: string, model: string, samples: Float32Array): Promise<T> {
	await writeFile(at('sound.f32'), Buffer.from(samples.buffer));
	const { stdout } = await promisify(execFile)(process.execPath, [program, at(model), at('sound.f32'), folder, question], { maxBuffer: 1e8 });
	return JSON.parse(stdout) as T;
}

async function floatsOf(name: string): Promise<Float32Array> {
	const bytes = await readFile(at(name));
	return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

async function heardWindow(samples: Float32Array): Promise<Float32Array> {
	await writeFile(at('ours.f32'), Buffer.from(samples.buffer));
	const hearing = await hear(at('ours.f32'), 80, signal);
	await hearing.close();
	return hearing.window(0);
}

const noise = (seconds: number) => {
	let state = 5;
	return Float32Array.from({ length: seconds * 16_000 }, (_, i) => ((state = (state * 48271) % 2147483647) / 2147483647 - 0.5) * Math.sin(i / 9000));
};

it.each([
	['speech of 3 s', tones([0, 1, 2, 3, 4, 5])],
	['noise of 7.7 s', noise(7.7)],
	['noise of 29.9 s', noise(29.9)],
	['silence', new Float32Array(16_000)],
	['a single click', Float32Array.from({ length: 8000 }, (_, i) => (i === 10 ? 1 : 0))],
])('the mel spectrogram of %s is the one of Transformers.js', async (_, samples) => {
	expect(await ask('mel', 'random', samples)).toEqual({ dims: [1, 80, 3000] });
	const [theirs, ours] = [await floatsOf('mel.f32'), await heardWindow(samples)];
	expect(ours).toHaveLength(theirs.length);
	expect(ours.reduce((most, value, i) => Math.max(most, Math.abs(value - theirs[i]!)), 0)).toBeLessThanOrEqual(1e-4);
});

it('the language is as probable as Transformers.js finds it', async () => {
	const theirs = await ask<Record<string, number>>('language', 'random', noise(5));
	const ours = await stand.run(noise(5), { model: 'tiny', wordTimestamps: false });
	const [code, probability] = Object.entries(theirs).sort(([, a], [, b]) => b - a)[0]!;
	expect(ours.language).toBe(code);
	expect(Math.abs(ours.languageProbability - probability)).toBeLessThanOrEqual(1e-3);
});

interface Tokens {
	ids: number[];
	starts: number[];
	attention: { layer: number; dims: number[] }[];
}

it('greedy tokens on random weights are those of Transformers.js, and attention tells the same times', async () => {
	const theirs = await ask<Tokens>('tokens', 'random', noise(12));
	const prompt = ['startoftranscript', 'en', 'transcribe'].map(idOf);
	const graph = (name: string) => onnx.load(join(folder, 'random', 'onnx', name), { device: 'cpu', signal });
	const { last_hidden_state: heard } = await (await graph('encoder_model.onnx')).run({ input_features: f32(await heardWindow(noise(12)), [1, 80, 3000]) });
	const decoder = openDecoder(await graph('decoder_model_merged.onnx'));
	const { rules, alignmentHeads } = await readVocabulary(at('random'));
	const { tokens } = await searchText({ decoder, start: await decoder.start(heard!, prompt), rules, temperature: 0, width: 1, maxTokens: 40 });
	expect(tokens).toHaveLength(40);
	expect([...prompt, ...tokens]).toEqual(theirs.ids.filter((id) => id !== idOf('endoftext')));
	const columns = 600;
	const heads = await Promise.all(alignmentHeads.map(([layer, head]) => attentionOf(theirs, { layer, head, columns })));
	const starts = tokenStarts(heads, prompt.length, heads[0]!.rows);
	starts.forEach((start, i) => expect(Math.abs(start - theirs.starts[prompt.length + i]!)).toBeLessThanOrEqual(0.02));
	expect(new Set(starts).size).toBeGreaterThan(10);
});

/** One head's rows over all steps, cropped to the sound. */
async function attentionOf({ attention }: Tokens, { layer, head, columns }: { layer: number; head: number; columns: number }): Promise<Attention> {
	const rows: Float32Array[] = [];
	for (const [i, { dims }] of attention.entries()) {
		if (attention[i]!.layer !== layer) continue;
		const [, , steps = 0, all = 0] = dims;
		const values = await floatsOf(`attention-${i}.f32`);
		for (let step = 0; step < steps; step++) rows.push(values.subarray((head * steps + step) * all).subarray(0, columns));
	}
	const values = new Float32Array(rows.length * columns);
	rows.forEach((row, i) => values.set(row, i * columns));
	return { rows: rows.length, columns, values };
}

it('words have the times of Transformers.js, which reads the row after the one that predicts a word', async () => {
	const samples = tones([0, 1, 2, 4, 3, 5]);
	const theirs = await ask<{ text: string; timestamp: [number, number] }[]>('words', 'own-row', samples);
	const { words } = await stand.run(samples, { language: 'en' });
	expect(words.map(({ text }) => text)).toEqual(theirs.map(({ text }) => text.trim()));
	words.slice(1).forEach(({ start }, i) => expect(Math.abs(start - theirs[i + 1]!.timestamp[0])).toBeLessThanOrEqual(0.0201));
});
