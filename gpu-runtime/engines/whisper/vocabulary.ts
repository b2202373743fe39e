import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod/v4';
import { OperationFailed } from '../../../src/errors';
import { tokenBytes } from '../../../src/speech/whisper/bytes';
import { whisperLanguages } from '../../../src/speech/whisper/languages';
import type { TokenRules } from '../../../src/speech/whisper/rules';

const numbers = z.array(z.number()).nullish();
const generationConfig = z.object({
	is_multilingual: z.boolean().optional(),
	lang_to_id: z.record(z.string(), z.number()).nullish(),
	suppress_tokens: numbers,
	begin_suppress_tokens: numbers,
	max_initial_timestamp_index: z.number().nullish(),
	alignment_heads: z.array(z.tuple([z.number(), z.number()])).nullish(),
});
const config = z.object({
	num_mel_bins: z.number().int(),
	max_source_positions: z.number().int(),
	max_target_positions: z.number().int(),
	decoder_layers: z.number().int(),
	decoder_attention_heads: z.number().int(),
});
const tokenizerFile = z.looseObject({
	added_tokens: z.array(z.object({ id: z.number(), content: z.string() })),
	model: z.looseObject({ vocab: z.record(z.string(), z.number()) }),
});

/** What a Whisper model says of itself in its JSON files. */
export interface WhisperVocabulary {
	melBins: number;
	/** Tokens that the decoder can hold, the prompt included. */
	contextLength: number;
	rules: TokenRules;
	startOfTranscript: number;
	startOfPrevious: number;
	noSpeech: number;
	/** Absent in models for English alone, which are not told language and task. */
	multilingual: { languages: ReadonlyMap<string, number>; transcribe: number; translate: number } | null;
	/** Layer and head whose attention follows the sound. */
	alignmentHeads: readonly (readonly [layer: number, head: number])[];
	encode(text: string): number[];
	bytesOf(token: number): Uint8Array;
}

export async function readVocabulary(folder: string): Promise<WhisperVocabulary> {
	const [{ Tokenizer }, generation, sizes, tokens, tokenizerConfig] = await Promise.all([
		import('@huggingface/tokenizers'),
		readJson(folder, 'generation_config.json', generationConfig),
		readJson(folder, 'config.json', config),
		readJson(folder, 'tokenizer.json', tokenizerFile),
		readJson(folder, 'tokenizer_config.json', z.looseObject({})),
	]);
	const added = new Map(tokens.added_tokens.map(({ content, id }) => [content, id]));
	const vocabulary = { ...tokens.model.vocab };
	const id = (...names: string[]) => {
		const found = names.map((name) => added.get(`<|${name}|>`) ?? vocabulary[`<|${name}|>`]).find((token) => token !== undefined);
		if (found === undefined) throw unfit(folder, `no token <|${names[0]}|> in tokenizer.json`);
		return found;
	};
	const noTimestamps = id('notimestamps');
	const languages = new Map(
		Object.keys(whisperLanguages).flatMap((code) => {
			const token = (generation.lang_to_id ?? Object.fromEntries(added))[`<|${code}|>`];
			return token === undefined ? [] : [[code, token] as const];
		}),
	);
	const multilingual = generation.is_multilingual ?? generation.lang_to_id != null;
	const [transcribe, translate] = [id('transcribe'), id('translate')];
	const special = { startOfTranscript: id('startoftranscript'), startOfPrevious: id('startofprev'), noSpeech: id('nospeech', 'nocaptions') };
	const tokenizer = new Tokenizer(tokens, tokenizerConfig);
	const spelled = new Map(Object.entries(vocabulary).map(([text, token]) => [token, text]));
	return {
		melBins: sizes.num_mel_bins,
		contextLength: sizes.max_target_positions,
		rules: {
			endOfText: id('endoftext'),
			noTimestamps,
			timestampBegin: noTimestamps + 1,
			// Not every export lists the control tokens, and none of them is ever text.
			suppress: [...new Set([...(generation.suppress_tokens ?? []), ...languages.values(), transcribe, translate, ...Object.values(special)])],
			suppressFirst: generation.begin_suppress_tokens ?? [],
			latestStart: generation.max_initial_timestamp_index ?? 50,
		},
		...special,
		multilingual: multilingual ? { languages, transcribe, translate } : null,
		alignmentHeads: generation.alignment_heads ?? upperHalf(sizes.decoder_layers, sizes.decoder_attention_heads),
		encode: (text) => [...tokenizer.encode(text, { add_special_tokens: false }).ids],
		bytesOf: (token) => tokenBytes(spelled.get(token) ?? ''),
	};
}

/** Where a model names no heads, the upper half of its layers follows the sound well enough. */
const upperHalf = (layers: number, heads: number) =>
	Array.from({ length: layers * heads }, (_, i) => [Math.floor(i / heads), i % heads] as const).filter(([layer]) => layer >= layers / 2);

async function readJson<T extends z.ZodType>(folder: string, name: string, schema: T): Promise<z.output<T>> {
	try {
		return schema.parse(JSON.parse(await readFile(join(folder, name), 'utf8')));
	} catch (cause) {
		throw unfit(folder, `a ${name} that cannot be used`, cause);
	}
}

const unfit = (folder: string, got: string, cause?: unknown) =>
	new OperationFailed(`Expected a Whisper model in ${folder}, got ${got}. Check it with "ai-agent-tools models verify".`, {
		code: 'model_unsupported',
		cause,
	});
