import { codePoints } from '../text/words';
import type { Token } from './phonemes/tokens';

/** The model's input holds 512 numbers, two of them boundaries. */
export const longestInput = 510;

/** Where a text may be parted, best first: ends of sentences, of clauses, of phrases. */
const waterfall = ['!.?…', ':;', ',—'];

/** Tokens in groups of at most `limit` letters, parted at the last of the best marks, else between words; nothing is lost. Takes no more of them than a group needs. */
export async function* chunkTokens(tokens: AsyncIterable<Token> | Iterable<Token>, limit = longestInput): AsyncGenerator<Token[]> {
	const open: Token[] = [];
	let size = 0;
	for await (const token of tokens) {
		for (const slice of slices(token, limit)) {
			open.push(slice);
			size += sizeOf(slice);
			while (sizeWithoutLastSpace(open, size) > limit) {
				yield withoutLastSpace(open.splice(0, partingPlace(open)));
				size = open.reduce((sum, one) => sum + sizeOf(one), 0);
			}
		}
	}
	if (open.length > 0) yield withoutLastSpace(open);
}

const sizeOf = ({ phonemes, space }: Token) => codePoints(phonemes) + Number(space);
const sizeWithoutLastSpace = (tokens: readonly Token[], size: number) => size - Number(tokens.at(-1)?.space ?? false);

/** How many of the tokens, the last of which is one too many, come first. */
function partingPlace(tokens: readonly Token[]): number {
	const fitting = tokens.slice(0, -1);
	for (const marks of waterfall) {
		let place = fitting.findLastIndex(({ word, phonemes }) => word === undefined && phonemes !== '' && marks.includes(phonemes)) + 1;
		while (place > 0 && place < fitting.length && /^[)”]$/u.test(fitting[place]?.phonemes ?? '')) place++;
		if (place > 0) return place;
	}
	const apart = fitting.findLastIndex(({ space }) => space) + 1;
	return apart > 0 ? apart : Math.max(1, fitting.length);
}

/** A word longer than a whole input (a number of 100 digits) is spoken in parts. */
function slices(token: Token, limit: number): Token[] {
	const letters = Array.from(token.phonemes);
	if (letters.length <= limit) return [{ ...token }];
	const parts = Array.from({ length: Math.ceil(letters.length / limit) }, (_, i) => letters.slice(i * limit, (i + 1) * limit).join(''));
	return parts.map((phonemes, i) => ({ ...token, phonemes, space: token.space && i === parts.length - 1 }));
}

function withoutLastSpace(chunk: readonly Token[]): Token[] {
	return chunk.map((token, i) => (i === chunk.length - 1 ? { ...token, space: false } : token));
}
