import { readFile } from 'node:fs/promises';
import { messageOf, OperationFailed } from '../../../src/errors';
import { type Lexicon, readLexicon } from '../../../src/speech/phonemes/lexicon';
import { readStyles } from '../../../src/speech/kokoro-style';
import { readVocabulary, type Vocabulary } from '../../../src/speech/kokoro-vocabulary';
import type { VoiceMix } from '../../../src/speech/voices';
import type { ReadyModel } from '../../models/store';

/** What lies beside the graph: letters, styles of the voices, and, where somebody put one, a word list. */
export interface Assets {
	vocabulary: Vocabulary;
	voices: { styles: Float32Array; weight: number }[];
	lexicon: Lexicon | undefined;
}

export const voiceFile = (id: string) => `voices/${id}.bin`;

export async function readAssets(model: ReadyModel, mix: VoiceMix): Promise<Assets> {
	const configs = await Promise.all(['config.json', 'tokenizer.json'].map((name) => readJson(model, name)));
	return {
		vocabulary: readVocabulary(configs),
		voices: await Promise.all(
			mix.parts.map(async ({ voice, weight }) => {
				const path = model.file(voiceFile(voice.id));
				if (path === undefined) throw new OperationFailed(`Expected the voice ${voice.id} in ${model.folder}, found none. Download it again`, { code: 'model_missing' });
				return { styles: readStyles(await readFile(path), voice.id), weight };
			}),
		),
		lexicon: await lexiconOf(model, mix.language.language),
	};
}

/** Word lists of misaki, as published: the checked one first, the larger one behind it. */
const wordLists: Record<string, string[]> = {
	'en-us': ['us_gold.json', 'us_silver.json'],
	'en-gb': ['gb_gold.json', 'gb_silver.json'],
};

async function lexiconOf(model: ReadyModel, language: string): Promise<Lexicon | undefined> {
	const names = (wordLists[language] ?? []).map((name) => `lexicon/${name}`).filter((name) => model.file(name) !== undefined);
	if (names.length === 0) return undefined;
	return readLexicon(await Promise.all(names.map((name) => readJson(model, name))));
}

async function readJson(model: ReadyModel, name: string): Promise<unknown> {
	const path = model.file(name);
	if (path === undefined) return undefined;
	try {
		return JSON.parse(await readFile(path, 'utf8'));
	} catch (cause) {
		throw new OperationFailed(`Expected JSON in ${path}, got: ${messageOf(cause)}. Download the model again`, { code: 'model_broken', cause });
	}
}
