import { OperationFailed } from '../../../src/errors';
import { bool, floats, i64, zeros, type Model, type Tensor } from '../onnx';
import { createRepeater, pickRows } from './rows';

/** What the decoder keeps between steps, one row for each text in the making. */
export interface Cache {
	width: number;
	started: boolean;
	/** Grows with every token. */
	text: Record<string, Tensor>;
	/** What the decoder knows of the sound, made before and at the first step; the same for every row. */
	sound: Record<string, Tensor>;
}

export interface Step {
	/** Logits after every token that was fed: those of the prompt, or one for each row. */
	rows: Float32Array[];
	cache: Cache;
}

/** Attention of the asked heads: for each head all tokens by all columns. */
export interface Forced {
	columns: number;
	heads: Float32Array[];
}

export interface Decoder {
	/** Whether the export tells where in the sound each token looks. */
	readonly hasAttention: boolean;
	/** Feeds a prompt to an empty cache; gives the logits after every token of it. `heard` is what the encoder made of the window. */
	start(heard: Tensor, prompt: readonly number[]): Promise<Step>;
	/** Feeds one token to each row, after the cache's rows were put in the order of `parents`. */
	next(cache: Cache, parents: readonly number[], tokens: readonly number[]): Promise<Step>;
	/** Feeds a whole text at once and tells where it looks. */
	attend(heard: Tensor, tokens: readonly number[], heads: readonly (readonly [number, number])[]): Promise<Forced>;
}

const past = 'past_key_values.';

/** Finds its way in a merged decoder by the names of its inputs and outputs. */
export function openDecoder(model: Model): Decoder {
	const sockets = model.inputs.filter(({ name }) => name.startsWith(past));
	const branches = model.inputs.some(({ name }) => name === 'use_cache_branch');
	const isSound = (name: string) => name.includes('.encoder.');
	const repeat = createRepeater();
	if (sockets.length === 0) throw unfit(`a decoder without ${past}* inputs`);

	async function run(tokens: readonly number[], cache: Cache) {
		const outputs = await model.run({
			...cache.text,
			...cache.sound,
			input_ids: i64(tokens, [cache.width, tokens.length / cache.width]),
			...(branches && { use_cache_branch: bool(cache.started) }),
		});
		const kept = (wanted: boolean) =>
			Object.fromEntries(sockets.filter(({ name }) => isSound(name) === wanted).map(({ name }) => [name, present(outputs, name)]));
		// After the first step an export may leave the sound's part out or empty: it never changes.
		const sound = cache.started ? cache.sound : { ...cache.sound, ...kept(true) };
		return { outputs, cache: { width: cache.width, started: true, text: kept(false), sound } };
	}

	async function feed(tokens: readonly number[], before: Cache): Promise<Step> {
		const { outputs, cache } = await run(tokens, before);
		return { rows: lastAxis(floats(outputs.logits, 'logits'), outputs.logits?.dims.at(-1)), cache };
	}

	const unstarted = (heard: Tensor): Cache => ({
		width: 1,
		started: false,
		text: Object.fromEntries(sockets.map((socket) => [socket.name, empty(socket)])),
		sound: { encoder_hidden_states: heard },
	});

	function reorder({ width, started, text, sound }: Cache, parents: readonly number[]): Cache {
		const inOrder = parents.length === width && parents.every((parent, row) => parent === row);
		return {
			width: parents.length,
			started,
			text: inOrder ? text : each(text, (tensor) => pickRows(tensor, parents)),
			sound: each(sound, (tensor, name) => repeat(name, tensor, parents.length)),
		};
	}

	return {
		hasAttention: model.outputs.some(({ name }) => name.startsWith('cross_attentions.')),
		start: (heard, prompt) => feed(prompt, unstarted(heard)),
		next: (cache, parents, tokens) => feed(tokens, reorder(cache, parents)),
		async attend(heard, tokens, heads) {
			const { outputs } = await run(tokens, unstarted(heard));
			const found = heads.map(([layer, head]) => {
				const name = `cross_attentions.${layer}`;
				const columns = outputs[name]?.dims.at(-1) ?? 0;
				const size = tokens.length * columns;
				return { columns, values: floats(outputs[name], name).subarray(head * size, (head + 1) * size) };
			});
			return { columns: found[0]?.columns ?? 0, heads: found.map(({ values }) => values) };
		},
	};
}

const each = (tensors: Record<string, Tensor>, change: (tensor: Tensor, name: string) => Tensor) =>
	Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, change(tensor, name)]));

function present(outputs: Record<string, Tensor>, name: string): Tensor {
	const found = outputs[name.replace(past, 'present.')];
	if (found === undefined) throw unfit(`a decoder without an output for ${name}`);
	return found;
}

function empty({ name, type, shape }: Model['inputs'][number]): Tensor {
	const [, heads, , size] = shape;
	if (typeof heads !== 'number' || typeof size !== 'number') throw unfit(`an input ${name} of shape [${shape.join(', ')}]`);
	return zeros(type, [1, heads, 0, size]);
}

const unfit = (got: string) =>
	new OperationFailed(`Expected a Whisper decoder of the kind decoder_model_merged.onnx, got ${got}`, { code: 'model_unsupported' });

function lastAxis(values: Float32Array, size = 0): Float32Array[] {
	return Array.from({ length: values.length / size }, (_, row) => values.subarray(row * size, (row + 1) * size));
}
