import { InvalidInput } from '../../src/errors';
import type { Precision } from '../../src/vocabulary';

/** One file of a model's repository. A hash that is not known here is recorded on first use, and must not change afterwards. */
export interface ModelFile {
	path: string;
	sha256?: string | undefined;
	/** Absent in some exports, e.g. weights beside a graph that is small enough to hold them. */
	optional?: boolean;
}

export interface ModelEntry {
	name: string;
	repo: string;
	/** A commit; a branch, where no commit is known here, is pinned to its commit by the first download. */
	revision: string;
	licence: string;
	/** First = what is taken on the CPU when nobody asks for another. */
	precisions: readonly Precision[];
	/** What is taken on a GPU, which gains nothing by small numbers; absent: the same. */
	cuda?: Precision;
	/** `onnx/NAME{suffix}.onnx`; with `fixed`, in that precision whatever is asked for. */
	graphs: readonly { name: string; fixed?: Precision }[];
	files: readonly ModelFile[];
	/** Folders whose files are fetched one by one, when an engine asks for them (the voices of Kokoro). */
	extras?: readonly string[];
	hashes?: Readonly<Record<string, string>>;
}

const suffixes: Record<Precision, string> = { fp32: '', fp16: '_fp16', q8: '_quantized', q4: '_q4' };

/** Path of a graph inside the model's folder. */
export function graphPath(entry: ModelEntry, name: string, precision: Precision): string {
	const fixed = entry.graphs.find((graph) => graph.name === name)?.fixed;
	return `onnx/${name}${suffixes[fixed ?? precision]}.onnx`;
}

/** Every file that the model needs in one precision. */
export function filesOf(entry: ModelEntry, precision: Precision, extras: readonly string[] = []): ModelFile[] {
	const graphs = entry.graphs.flatMap(({ name }) => {
		const path = graphPath(entry, name, precision);
		return [{ path }, { path: `${path}_data`, optional: true }];
	});
	return [...entry.files, ...graphs, ...extras.map((path) => ({ path }))].map((file) => ({ sha256: entry.hashes?.[file.path], ...file }));
}

export function findModel(name: string, manifest: readonly ModelEntry[]): ModelEntry {
	const entry = manifest.find((model) => model.name === name);
	if (entry) return entry;
	const known = manifest.map((model) => model.name).join(', ');
	throw new InvalidInput(`Expected one of the models ${known}, got ${name}`, { field: 'model', code: 'model_unknown' });
}

const json = (...names: string[]): ModelFile[] => names.map((name) => ({ path: `${name}.json` }));

const whisper = (size: string): ModelEntry => ({
	name: `whisper-${size}`,
	repo: `onnx-community/whisper-${size}_timestamped`,
	revision: 'main',
	licence: 'MIT',
	precisions: ['q8', 'fp32', 'fp16', 'q4'],
	cuda: 'fp16',
	graphs: [{ name: 'encoder_model' }, { name: 'decoder_model_merged' }],
	files: json('config', 'generation_config', 'preprocessor_config', 'tokenizer', 'tokenizer_config'),
});

const chatterbox = ['speech_encoder', 'embed_tokens', 'language_model', 'conditional_decoder'] as const;

