import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { wavHeader } from '../../../src/audio/wav';
import { GraphBuilder } from './graph-builder';
import { types } from './onnx-writer';

const { f32, i64 } = types;
const width = 8;
const heads = 2;
const headSize = 4;
const vocabulary = 6564;
const stop = 6562;

export const samplesPerToken = 960;
export const voiceTokens = [10, 20, 30];
export const voiceFeatures = 2;
/** Mean of the voice that the tiny models bring. */
export const defaultLevel = 0.5;

export interface TinyChatterbox {
	turbo?: boolean;
	/** The model stops when it has seen exactly this many rows; a longer prompt never comes to an end. */
	stopAt?: number;
	/** Whether the language model takes the CFG weight. */
	guided?: boolean;
	/** Whether the tokenizer puts the frame around the text, as the published one does, or leaves it to us. */
	frames?: boolean;
	cacheType?: 'float32' | 'float16';
	defaultVoice?: boolean;
}

/**
 * Four graphs with the sockets of the Chatterbox exports. The next token is a checksum of all rows, masks and positions fed so
 * far, and the sound carries the tokens, so a test sees in the sound alone whether every step was fed rightly.
 */
export async function writeTinyChatterbox(folder: string, options: TinyChatterbox = {}): Promise<void> {
	const { turbo = false, frames = true, defaultVoice = true } = options;
	await mkdir(join(folder, 'onnx'), { recursive: true });
	const suffix = turbo ? '_q4' : '';
	const graphs = {
		[`speech_encoder${suffix}`]: speechEncoder(),
		[`embed_tokens${suffix}`]: embedTokens(turbo),
		language_model_q4: languageModel(options),
		[`conditional_decoder${suffix}`]: vocoder(),
	};
	await Promise.all(Object.entries(graphs).map(([name, bytes]) => writeFile(join(folder, 'onnx', `${name}.onnx`), bytes)));
	const config = { tokenizer_class: 'PreTrainedTokenizerFast', model_max_length: 1000, unk_token: '[UNK]' };
	await writeFile(join(folder, 'tokenizer_config.json'), JSON.stringify(config));
	await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(tokenizerJson(turbo, frames)));
	if (defaultVoice) await writeFile(join(folder, 'default_voice.wav'), squareWave(6));
}

function speechEncoder(): Buffer {
	const g = new GraphBuilder();
	const level = g.op('ReduceMean', [g.op('Abs', [g.input('audio_values', f32, ['b', 'n'])])], { keepdims: 0 });
	const scaled = (dims: number[]) => g.op('Mul', [g.constant(f32, dims, new Float32Array(dims.reduce((a, b) => a * b)).fill(1)), level]);
	g.output('audio_features', scaled([1, voiceFeatures, width]), f32, ['b', 't', width]);
	g.output('audio_tokens', g.constant(i64, [1, voiceTokens.length], voiceTokens), i64, ['b', 'ta']);
	g.output('speaker_embeddings', scaled([1, 192]), f32, ['b', 192]);
	g.output('speaker_features', scaled([1, 6, 80]), f32, ['b', 'f', 80]);
	return g.done();
}

/** Original: (id + position) · exaggeration in every column; Turbo: the id. */
function embedTokens(turbo: boolean): Buffer {
	const g = new GraphBuilder();
	let column = g.input('input_ids', i64, ['b', 's']);
	if (!turbo) column = g.op('Add', [column, g.input('position_ids', i64, ['b', 's'])]);
	column = g.cast(column, f32);
	if (!turbo) column = g.op('Mul', [column, g.input('exaggeration', f32, ['b'])]);
	const rows = g.op('Mul', [g.op('Unsqueeze', [column, g.integers(2)]), g.constant(f32, [1, 1, width], new Array<number>(width).fill(1))]);
	g.output('inputs_embeds', rows, f32, ['b', 's', width]);
	return g.done();
}

/** The cache is a tape of the first column; the next token is 100 + (sum of the tape + 7 · mask + 3 · positions) mod 6000. */
function languageModel({ turbo = false, stopAt = 120, guided = false, cacheType = 'float32' }: TinyChatterbox): Buffer {
	const g = new GraphBuilder();
	const type = cacheType === 'float16' ? types.f16 : f32;
	const rows = g.input('inputs_embeds', f32, ['b', 's', width]);
	const mask = g.input('attention_mask', i64, ['b', 'total']);
	const positions = turbo ? g.input('position_ids', i64, ['b', 's']) : undefined;
	const weight = guided ? g.input('cfg_weight', f32, [1]) : undefined;
	const past = ['key', 'value'].map((name) => g.input(`past_key_values.0.${name}`, type, ['b', heads, 'past', headSize]));

	const column = g.op('Unsqueeze', [g.slice(rows, 2, 0, 1), g.integers(1)]);
	const tape = g.cast(g.op('Expand', [column, g.integers(1, heads, 1, headSize)]), type);
	const present = past.map((cache) => g.op('Concat', [cache, tape], { axis: 2 }));
	const seen = g.slice(g.slice(g.cast(present[0] ?? '', f32), 1, 0, 1), 3, 0, 1);
	const sum = (of: string) => g.op('ReduceSum', [of], { keepdims: 0 });
	const parts = [sum(seen), g.op('Mul', [g.cast(sum(mask), f32), g.real(7)])];
	if (positions) parts.push(g.op('Mul', [g.cast(sum(positions), f32), g.real(3)]));
	if (weight) parts.push(g.op('Mul', [sum(weight), g.real(1000)]));
	const checksum = g.cast(g.op('Floor', [g.op('Sum', parts)]), i64);
	const token = g.op('Add', [g.op('Mod', [checksum, g.integer(6000)]), g.integer(100)]);
	const ends = g.op('Equal', [g.size(present[0] ?? '', 2), g.integer(stopAt)]);
	const next = g.op('Where', [ends, g.integer(stop), token]);
	const row = g.op('OneHot', [g.op('Unsqueeze', [next, g.integers(0)]), g.integer(vocabulary), g.constant(f32, [2], [0, 200])]);
	const logits = g.op('Expand', [g.op('Unsqueeze', [row, g.integers(0)]), g.shape(1, g.size(rows, 1), vocabulary)]);

	g.output('logits', logits, f32, ['b', 's', vocabulary]);
	['key', 'value'].forEach((name, index) => g.output(`present.0.${name}`, present[index] ?? '', type, ['b', heads, 'total', headSize]));
	return g.done();
}

