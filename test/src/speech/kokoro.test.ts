import { chunkTokens } from '../../../src/speech/kokoro-chunks';
import { readStyles, styleFor } from '../../../src/speech/kokoro-style';
import { tokenTimes, wordsFromTokens } from '../../../src/speech/kokoro-times';
import { knownTokens, readVocabulary, spelling, tokenIds } from '../../../src/speech/kokoro-vocabulary';
import { readLexicon } from '../../../src/speech/phonemes/lexicon';
import type { Token } from '../../../src/speech/phonemes/tokens';
import { findKokoroLanguage, kokoroVoices, readVoice } from '../../../src/speech/voices';

const token = (phonemes: string, space = true, word: number | undefined = 0): Token => ({ phonemes, space, word });
const mark = (phonemes: string, space = true): Token => ({ phonemes, space, word: undefined });

describe('the vocabulary', () => {
	const vocabulary = readVocabulary([{ vocab: { a: 43, ' ': 16, ',': 3, long: 9 } }]);

	test('comes from config.json or tokenizer.json, one code point each', () => {
		expect([...vocabulary.keys()]).toEqual(['a', ' ', ',']);
		expect(readVocabulary([{}, { model: { vocab: { b: 1 } } }]).get('b')).toBe(1);
		expect(() => readVocabulary([{}, undefined])).toThrow(/Expected a vocabulary/);
	});

	test('letters it lacks are left out before anything is counted; an empty token hands its space on', () => {
		const { tokens, unknown } = knownTokens([token('axa', false, 0), mark('¿'), token('q', true, 1), token('a', false, 2)], vocabulary);
		expect(tokens).toEqual([token('aa', true, 0), token('a', false, 2)]);
		expect(unknown).toEqual(['x', 'q']);
		expect(tokenIds(tokens, vocabulary)).toEqual([0, 43, 43, 16, 43, 0]);
	});
});

describe('word times', () => {
	test('follow the published rule: half frames, the first 3 frames are silence, a space is shared by its neighbours', () => {
		const durations = [5, 2, 3, 4, 6, 1, 2, 8];
		const times = tokenTimes([token('ab'), token('c', false), mark('.', false), token('d', false)], durations, 600 * 31, 24_000);
		// Start 2·(5−3) = 4; "ab" is 2·(2+3) and half of its space of 4; "c" 2·6, "." 2·1, "d" 2·2.
		expect(times).toEqual([
			{ start: 4 / 80, end: 18 / 80 },
			{ start: 18 / 80, end: expect.closeTo(34 / 80, 6) },
			{ start: expect.closeTo(34 / 80, 6), end: expect.closeTo(36 / 80, 6) },
			{ start: expect.closeTo(36 / 80, 6), end: expect.closeTo(40 / 80, 6) },
		]);
	});

	test('are scaled for an export whose frame has another length', () => {
		expect(tokenTimes([token('a', false)], [3, 10, 1], 300 * 14, 24_000)[0]?.end).toBeCloseTo(0.125);
	});

	test('end where durations end', () => {
		expect(tokenTimes([token('abc'), token('d')], [1, 1, 1], 1800, 24_000)).toEqual([undefined, undefined]);
	});

	test('a word in several tokens is one, a word without sound stands between its neighbours, none leaves the sound', () => {
		const tokens = [
			{ token: token('a', true, 0), time: { start: 0.1, end: 0.2 } },
			{ token: token('b', true, 0), time: { start: 0.3, end: 0.4 } },
			{ token: mark(','), time: { start: 0.4, end: 0.5 } },
			{ token: token('c', false, 2), time: { start: 0.6, end: 0.9 } },
		];
		expect(wordsFromTokens(['one', 'two', 'three'], tokens, 0.8)).toEqual([
			{ text: 'one', start: 0.1, end: 0.4 },
			{ text: 'two', start: 0.4, end: 0.4 },
			{ text: 'three', start: 0.6, end: 0.8 },
		]);
	});
});