/** The models the engines know. Revisions and hashes are those that others published for these repositories. */
export const manifest: readonly ModelEntry[] = [
	{
		name: 'kokoro',
		repo: 'onnx-community/Kokoro-82M-v1.0-ONNX-timestamped',
		revision: 'dd4401a9add81ac692d20e240d22ec9dda82cc29',
		licence: 'Apache-2.0',
		precisions: ['q8', 'fp32', 'fp16', 'q4'],
		cuda: 'fp32',
		graphs: [{ name: 'model' }],
		files: json('config', 'tokenizer'),
		extras: ['voices'],
		hashes: {
			'config.json': 'df34b4f930b23447cd4dc410fabfb42eb3f24e803e6c3f97d618fb359380a36f',
			'tokenizer.json': '77a02c8e164413299b4b4c403b14f8e0e1c1b727db4d46a09d6327b861060a34',
			'onnx/model.onnx': '651ea8291843a92276a4a003581a215cb07d15e47dde6fcfb1b768f9a1682054',
			'onnx/model_fp16.onnx': '220724d5c5e0cc01be30f38faa6cf0c895a7cde6e7773e91db2973c8c7e5123c',
			'onnx/model_quantized.onnx': 'c0c02b3299fd97c34ea92a98e6d41eaa1a739c8f77bf685aac34bd7b34c1132c',
			'onnx/model_q4.onnx': '08dfea732b1c159378be5711f9f366c1bf99d35f9feade2504c8814117b7211a',
			'voices/af_heart.bin': 'd583ccff3cdca2f7fae535cb998ac07e9fcb90f09737b9a41fa2734ec44a8f0b',
			'voices/af_bella.bin': 'f69d836209b78eb8c66e75e3cda491e26ea838a3674257e9d4e5703cbaf55c8b',
			'voices/af_nicole.bin': 'cd2191ab31b914ed7b318416b0e4440fdf392ddad9106a060819aa600a64f59a',
			'voices/am_fenrir.bin': 'c27989f741f7ee34d273a39d8a595cc0837d35f5ced9a29b7cc162614616df43',
			'voices/am_michael.bin': '1d1f21dd8da39c30705cd4c75d039d265e9bc4a2a93ed09bc9e1b1225eb95ba1',
			'voices/am_puck.bin': 'fcf73c989033e9233e0b98713eca600c8c74dcc1614b37009d5450ff4a2274a0',
			'voices/bf_emma.bin': '669fe0647f9dd04fcab92f1439a40eeb4c8b4ab1f82e4996fe3d918ce4a63b73',
			'voices/bm_george.bin': 'c4b235a4c1f2cd3b939fed08b899ce9385638b763f7b73a59616c4fc9bd6c9bc',
			'voices/bm_fable.bin': 'f889083196807b4adb15e9204252165f503b8d33d3982e681c52443c49d798f1',
		},
	},
	...['tiny', 'base', 'small', 'medium', 'large-v3-turbo', 'tiny.en', 'base.en', 'small.en', 'medium.en'].map(whisper),
	{
		name: 'chatterbox',
		repo: 'onnx-community/chatterbox-ONNX',
		revision: '3cab09af388d3f02bba43443fce88c1f4525ac43',
		licence: 'MIT',
		precisions: ['q4', 'fp16', 'fp32'],
		cuda: 'fp16',
		graphs: chatterbox.map((name) => (name === 'language_model' ? { name } : { name, fixed: 'fp32' })),
		files: [...json('tokenizer', 'tokenizer_config'), { path: 'default_voice.wav', optional: true }],
		hashes: {
			'default_voice.wav': '3ebc531cdaba358a327099c1c4f0448026719957bcf4d8e9868767f227e02f4e',
			'onnx/conditional_decoder.onnx': '1656d0d31332bae1854839959a3139300ebb67c178651dfa3f8c5fbfa5351351',
			'onnx/conditional_decoder.onnx_data': '51d58345a272747665ec9d5bb61e01835258a940e321a288582ac4c18cf01b5a',
			'onnx/speech_encoder.onnx': '8f1c8a0f89b77bf9cd5dd8f2e034eb2c79dc00fe70d41196b28c257643b00ccb',
			'onnx/speech_encoder.onnx_data': '04431dcef6325c54b02de2219845888b464bcd1f1ac2f8839c2fecd1ed2ef294',
		},
	},
	{
		name: 'chatterbox-turbo',
		repo: 'ResembleAI/chatterbox-turbo-ONNX',
		revision: 'd21799bd0354adb85e348b8a0442a8405110a2cf',
		licence: 'MIT',
		precisions: ['q4', 'q8', 'fp16', 'fp32'],
		cuda: 'fp16',
		graphs: chatterbox.map((name) => ({ name })),
		files: [...json('tokenizer', 'tokenizer_config'), { path: 'default_voice.wav', optional: true }],
		hashes: {
			'tokenizer.json': '3f04e34bea22f9144d1a19151154095bc9ce0430bf421304f5797e716288a906',
			'onnx/embed_tokens_quantized.onnx': '0efe1bc01c2c48a98425a74444fd9887924d887f922c2722a6ec961ebb9e1db6',
			'onnx/embed_tokens_quantized.onnx_data': '9025d04c124899823124b1d7bb7069b1f535fb8a6c2d88f97520eb6fecced986',
			'onnx/language_model_quantized.onnx': '0b40581277e30b7034331ec8c3ad47ed71d321f015b387a95221e54e2fcbfde8',
			'onnx/language_model_quantized.onnx_data': 'ec9945df36cb5d131d46688f2609fd715fbfcb0b8ee9681af5c84118de2d55a2',
			'onnx/speech_encoder_quantized.onnx': '5b6f15870a43cf97892df86fc550a0ef4763522d527cde72b2a4316f80a34de4',
			'onnx/speech_encoder_quantized.onnx_data': 'd59861fb55e806fbeee731da9d4f8ff819fb5735de5d15e262d902594ee4dbb6',
			'onnx/conditional_decoder_quantized.onnx': '2af3b150196d9d559cd3c91e03da80eb27a466032369dc2b57ea729cddad3ebb',
			'onnx/conditional_decoder_quantized.onnx_data': '4918ca09e05e41d2b4aa1ace6201d1cd911ffc58a42801002bab177d495cfe0a',
		},
	},
];
