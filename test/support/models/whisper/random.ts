import { GraphBuilder } from '../graph-builder';
import { types } from '../onnx-writer';
import { decoderInputs, frames, soundCache } from './encoder-cache';
import { mels, type TinyWhisper } from './files';
import { contextLength, idOf, size, special, timestampBegin } from './vocabulary';

export interface RandomOptions {
	seed?: number;
	heads?: number;
	/** Numbers of each head. */
	head?: number;
	layers?: number;
	/** Tokens beyond the tiny vocabulary, never likely, so that a step costs what it does with a real one. */
	filler?: number;
	/** How far logits lie apart. */
	sharpness?: number;
	/** Whether encoder and decoder have all parts of a real one, so that they cost what those cost: layers and feed-forward nets. */
	whole?: boolean;
}
type Shape = Required<Omit<RandomOptions, 'seed'>> & { width: number; next: () => number };

/** Normally distributed numbers, the same for the same seed. */
function gaussian(seed: number) {
	let state = seed;
	const uniform = () => (state = (state * 48271) % 2147483647) / 2147483647;
	return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** A Whisper with random weights: it says nonsense, but every token depends on all before it and on the sound, as in a real one. */
export function randomWhisper({ seed = 1, heads = 2, head = 8, layers = 2, filler = 0, sharpness = 0.8, whole = false }: RandomOptions = {}): TinyWhisper {
	const shape: Shape = { heads, head, layers, filler, sharpness, whole, width: heads * head, next: gaussian(seed) };
	const controls = [...special].filter(([name]) => name !== 'endoftext').map(([, id]) => id);
	return { encoder: encoder(shape), decoder: decoder(shape), layers, heads, width: shape.width, suppress: controls };
}

function weights(g: GraphBuilder, { next }: Shape, rows: number, columns: number, scale = 1 / Math.sqrt(rows)): string {
	const values = new Float32Array(rows * columns);
	for (let i = 0; i < values.length; i++) values[i] = next() * scale;
	return g.constant(types.f32, [rows, columns], values);
}

function encoder(shape: Shape): Buffer {
	const g = new GraphBuilder();
	const { width, whole, layers } = shape;
	const input = g.input('input_features', types.f32, ['batch', mels, 2 * frames]);
	const turned = g.op('Transpose', [input], { perm: [0, 2, 1] });
	const half = g.op('Slice', [turned, g.integers(0), g.integers(2 * frames), g.integers(1), g.integers(2)]);
	const places = weights(g, shape, frames, width, 0.5);
	let heard = g.op('Tanh', [g.op('Add', [g.op('MatMul', [half, weights(g, shape, mels, width, 0.3)]), places])]);
	for (let layer = 0; whole && layer < layers; layer++) heard = feedForward(g, shape, selfAttention(g, shape, heard, g.size(input, 0)));
	g.output('last_hidden_state', heard, types.f32, ['batch', frames, width]);
	return g.done();
}

function selfAttention(g: GraphBuilder, shape: Shape, x: string, batch: string): string {
	const normal = level(g, x, shape.width);
	const [query, key, value] = [0.5, undefined, undefined].map((scale) => project(g, shape, normal, { batch, scale })) as [string, string, string];
	return g.op('Add', [x, joined(g, attention(g, { query, key, value }).out, batch, shape.width)]);
}

function feedForward(g: GraphBuilder, shape: Shape, x: string): string {
	const { width } = shape;
	const inner = g.op('Relu', [g.op('MatMul', [level(g, x, width), weights(g, shape, width, 4 * width)])]);
	return g.op('Add', [x, g.op('MatMul', [inner, weights(g, shape, 4 * width, width)])]);
}

function project(g: GraphBuilder, shape: Shape, from: string, { batch, scale }: { batch: string; scale?: number | undefined }): string {
	const projected = g.op('MatMul', [from, weights(g, shape, shape.width, shape.width, scale)]);
	return g.op('Transpose', [g.reshape(projected, batch, -1, shape.heads, shape.head)], { perm: [0, 2, 1, 3] });
}

function decoder(shape: Shape): Buffer {
	const g = new GraphBuilder();
	const { layers, heads, head, width, filler, sharpness, whole } = shape;
	const { ids, heard, past, length, unstarted } = decoderInputs(g, { layers, heads, head, flag: true, cacheType: types.f32 });
	const batch = g.size(ids, 0);
	const steps = g.size(ids, 1);
	const places = g.op('Range', [length, g.op('Add', [length, steps]), g.integer(1)]);
	const token = g.op('Gather', [weights(g, shape, size, width, 1), ids]);
	let x = g.op('Add', [token, g.op('Gather', [weights(g, shape, contextLength, width, 0.5), places])]);
	const own = (from: string, scale?: number) => project(g, shape, from, { batch, scale });
	for (let layer = 0; layer < layers; layer++) {
		const normal = level(g, x, width);
		const kept = (kind: string, made: string) => {
			const whole = g.op('Concat', [past(layer, 'decoder', kind), made], { axis: 2 });
			g.output(past(layer, 'decoder', kind).replace('past_key_values', 'present'), whole, types.f32, ['batch', heads, 'text', head]);
			return whole;
		};
		const text = attention(g, { query: own(normal, 0.5), key: kept('key', own(normal)), value: kept('value', own(normal)), places });
		x = g.op('Add', [x, joined(g, text.out, batch, width)]);
		const sound = (kind: string) => soundCache(g, past(layer, 'encoder', kind), { made: own(heard), unstarted, cacheType: types.f32, dims: ['batch', heads, 'sound', head] });
		const cross = attention(g, { query: own(level(g, x, width), 1), key: sound('key'), value: sound('value') });
		g.output(`cross_attentions.${layer}`, cross.weights, types.f32, ['batch', heads, 'steps', frames]);
		x = g.op('Add', [x, joined(g, cross.out, batch, width)]);
		if (whole) x = feedForward(g, shape, x);
	}
	const favour = new Float32Array(size + filler).fill(-6, timestampBegin).fill(-100, size);
	favour[idOf('endoftext')] = 3;
	const raw = g.op('MatMul', [level(g, x, width), weights(g, shape, width, size + filler, sharpness)]);
	g.output('logits', g.op('Add', [raw, g.constant(types.f32, [size + filler], favour)]), types.f32, ['batch', 'steps', size + filler]);
	return g.done();
}

/** Without weights of its own. */
function level(g: GraphBuilder, x: string, width: number): string {
	const ones = g.constant(types.f32, [width], new Float32Array(width).fill(1));
	return g.op('LayerNormalization', [x, ones], { axis: -1 });
}

const joined = (g: GraphBuilder, out: string, batch: string, width: number) => g.reshape(g.op('Transpose', [out], { perm: [0, 2, 1, 3] }), batch, -1, width);

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
