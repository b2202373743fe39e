import { createEspeak } from '../../../../gpu-runtime/engines/espeak';
import { createReader } from '../../../../gpu-runtime/engines/kokoro/pronunciation';
import { openScript } from '../../../../src/speech/kokoro-script';
import { spelling } from '../../../../src/speech/kokoro-vocabulary';
import type { Token } from '../../../../src/speech/phonemes/tokens';
import { findKokoroLanguage } from '../../../../src/speech/voices';
import { dist } from '../../../support/dist';
import { kokoroVocabulary } from '../../../support/models/kokoro';
import reviewed from './phonemes.json';

const espeak = createEspeak({ helper: dist('gpu-runtime/engines/espeak/helper.js') });
const read = createReader(espeak);
const vocabulary = new Map(Object.entries(kokoroVocabulary));
const signal = new AbortController().signal;
afterAll(() => espeak.close());

const bare = (text: string) => text.replace(/\s/gu, '');

async function pronounce(text: string, language: string) {
	const script = openScript(read(text, { language: findKokoroLanguage(language), signal }), { vocabulary, limit: Infinity });
	const tokens: Token[] = [];
	for await (const chunk of script.chunks) tokens.push(...chunk.tokens);
	return { ...script, tokens };
}

const letters = async (text: string, language: string) => spelling((await pronounce(text, language)).tokens);

describe('the pronunciation for Kokoro', () => {
	test.each(Object.entries(reviewed))('%s: 25 sentences sound as reviewed, every letter known to the model, no word lost', async (language, sentences) => {
		expect(Object.keys(sentences)).toHaveLength(25);
		for (const [sentence, phonemes] of Object.entries(sentences)) {
			const { words, tokens, unknown } = await pronounce(sentence, language);
			expect([...unknown]).toEqual([]);
			expect(spelling(tokens)).toBe(phonemes);
			expect(bare(words.join(''))).toBe(bare(sentence));
		}
	});

	test('numbers, times and abbreviations are read whole, their points are no pauses', async () => {
		expect(await letters('At 3:30 Dr. Lee paid 12.5, e.g. in cash.', 'en')).not.toMatch(/[.:](?=.*kˈæʃ)/u);
	});

	test('marks stay where they are, inside of words too', async () => {
		expect(await letters('“Yes—no” (he said); so… go!', 'en')).toBe('“jˈɛs—nˈO” (hi sˈɛd); sˈO… ɡˈO!');
	});

	test('a language that another text switches to leaves no flag behind', async () => {
		expect(await letters('मैंने Google देखा', 'hi')).not.toMatch(/[a-z()]*\(|\)/u);
	});

	test('Chinese numbers are read in Chinese, foreign words in English, and the words shown are those of the text', async () => {
		const { words, tokens } = await pronounce('2024年我用ChatGPT，便宜50%。', 'zh');
		expect(words.join('')).toBe('2024年我用ChatGPT，便宜50%。');
		expect(spelling(tokens)).toContain('ɚ↘li↗ŋɚ↘sɨ↘ njɛ↗n');
		expect(spelling(tokens)).toContain('pai↓fə→nꭧɨ→u↓ʂɨ↗');
		expect(spelling(tokens)).toContain('ʧˈæt');
	});

	test('a text of many sentences is read in order, with a space between them', async () => {
		expect(await letters('Hello. World!\n\nBye.', 'en')).toBe('həlˈO. wˈɜɹld! bˈI.');
	});
});
