import { InvalidInput } from '../errors';
import { chunkTokens } from './kokoro-chunks';
import { knownTokens, type Vocabulary } from './kokoro-vocabulary';
import type { Pronunciation, Token } from './phonemes/tokens';

/** Some sentences of a text, read. */
export interface Passage {
	parts: Pronunciation[];
	/** How many the whole text has. */
	of: number;
}

export interface Chunk {
	tokens: Token[];
	/** Share of the text that is spoken with it, about. */
	read: number;
}

/** A text as the model is to speak it. It is read only as far as its chunks are asked for. */
export interface Script {
	chunks: AsyncGenerator<Chunk>;
	/** As in the source; all of them when the last chunk was taken. */
	words: string[];
	/** Phonemes that the model has no letter for, so far. */
	unknown: Set<string>;
}

export function openScript(passages: AsyncIterable<Passage>, { vocabulary, limit }: { vocabulary: Vocabulary; limit: number }): Script {
	const words: string[] = [];
	const unknown = new Set<string>();
	let sentences = 0;
	let read = 0;

	/** One sentence after the other, with a space between them. */
	async function* tokensOf(): AsyncGenerator<Token> {
		let held: Token | undefined;
		for await (const passage of passages) {
			for (const part of passage.parts) {
				const known = knownTokens(part.tokens, vocabulary);
				for (const letter of known.unknown) unknown.add(letter);
				if (held !== undefined) held.space = true;
				for (const token of known.tokens) {
					if (held !== undefined) yield held;
					held = token.word === undefined ? token : { ...token, word: token.word + words.length };
				}
				words.push(...part.words);
				read = ++sentences / passage.of;
			}
		}
		if (held !== undefined) yield held;
	}

	/** Marks before the first word wait for it, as a text without any is none to speak. */
	async function* chunksOf(): AsyncGenerator<Chunk> {
		const waiting: Chunk[] = [];
		let hasWord = false;
		for await (const tokens of chunkTokens(tokensOf(), limit)) {
			waiting.push({ tokens, read });
			hasWord ||= tokens.some(({ word }) => word !== undefined);
			if (hasWord) yield* waiting.splice(0);
		}
		if (!hasWord) throw new InvalidInput('Expected a text with at least one word to speak, got none. Write some, or look at what fills it in', { code: 'nothing_to_speak', field: 'text' });
	}

	return { chunks: chunksOf(), words, unknown };
}
