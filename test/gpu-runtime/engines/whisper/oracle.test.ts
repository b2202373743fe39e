/** @jest-environment ./test/support/node-environment.js */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
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

const noise = (seconds: number) => {
	let state = 5;
	return Float32Array.from({ length: seconds * 16_000 }, (_, i) => ((state = (state * 48271) % 2147483647) / 2147483647 - 0.5) * Math.sin(i / 9000));
};
const click = Float32Array.from({ length: 8000 }, (_, i) => (i === 10 ? 1 : 0));
const sounds = {
	'speech of 3 s': tones([0, 1, 2, 4, 3, 5]),
	'noise of 7.7 s': noise(7.7),
	'noise of 12 s': noise(12),
	'noise of 29.9 s': noise(29.9),
	silence: new Float32Array(16_000),
	'a single click': click,
};
type Sound = keyof typeof sounds;

let folder: string;
let stand: Awaited<ReturnType<typeof whisperStand>>;
let theirs: Awaited<ReturnType<typeof askAll>>;
const at = (...names: string[]) => join(folder, ...names);

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'oracle-'));
	stand = await whisperStand();
	await Promise.all([
		writeWhisper(at('random'), randomWhisper({ seed: 4 })),
		writeWhisper(at('own-row'), listeningWhisper({ ownRow: true })),
		stand.install('small', listeningWhisper()),
		stand.install('tiny', randomWhisper({ seed: 4 })),
	]);
	theirs = await askAll();
});
afterAll(async () => {
	await stand.close();
	await onnx.close();
	await rm(folder, { recursive: true });
});

interface Tokens {
	ids: number[];
	starts: number[];
	attention: { layer: number; dims: number[] }[];
}
interface Answers {
	language: Record<string, number>;
	tokens: Tokens;
	words: { text: string; timestamp: [number, number] }[];
}

/** What Transformers.js answers, from a process of its own. */
async function askAll(): Promise<Answers> {
	const names = Object.keys(sounds) as Sound[];
	await Promise.all(
		names.map(async (name) => {
			await mkdir(at(name));
			await writeFile(at(name, 'sound.f32'), Buffer.from(sounds[name].buffer));
		}),
	);
	const about = (question: string, model: string, sound: Sound) => ({ question, model: at(model), sound: at(sound, 'sound.f32'), out: at(sound) });
	const asked = [
		about('language', 'random', 'noise of 7.7 s'),
		about('tokens', 'random', 'noise of 12 s'),
		about('words', 'own-row', 'speech of 3 s'),
		...names.map((name) => about('mel', 'random', name)),
	];
	const { stdout } = await promisify(execFile)(process.execPath, [program, JSON.stringify(asked)]);
	const [language, tokens, words] = JSON.parse(stdout) as [Answers['language'], Tokens, Answers['words']];
	return { language, tokens, words };
}

async function floatsOf(...names: string[]): Promise<Float32Array> {
	const bytes = await readFile(at(...names));
	return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

async function heardWindow(sound: Sound): Promise<Float32Array> {
	const hearing = await hear(at(sound, 'sound.f32'), 80, signal);
	await hearing.close();
	return hearing.window(0);
}

it.each(Object.keys(sounds) as Sound[])('the mel spectrogram of %s is the one of Transformers.js', async (sound) => {
	const [their, our] = [await floatsOf(sound, 'mel.f32'), await heardWindow(sound)];
	expect(our).toHaveLength(their.length);
	expect(our.reduce((most, value, i) => Math.max(most, Math.abs(value - their[i]!)), 0)).toBeLessThanOrEqual(1e-4);
});

it('the language is as probable as Transformers.js finds it', async () => {
	const ours = await stand.run(sounds['noise of 7.7 s'], { model: 'tiny', wordTimestamps: false });
	const [code, probability] = Object.entries(theirs.language).sort(([, a], [, b]) => b - a)[0]!;
	expect(ours.language).toBe(code);
	expect(Math.abs(ours.languageProbability - probability)).toBeLessThanOrEqual(1e-3);
});

it('greedy tokens on random weights are those of Transformers.js, and attention tells the same times', async () => {
	const { ids, starts: expected, attention } = theirs.tokens;
	const prompt = ['startoftranscript', 'en', 'transcribe'].map(idOf);
	const graph = (name: string) => onnx.load(at('random', 'onnx', name), { device: 'cpu', signal });
	const { last_hidden_state: heard } = await (await graph('encoder_model.onnx')).run({ input_features: f32(await heardWindow('noise of 12 s'), [1, 80, 3000]) });
	const decoder = openDecoder(await graph('decoder_model_merged.onnx'));
	const { rules, alignmentHeads } = await readVocabulary(at('random'));
	const { tokens } = await searchText({ decoder, start: await decoder.start(heard!, prompt), rules, temperature: 0, width: 1, maxTokens: 40 });
	expect(tokens).toHaveLength(40);
	expect([...prompt, ...tokens]).toEqual(ids.filter((id) => id !== idOf('endoftext')));
	const heads = await Promise.all(alignmentHeads.map(([layer, head]) => attentionOf(attention, { layer, head, columns: 600 })));
	const starts = tokenStarts(heads, prompt.length, heads[0]!.rows);
	starts.forEach((start, i) => expect(Math.abs(start - expected[prompt.length + i]!)).toBeLessThanOrEqual(0.02));
	expect(new Set(starts).size).toBeGreaterThan(10);
});

/** One head's rows over all steps, cropped to the sound. */
async function attentionOf(attention: Tokens['attention'], { layer, head, columns }: { layer: number; head: number; columns: number }): Promise<Attention> {
	const rows: Float32Array[] = [];
	for (const [i, { dims }] of attention.entries()) {
		if (attention[i]!.layer !== layer) continue;
		const [, , steps = 0, all = 0] = dims;
		const values = await floatsOf('noise of 12 s', `attention-${i}.f32`);
		for (let step = 0; step < steps; step++) rows.push(values.subarray((head * steps + step) * all).subarray(0, columns));
	}
	const values = new Float32Array(rows.length * columns);
	rows.forEach((row, i) => values.set(row, i * columns));
	return { rows: rows.length, columns, values };
}

it('words have the times of Transformers.js, which reads the row after the one that predicts a word', async () => {
	const { words } = await stand.run(sounds['speech of 3 s'], { language: 'en' });
	expect(words.map(({ text }) => text)).toEqual(theirs.words.map(({ text }) => text.trim()));
	words.slice(1).forEach(({ start }, i) => expect(Math.abs(start - theirs.words[i + 1]!.timestamp[0])).toBeLessThanOrEqual(0.0201));
});
