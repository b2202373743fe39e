import { GraphBuilder } from '../graph-builder';
import { types } from '../onnx-writer';
import { decoderInputs, frames, soundCache } from './encoder-cache';
import { mels, type TinyWhisper } from './files';
import { contextLength, idOf, size, special, timestampBegin } from './vocabulary';

const heads = 2;
const head = 8;
const width = heads * head;
const layers = 2;

/** Normally distributed numbers, the same for the same seed. */
function gaussian(seed: number) {
	let state = seed;
	const uniform = () => (state = (state * 48271) % 2147483647) / 2147483647;
	return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** A Whisper with random weights: it says nonsense, but every token depends on all before it and on the sound, as in a real one. */
export function randomWhisper(seed = 1): TinyWhisper {
	const next = gaussian(seed);
	const controls = [...special].filter(([name]) => name !== 'endoftext').map(([, id]) => id);
	return { encoder: encoder(next), decoder: decoder(next), layers, heads, width, suppress: controls };
}

function weights(g: GraphBuilder, next: () => number, rows: number, columns: number, scale = 1 / Math.sqrt(rows)): string {
	return g.constant(types.f32, [rows, columns], Float32Array.from({ length: rows * columns }, () => next() * scale));
}

function encoder(next: () => number): Buffer {
	const g = new GraphBuilder();
	const turned = g.op('Transpose', [g.input('input_features', types.f32, ['batch', mels, 2 * frames])], { perm: [0, 2, 1] });
	const half = g.op('Slice', [turned, g.integers(0), g.integers(2 * frames), g.integers(1), g.integers(2)]);
	const places = weights(g, next, frames, width, 0.5);
	const heard = g.op('Tanh', [g.op('Add', [g.op('MatMul', [half, weights(g, next, mels, width, 0.3)]), places])]);
	g.output('last_hidden_state', heard, types.f32, ['batch', frames, width]);
	return g.done();
}

function decoder(next: () => number): Buffer {
	const g = new GraphBuilder();
	const { ids, heard, past, length, unstarted } = decoderInputs(g, { layers, heads, head, flag: true, cacheType: types.f32 });
	const batch = g.size(ids, 0);
	const steps = g.size(ids, 1);
	const places = g.op('Range', [length, g.op('Add', [length, steps]), g.integer(1)]);
	const token = g.op('Gather', [weights(g, next, size, width, 1), ids]);
	let x = g.op('Add', [token, g.op('Gather', [weights(g, next, contextLength, width, 0.5), places])]);
	const split = (from: string) => g.op('Transpose', [g.reshape(from, batch, -1, heads, head)], { perm: [0, 2, 1, 3] });
	const project = (from: string, scale?: number) => split(g.op('MatMul', [from, weights(g, next, width, width, scale)]));
	for (let layer = 0; layer < layers; layer++) {
		const normal = level(g, x);
		const kept = (kind: string, made: string) => {
			const whole = g.op('Concat', [past(layer, 'decoder', kind), made], { axis: 2 });
			g.output(past(layer, 'decoder', kind).replace('past_key_values', 'present'), whole, types.f32, ['batch', heads, 'text', head]);
			return whole;
		};
		const own = attention(g, { query: project(normal, 0.5), key: kept('key', project(normal)), value: kept('value', project(normal)), places });
		x = g.op('Add', [x, joined(g, own.out, batch)]);
		const sound = (kind: string) => soundCache(g, past(layer, 'encoder', kind), { made: project(heard), unstarted, cacheType: types.f32, dims: ['batch', heads, 'sound', head] });
		const cross = attention(g, { query: project(level(g, x), 1), key: sound('key'), value: sound('value') });
		g.output(`cross_attentions.${layer}`, cross.weights, types.f32, ['batch', heads, 'steps', frames]);
		x = g.op('Add', [x, joined(g, cross.out, batch)]);
	}
	const favour = new Float32Array(size).fill(-6, timestampBegin);
	favour[idOf('endoftext')] = 3;
	const raw = g.op('MatMul', [level(g, x), weights(g, next, width, size, 0.8)]);
	g.output('logits', g.op('Add', [raw, g.constant(types.f32, [size], favour)]), types.f32, ['batch', 'steps', size]);
	return g.done();
}

/** Without weights of its own. */
function level(g: GraphBuilder, x: string): string {
	const ones = g.constant(types.f32, [width], new Float32Array(width).fill(1));
	return g.op('LayerNormalization', [x, ones], { axis: -1 });
}

const joined = (g: GraphBuilder, out: string, batch: string) => g.reshape(g.op('Transpose', [out], { perm: [0, 2, 1, 3] }), batch, -1, width);

interface AttentionParts {
	query: string;
	key: string;
	value: string;
	/** Of the queries, so that none looks ahead; absent where all may be seen. */
	places?: string;
}

function attention(g: GraphBuilder, { query, key, value, places }: AttentionParts) {
	const match = g.op('MatMul', [query, g.op('Transpose', [key], { perm: [0, 1, 3, 2] })]);
	const weighed = g.op('Softmax', [places === undefined ? match : g.op('Add', [match, unseen(g, places, key)])], { axis: -1 });
	return { weights: weighed, out: g.op('MatMul', [weighed, value]) };
}

/** A large negative number wherever a key lies after its query. */
function unseen(g: GraphBuilder, places: string, key: string): string {
	const keys = g.op('Range', [g.integer(0), g.size(key, 2), g.integer(1)]);
	const ahead = g.op('Greater', [g.op('Unsqueeze', [keys, g.integers(0)]), g.op('Unsqueeze', [places, g.integers(1)])]);
	return g.op('Where', [ahead, g.real(-1e9), g.real(0)]);
}
