import { z } from 'zod/v4';

/** A word list of misaki (`us_gold.json` and the like): spelling → phonemes in Kokoro's letters, or those of each part of speech. */
const entry = z.union([z.string(), z.record(z.string(), z.string().nullable())]);
const list = z.record(z.string(), entry);

export type Lexicon = (word: string) => string | undefined;

/** Looks a word up as it is written, then in lower case; earlier lists win. Throws when a list is none. */
export function readLexicon(files: readonly unknown[]): Lexicon {
	const entries = new Map<string, string>();
	for (const file of files) {
		for (const [word, value] of Object.entries(list.parse(file))) {
			const phonemes = typeof value === 'string' ? value : value.DEFAULT;
			if (typeof phonemes === 'string' && !entries.has(word)) entries.set(word, asTaught(phonemes));
		}
	}
	return (word) => {
		const plain = word.replaceAll('’', "'");
		return entries.get(plain) ?? entries.get(plain.toLowerCase());
	};
}

/** Newer lists write the flap and the glottal stop as such; Kokoro 1.0 was taught these letters for them. */
const asTaught = (phonemes: string) => phonemes.replaceAll('ɾ', 'T').replaceAll('ʔ', 't');
