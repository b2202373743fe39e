import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GraphBuilder } from './graph-builder';
import { types } from './onnx-writer';

const { f32, i32, i64 } = types;
const rows = 510;
const width = 256;

/** The 114 letters of Kokoro 82M v1.0 and their numbers, as its `config.json` has them. */
export const kokoroVocabulary: Record<string, number> = {
	';': 1, ':': 2, ',': 3, '.': 4, '!': 5, '?': 6, '—': 9, '…': 10, '"': 11, '(': 12, ')': 13, '“': 14, '”': 15, ' ': 16, '\u0303': 17,
	ʣ: 18, ʥ: 19, ʦ: 20, ʨ: 21, ᵝ: 22, '\uab67': 23, A: 24, I: 25, O: 31, Q: 33, S: 35, T: 36, W: 39, Y: 41, ᵊ: 42,
	a: 43, b: 44, c: 45, d: 46, e: 47, f: 48, h: 50, i: 51, j: 52, k: 53, l: 54, m: 55, n: 56, o: 57, p: 58, q: 59, r: 60, s: 61, t: 62, u: 63,
	v: 64, w: 65, x: 66, y: 67, z: 68, ɑ: 69, ɐ: 70, ɒ: 71, æ: 72, β: 75, ɔ: 76, ɕ: 77, ç: 78, ɖ: 80, ð: 81, ʤ: 82, ə: 83, ɚ: 85, ɛ: 86, ɜ: 87,
	ɟ: 90, ɡ: 92, ɥ: 99, ɨ: 101, ɪ: 102, ʝ: 103, ɯ: 110, ɰ: 111, ŋ: 112, ɳ: 113, ɲ: 114, ɴ: 115, ø: 116, ɸ: 118, θ: 119, œ: 120, ɹ: 123, ɾ: 125,
	ɻ: 126, ʁ: 128, ɽ: 129, ʂ: 130, ʃ: 131, ʈ: 132, ʧ: 133, ʊ: 135, ʋ: 136, ʌ: 138, ɣ: 139, ɤ: 140, χ: 142, ʎ: 143, ʒ: 147, ʔ: 148,
	ˈ: 156, ˌ: 157, ː: 158, ʰ: 162, ʲ: 164, '↓': 169, '→': 171, '↗': 172, '↘': 173, ᵻ: 177,
};

export interface TinyKokoro {
	/** Names and types that exports differ in. */
	names?: { ids?: string; waveform?: string; durations?: string };
	wholeSpeeds?: boolean;
	/** An export without word times. */
	untimed?: boolean;
	/** Feed-forward layers of 512 by 2048 that every frame passes, so that a run costs time as a real one does. */
	layers?: number;
	voices?: readonly string[];
	/** Where the vocabulary stands. */
	vocabularyIn?: 'config' | 'tokenizer';
}

/**
 * A model with the sockets of the timestamped Kokoro export. A letter lasts max(1, round((id mod 5 + 1) / speed)) frames of 600
 * samples, and the sound is constant at the mean of the style, so numbers, speed and style row can be read off the result.
 */
export function tinyKokoro({ names = {}, wholeSpeeds = false, untimed = false, layers = 0 }: TinyKokoro = {}): Buffer {
	const g = new GraphBuilder();
	const ids = g.input(names.ids ?? 'input_ids', i64, [1, 'n']);
	const style = g.input('style', f32, [1, width]);
	const speed = g.cast(g.input('speed', wholeSpeeds ? i32 : f32, [1]), f32);
	const base = g.cast(g.op('Add', [g.op('Mod', [ids, g.integer(5)]), g.integer(1)]), f32);
	const frames = g.op('Max', [g.op('Round', [g.op('Div', [base, speed])]), g.real(1)]);
	const durations = g.op('Squeeze', [g.cast(frames, i64), g.integers(0)]);
	const length = g.op('ReduceSum', [durations], { keepdims: 0 });
	const samples = g.op('Mul', [length, g.integer(600)]);
	const mean = g.op('ReduceMean', [style], { keepdims: 0 });
	const level = layers > 0 ? g.op('Add', [mean, work(g, mean, length, layers)]) : mean;
	g.output(names.waveform ?? 'waveform', g.op('Expand', [level, g.shape(1, samples)]), f32, [1, 'samples']);
	if (!untimed) g.output(names.durations ?? 'durations', durations, i64, ['n']);
	return g.done();
}

/** Next to nothing, after much work for each frame. */
function work(g: GraphBuilder, level: string, frames: string, layers: number): string {
	const weights = (rows: number, columns: number) => g.constant(f32, [rows, columns], Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(i) / Math.sqrt(rows)));
	const [inner, outer] = [weights(512, 2048), weights(2048, 512)];
	let x = g.op('Expand', [level, g.shape(frames, 512)]);
	for (let layer = 0; layer < layers; layer++) x = g.op('Tanh', [g.op('MatMul', [g.op('Relu', [g.op('MatMul', [x, inner])]), outer])]);
	return g.op('Mul', [g.op('ReduceMean', [x], { keepdims: 0 }), g.real(1e-9)]);
}

/** Row r of a voice is filled with `level + r / 10000`. */
export function voicePack(level: number): Buffer {
	const pack = new Float32Array(rows * width);
	for (let row = 0; row < rows; row++) pack.fill(level + row / 10_000, row * width, (row + 1) * width);
	return Buffer.from(pack.buffer);
}

/** Levels of the voices that are written: the nth has n tenths. */
export async function writeTinyKokoro(folder: string, options: TinyKokoro = {}): Promise<void> {
	const { voices = ['af_heart', 'af_sky', 'bf_emma', 'ff_siwis', 'zf_xiaobei'], vocabularyIn = 'config' } = options;
	for (const part of ['onnx', 'voices']) await mkdir(join(folder, part), { recursive: true });
	await writeFile(join(folder, 'onnx/model.onnx'), tinyKokoro(options));
	await Promise.all(voices.map((voice, i) => writeFile(join(folder, 'voices', `${voice}.bin`), voicePack((i + 1) / 10))));
	await writeFile(join(folder, 'config.json'), JSON.stringify({ model_type: 'style_text_to_speech_2', ...(vocabularyIn === 'config' && { vocab: kokoroVocabulary }) }));
	await writeFile(join(folder, 'tokenizer.json'), JSON.stringify({ model: { vocab: { $: 0, ...kokoroVocabulary } } }));
}
