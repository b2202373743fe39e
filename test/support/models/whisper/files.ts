import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { contextLength, idOf, languages, size, special, timestampBegin, timeTokens, vocab } from './vocabulary';

export interface TinyWhisper {
	encoder: Buffer;
	decoder: Buffer;
	/** Layers and heads of the decoder, for the config and the alignment heads. */
	layers: number;
	heads: number;
	width: number;
	suppress?: readonly number[];
	multilingual?: boolean;
}

/** Writes a model as its repository has it: two graphs and the JSON files around them. `suffix` as in `_quantized`. */
export async function writeWhisper(folder: string, tiny: TinyWhisper, suffix = ''): Promise<void> {
	await mkdir(join(folder, 'onnx'), { recursive: true });
	const jsons = { config: config(tiny), generation_config: generationConfig(tiny), preprocessor_config, tokenizer: tokenizer(), tokenizer_config };
	await Promise.all([
		writeFile(join(folder, 'onnx', `encoder_model${suffix}.onnx`), tiny.encoder),
		writeFile(join(folder, 'onnx', `decoder_model_merged${suffix}.onnx`), tiny.decoder),
		...Object.entries(jsons).map(([name, json]) => writeFile(join(folder, `${name}.json`), JSON.stringify(json))),
	]);
}

const end = idOf('endoftext');
const ids = { decoder_start_token_id: idOf('startoftranscript'), eos_token_id: end, bos_token_id: end, pad_token_id: end };
export const mels = 80;

const config = ({ layers, heads, width }: TinyWhisper) => ({
	...ids,
	architectures: ['WhisperForConditionalGeneration'],
	model_type: 'whisper',
	is_encoder_decoder: true,
	d_model: width,
	encoder_layers: 1,
	decoder_layers: layers,
	num_hidden_layers: layers,
	encoder_attention_heads: heads,
	decoder_attention_heads: heads,
	num_mel_bins: mels,
	vocab_size: size,
	max_source_positions: 1500,
	max_target_positions: contextLength,
	median_filter_width: 7,
});

const generationConfig = ({ layers, heads, suppress = [], multilingual = true }: TinyWhisper) => ({
	...ids,
	alignment_heads: Array.from({ length: heads }, (_, head) => [layers - 1, head]),
	is_multilingual: multilingual,
	...(multilingual && {
		lang_to_id: Object.fromEntries(languages.map((code) => [`<|${code}|>`, idOf(code)])),
		task_to_id: { translate: idOf('translate'), transcribe: idOf('transcribe') },
	}),
	no_timestamps_token_id: idOf('notimestamps'),
	begin_suppress_tokens: [end],
	suppress_tokens: suppress,
	max_initial_timestamp_index: 50,
	max_length: contextLength,
	return_timestamps: false,
});

const preprocessor_config = {
	feature_extractor_type: 'WhisperFeatureExtractor',
	processor_class: 'WhisperProcessor',
	chunk_length: 30,
	feature_size: mels,
	hop_length: 160,
	n_fft: 400,
	n_samples: 480_000,
	nb_max_frames: 3000,
	padding_side: 'right',
	padding_value: 0,
	return_attention_mask: false,
	sampling_rate: 16_000,
};

const byteLevel = (prefix: boolean) => ({ type: 'ByteLevel', add_prefix_space: prefix, trim_offsets: true, use_regex: true });

const tokenizer = () => ({
	version: '1.0',
	truncation: null,
	padding: null,
	added_tokens: [...special, ...Array.from({ length: timeTokens }, (_, i) => [(i * 0.02).toFixed(2), timestampBegin + i] as const)].map(([name, id]) => ({
		id,
		content: `<|${name}|>`,
		single_word: false,
		lstrip: false,
		rstrip: false,
		normalized: false,
		special: id < timestampBegin,
	})),
	normalizer: null,
	pre_tokenizer: byteLevel(false),
	post_processor: null,
	decoder: byteLevel(true),
	model: {
		type: 'BPE',
		dropout: null,
		unk_token: null,
		continuing_subword_prefix: '',
		end_of_word_suffix: '',
		fuse_unk: false,
		vocab: { ...Object.fromEntries(vocab), '<|endoftext|>': end },
		merges: [],
	},
});

const tokenizer_config = {
	tokenizer_class: 'WhisperTokenizer',
	processor_class: 'WhisperProcessor',
	model_max_length: 1024,
	bos_token: '<|endoftext|>',
	eos_token: '<|endoftext|>',
	unk_token: '<|endoftext|>',
	pad_token: '<|endoftext|>',
	errors: 'replace',
	clean_up_tokenization_spaces: true,
};
