import { OperationFailed } from '../../../src/errors';
import { speechTokens } from '../../../src/speech/chatterbox/tokens';
import type { ReadyModel } from '../../models/store';
import { f32, floats, i64, inPrecision, integers, zeros, type Model, type Tensor, type Turn } from '../onnx';

/** What the speech encoder heard in a voice sample: all that the other graphs need to speak like it. */
export interface Voice {
	/** [1, t, width]: goes before the text. */
	features: { data: Float32Array; length: number; width: number };
	/** Speech tokens of the sample, which the vocoder continues. */
	tokens: number[];
	embedding: Tensor;
	spectrum: Tensor;
}

export interface Graphs {
	kind: 'original' | 'turbo';
	/** Whether the language model follows `cfgWeight`. */
	guided: boolean;
	hear(samples: Float32Array): Promise<Voice>;
	/** Rows [n, width] for tokens; the positions and the exaggeration mean nothing to Turbo. */
	embed(ids: readonly number[], positions: readonly number[], exaggeration: number): Promise<Float32Array>;
	/** A language model at its beginning. */
	begin(cfgWeight: number): LanguageModel;
	vocode(tokens: readonly number[], voice: Voice): Promise<Float32Array>;
}

export interface LanguageModel {
	/** Feeds rows [n, width] and gives the scores of the next token. */
	feed(rows: Float32Array, width: number): Promise<Float32Array>;
}

export async function openGraphs(turn: Turn, ready: ReadyModel): Promise<Graphs> {
	const open = (name: string) => turn.load(ready.graph(name));
	const encoder = await open('speech_encoder');
	const embedder = await open('embed_tokens');
	const language = await open('language_model');
	const vocoder = await open('conditional_decoder');
	const wants = (model: Model, name: string) => model.inputs.some((input) => input.name === name);
	const exaggerates = wants(embedder, 'exaggeration');

	return {
		kind: exaggerates ? 'original' : 'turbo',
		guided: wants(language, 'cfg_weight'),
		hear: async (samples) => voiceOf(await encoder.run({ audio_values: f32(samples, [1, samples.length]) })),
		async embed(ids, positions, exaggeration) {
			const dims = [1, ids.length];
			const { inputs_embeds } = await embedder.run({
				input_ids: i64(ids, dims),
				...(wants(embedder, 'position_ids') && { position_ids: i64(positions, dims) }),
				...(exaggerates && { exaggeration: f32([exaggeration], [1]) }),
			});
			return floats(inputs_embeds, 'inputs_embeds');
		},
		begin: (cfgWeight) => beginLanguageModel(language, cfgWeight),
		async vocode(tokens, { embedding, spectrum }) {
			const { waveform } = await vocoder.run({
				speech_tokens: i64(tokens, [1, tokens.length]),
				speaker_embeddings: embedding,
				speaker_features: spectrum,
			});
			return floats(waveform, 'waveform');
		},
	};
}

function voiceOf({ audio_features, audio_tokens, speaker_embeddings, speaker_features }: Record<string, Tensor>): Voice {
	if (!audio_features || !speaker_embeddings || !speaker_features) {
		throw unfit('a speech encoder with audio_features, audio_tokens, speaker_embeddings and speaker_features');
	}
	const [, length = 0, width = 0] = audio_features.dims;
	return {
		features: { data: floats(audio_features, 'audio_features'), length, width },
		tokens: integers(audio_tokens, 'audio_tokens').filter((token) => token < speechTokens.start),
		embedding: speaker_embeddings,
		spectrum: speaker_features,
	};
}

function beginLanguageModel(model: Model, cfgWeight: number): LanguageModel {
	const input = (name: string) => model.inputs.find((socket) => socket.name === name);
	const embeds = input('inputs_embeds');
	const pasts = model.inputs.filter(({ name }) => name.startsWith('past_key_values.'));
	if (!embeds || pasts.length === 0) throw unfit('a language model with inputs_embeds and a cache');
	let cache = Object.fromEntries(pasts.map(({ name, type, shape }) => [name, zeros(type, emptyCache(name, shape))]));
	let past = 0;

	return {
		async feed(rows, width) {
			const steps = rows.length / width;
			const total = past + steps;
			const outputs = await model.run({
				...cache,
				inputs_embeds: inPrecision(embeds.type, rows, [1, steps, width]),
				attention_mask: i64(new Array<number>(total).fill(1), [1, total]),
				...(input('position_ids') && { position_ids: i64(Array.from({ length: steps }, (_, step) => past + step), [1, steps]) }),
				...(input('cfg_weight') && { cfg_weight: f32([cfgWeight], [1]) }),
			});
			cache = Object.fromEntries(pasts.map(({ name }) => [name, presentOf(outputs, name)]));
			past = total;
			return lastRow(outputs.logits);
		},
	};
}

/** [1, heads, 0, size of a head] */
function emptyCache(name: string, [, heads, , size]: readonly (number | string)[]): number[] {
	if (typeof heads === 'number' && typeof size === 'number') return [1, heads, 0, size];
	throw unfit(`a cache ${name} whose heads and head size are fixed numbers`);
}

function presentOf(outputs: Record<string, Tensor>, past: string): Tensor {
	const present = outputs[past.replace('past_key_values', 'present')];
	if (present) return present;
	throw unfit(`a language model that gives ${past} back`);
}

/** Of [1, n, vocabulary] only the last row says what comes next. */
function lastRow(logits: Tensor | undefined): Float32Array {
	const size = logits?.dims.at(-1) ?? 0;
	if (logits?.type === 'float16') return floats({ ...logits, data: logits.data.subarray(-size), dims: [size] }, 'logits');
	return floats(logits, 'logits').slice(-size);
}

const unfit = (wanted: string) => new OperationFailed(`Expected ${wanted}, got a model without. Use the published Chatterbox exports.`, { code: 'model_unsupported' });