describe('chunks', () => {
	async function chunked(tokens: readonly Token[], limit?: number): Promise<Token[][]> {
		const chunks: Token[][] = [];
		for await (const chunk of chunkTokens(tokens, limit)) chunks.push(chunk);
		return chunks;
	}
	const words = (count: number) => Array.from({ length: count }, (_, i) => token('abcd', true, i));

	test('are parted at the last end of a sentence and what closes it, else of a clause, else of a phrase, else between words', async () => {
		const parted = async (...marks: string[]) => (await chunked([token('abcd', false), ...marks.map((one) => mark(one)), ...words(2), token('abcd', false), mark(',')], 14)).map(spelling);
		expect((await parted('.', '”'))[0]).toBe('abcd. ”');
		expect((await parted(';'))[0]).toBe('abcd;');
		expect((await parted('—'))[0]).toBe('abcd—');
		expect((await chunked(words(4), 14)).map(spelling)).toEqual(['abcd abcd abcd', 'abcd']);
	});

	test('lose nothing, whatever the limit', async () => {
		const tokens = [...words(30), mark('.'), token('x'.repeat(100), true, 31), ...words(3)];
		for (const limit of [5, 9, 50, 510]) {
			const chunks = await chunked(tokens, limit);
			expect(chunks.flat().map(({ phonemes }) => phonemes).join('')).toBe(tokens.map(({ phonemes }) => phonemes).join(''));
			for (const chunk of chunks) expect(spelling(chunk).length).toBeLessThanOrEqual(limit);
		}
	});

	test('a short text is one chunk, without a space at its end', async () => {
		expect((await chunked([token('ab'), mark('.')])).map(spelling)).toEqual(['ab .']);
	});
});

describe('styles', () => {
	const styles = (level: number) => Float32Array.from({ length: 510 * 256 }, (_, i) => level + Math.floor(i / 256));

	test('are rows by the number of letters less one, held at both ends', () => {
		const rows = [0, 1, 2, 510, 600].map((letters) => styleFor(letters, [{ styles: styles(0), weight: 1 }])[255]);
		expect(rows).toEqual([0, 0, 1, 509, 509]);
	});

	test('are mixed by weight', () => {
		expect(styleFor(1, [{ styles: styles(0), weight: 0.25 }, { styles: styles(8), weight: 0.75 }])[0]).toBe(6);
	});

	test('of another size are refused', () => {
		expect(() => readStyles(new Uint8Array(4), 'af_x')).toThrow(/522240 bytes in the voice af_x, got 4/);
	});
});

describe('voices', () => {
	test('are the 49 of the published table that have a reader here', () => {
		const count = (language: string) => kokoroVoices.filter((voice) => voice.language === language).length;
		expect(['en-us', 'en-gb', 'es', 'fr', 'hi', 'it', 'pt', 'zh'].map(count)).toEqual([20, 8, 3, 1, 4, 2, 3, 8]);
		expect(kokoroVoices).toHaveLength(49);
		expect(kokoroVoices[0]).toEqual({ id: 'af_heart', name: 'Heart', language: 'en-us', languageCode: 'a', gender: 'female' });
	});

	test('mixes have parts that add up to 1', () => {
		expect(readVoice('af_heart(2)+af_sky(1)').parts.map(({ voice, weight }) => [voice.id, weight])).toEqual([
			['af_heart', 2 / 3],
			['af_sky', 1 / 3],
		]);
		expect(readVoice('af_heart, af_sky').parts.map(({ weight }) => weight)).toEqual([0.5, 0.5]);
		expect(readVoice('af_heart+bf_emma', 'en-gb').language.language).toBe('en-gb');
	});

	test('plain English fits every English voice, a dialect only its own', () => {
		expect(readVoice('bf_emma', 'en').language.language).toBe('en-gb');
		expect(() => readVoice('bf_emma', 'en-us')).toThrow(/language of the voice bf_emma \(en-gb\), got "en-us"/);
	});

	test.each(['', 'af_heart(0)', 'af_heart(-1)', 'heart', 'af_heart+', 'af_heart(2', '../af_heart', 'AF HEART'])('"%s" is no voice', (text) => {
		expect(() => readVoice(text)).toThrow(/Expected a voice such as af_heart/);
	});

	test('languages answer to their other spellings', () => {
		expect(['en', 'EN_US', 'fr-fr', 'pt-br', 'z', 'zh-CN'].map((language) => findKokoroLanguage(language).language)).toEqual(['en-us', 'en-us', 'fr', 'pt', 'zh', 'zh']);
	});
});

test('a word list is searched as written and in lower case, the first list wins, flap and stop are Kokoro\'s letters', () => {
	const lexicon = readLexicon([{ Polish: 'pˈOlɪʃ', polish: 'pˈɑlɪʃ', water: { DEFAULT: 'wˈɔɾəɹ', VERB: null } }, { water: 'x', button: 'bˈʌʔn', "don't": 'dˈOnt' }]);
	expect(['Polish', 'polish', 'POLISH', 'Water', 'button', 'don’t', 'none'].map(lexicon)).toEqual(['pˈOlɪʃ', 'pˈɑlɪʃ', 'pˈɑlɪʃ', 'wˈɔTəɹ', 'bˈʌtn', 'dˈOnt', undefined]);
});
