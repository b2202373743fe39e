import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod/v4';
import { messageOf, OperationFailed } from '../../../src/errors';

export interface TextTokenizer {
	/** Token ids, in the frame that the model's own tokenizer puts around a text. */
	encode(text: string): number[];
	/** Characters of the text that the model has no token for. */
	unknown(text: string): string[];
}

const anyObject = z.looseObject({});

export async function readTokenizer(folder: string): Promise<TextTokenizer> {
	const [{ Tokenizer }, tokens, config] = await Promise.all([
		import('@huggingface/tokenizers'),
		readJson(join(folder, 'tokenizer.json')),
		readJson(join(folder, 'tokenizer_config.json')),
	]);
	const tokenizer = new Tokenizer(tokens, config);
	const unknownId = tokenizer.token_to_id('[UNK]');
	return {
		encode: (text) => tokenizer.encode(text).ids,
		unknown: (text) =>
			unknownId === undefined
				? []
				: [...new Set(text.replace(/\s/gu, ''))].filter((character) =>
						tokenizer.encode(character, { add_special_tokens: false }).ids.includes(unknownId),
					),
	};
}

async function readJson(path: string) {
	try {
		return anyObject.parse(JSON.parse(await readFile(path, 'utf8')));
	} catch (cause) {
		throw new OperationFailed(`Expected a tokenizer in ${path}, got: ${messageOf(cause)}. Check the model with "ai-agent-tools models verify".`, {
			code: 'model_unreadable',
			cause,
		});
	}
}
