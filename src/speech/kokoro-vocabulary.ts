import { z } from 'zod/v4';
import { OperationFailed } from '../errors';
import type { Token } from './phonemes/tokens';

/** The letters a Kokoro model knows: one code point, one number. Comes with the model, never from us. */
export type Vocabulary = ReadonlyMap<string, number>;

/** Boundary at both ends of the model's input. */
export const boundary = 0;

const entries = z.record(z.string(), z.number().int().nonnegative());
const config = z.object({ vocab: entries });
const tokenizer = z.object({ model: z.object({ vocab: entries }) });

/** Reads `config.json` or `tokenizer.json`, whichever has the vocabulary. */
export function readVocabulary(files: readonly unknown[]): Vocabulary {
	for (const file of files) {
		const found = config.safeParse(file).data?.vocab ?? tokenizer.safeParse(file).data?.model.vocab;
		if (found !== undefined) return new Map(Object.entries(found).filter(([letter]) => Array.from(letter).length === 1));
	}
	throw new OperationFailed('Expected a vocabulary in config.json or tokenizer.json of the Kokoro model, found none. Download the model again', { code: 'model_unsupported' });
}

/** Tokens with only the letters that the model knows, none of them empty, and the phonemes it does not know. Unknown marks go without a word. */
export function knownTokens(tokens: readonly Token[], vocabulary: Vocabulary): { tokens: Token[]; unknown: string[] } {
	const unknown = new Set<string>();
	const known: Token[] = [];
	for (const { phonemes, space, word } of tokens) {
		const letters = Array.from(phonemes);
		if (word !== undefined) for (const letter of letters) if (!vocabulary.has(letter)) unknown.add(letter);
		const kept = letters.filter((letter) => vocabulary.has(letter)).join('');
		const last = known.at(-1);
		if (kept !== '') known.push({ phonemes: kept, space, word });
		else if (last !== undefined) last.space ||= space;
	}
	return { tokens: known, unknown: [...unknown] };
}

/** The model's input for some tokens. */
export const tokenIds = (tokens: readonly Token[], vocabulary: Vocabulary): number[] => [
	boundary,
	...Array.from(spelling(tokens), (letter) => vocabulary.get(letter) ?? boundary),
	boundary,
];

export const spelling = (tokens: readonly Token[]) => tokens.map(({ phonemes, space }) => (space ? `${phonemes} ` : phonemes)).join('');