/** 960 samples for each token: 480 of token / 8192, then 480 of the level of the voice. */
function vocoder(): Buffer {
	const g = new GraphBuilder();
	const tokens = g.input('speech_tokens', i64, ['b', 'n']);
	const mean = (name: string, dims: (number | string)[]) => g.op('ReduceMean', [g.input(name, f32, dims)], { keepdims: 0 });
	const level = g.op('Mul', [g.op('Add', [mean('speaker_embeddings', ['b', 192]), mean('speaker_features', ['b', 'f', 80])]), g.real(0.5)]);
	const per = g.integer(samplesPerToken);
	const steps = g.op('Range', [g.integer(0), g.op('Mul', [g.size(tokens, 1), per]), g.integer(1)]);
	const carried = g.op('Mul', [g.cast(g.op('Gather', [tokens, g.op('Div', [steps, per])], { axis: 1 }), f32), g.real(1 / 8192)]);
	const first = g.op('Less', [g.op('Mod', [steps, per]), g.integer(samplesPerToken / 2)]);
	g.output('waveform', g.op('Where', [first, carried, level]), f32, ['b', 'samples']);
	return g.done();
}

/** What the sound of the tiny models carries: the tokens that reached the vocoder and the level of the voice. */
export function readTinySpeech(samples: Float32Array): { tokens: number[]; level: number } {
	const tokens: number[] = [];
	for (let at = 0; at < samples.length; at += samplesPerToken) tokens.push(Math.round(((samples[at] ?? 0) * 32_768 * 8192) / 32_767));
	return { tokens, level: samples[samplesPerToken / 2] ?? 0 };
}

const letters = [..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.,!?'-"];
const space = 2;

/** The ids of a normalized text, as the tiny tokenizer gives them, frame and all. */
export function tinyTokens(text: string, turbo = false): number[] {
	const ids = [...text].map((letter) => (letter === ' ' ? space : letters.indexOf(letter) + 300));
	return turbo ? [...ids, 255, 255] : [6563, 255, ...ids, 0, 6561, 6561];
}

function tokenizerJson(turbo: boolean, frames: boolean): object {
	const special: Record<string, number> = { '[STOP]': 0, '[UNK]': 1, '[SPACE]': space, '[START]': 255 };
	const all = { ...special, '[EXAGGERATION]': 6563, '[SPEECH]': 6561 };
	const piece = (id: string) => ({ SpecialToken: { id, type_id: 0 } });
	const sequence = { Sequence: { id: 'A', type_id: 0 } };
	const around = turbo
		? [sequence, piece('[START]'), piece('[START]')]
		: [piece('[EXAGGERATION]'), piece('[START]'), sequence, piece('[STOP]'), piece('[SPEECH]'), piece('[SPEECH]')];
	return {
		version: '1.0',
		truncation: null,
		padding: null,
		added_tokens: Object.entries(special).map(([content, id]) => ({
			id,
			content,
			single_word: false,
			lstrip: false,
			rstrip: false,
			// Turbo's tokenizer sees to spaces itself; the original's wants them named.
			normalized: turbo,
			special: true,
		})),
		normalizer: { type: 'Replace', pattern: { String: ' ' }, content: '[SPACE]' },
		pre_tokenizer: { type: 'Whitespace' },
		post_processor: {
			type: 'TemplateProcessing',
			pair: [],
			single: frames ? around : [sequence],
			special_tokens: Object.fromEntries(Object.entries(all).map(([name, id]) => [name, { id: name, ids: [id], tokens: [name] }])),
		},
		decoder: null,
		model: {
			type: 'BPE',
			dropout: null,
			unk_token: '[UNK]',
			continuing_subword_prefix: null,
			end_of_word_suffix: null,
			fuse_unk: false,
			vocab: { ...all, ...Object.fromEntries(letters.map((letter, index) => [letter, index + 300])) },
			merges: [],
		},
	};
}

/** Seconds of a square wave of 500 Hz. */
function squareWave(seconds: number): Buffer {
	const samples = Int16Array.from({ length: seconds * 24_000 }, (_, index) => defaultLevel * (index % 48 < 24 ? 32_768 : -32_768));
	return Buffer.concat([wavHeader({ sampleRate: 24_000, channels: 1, encoding: 's16' }, samples.byteLength), Buffer.from(samples.buffer)]);
}
