import { groupSentences, splitLong, splitSentences } from '../../../src/text/sentences';

const bare = (text: string) => text.replace(/\s/gu, '');

describe('sentences', () => {
	test.each([
		['Hello world. How are you? Fine!', ['Hello world.', 'How are you?', 'Fine!']],
		['Dr. Smith met J. S. Bach, e.g. in 3.5 hours. Really.', ['Dr. Smith met J. S. Bach, e.g. in 3.5 hours.', 'Really.']],
		['Das kostet z. B. 12,50 €. Gut.', ['Das kostet z. B. 12,50 €.', 'Gut.']],
		['你好，世界。今天很好！真的吗？', ['你好，世界。', '今天很好！', '真的吗？']],
		['こんにちは。元気ですか。', ['こんにちは。', '元気ですか。']],
		['नमस्ते। आप कैसे हैं?', ['नमस्ते।', 'आप कैसे हैं?']],
		['مرحبا بالعالم. كيف حالك؟ جيد.', ['مرحبا بالعالم.', 'كيف حالك؟', 'جيد.']],
		['Привет, мир. Как дела?', ['Привет, мир.', 'Как дела?']],
		['¿Qué tal? ¡Muy bien!', ['¿Qué tal?', '¡Muy bien!']],
		['A title\nThen the text', ['A title', 'Then the text']],
		['a wrapped line that\ngoes on here.', ['a wrapped line that goes on here.']],
		['one part\n\nand another', ['one part', 'and another']],
		['Well... yes. "No." ...', ['Well... yes.', '"No." ...']],
	])('%s is split where a reader would', (text, expected) => {
		expect(splitSentences(text)).toEqual(expected);
	});

	test('an empty text has no sentences, and marks alone are one piece', () => {
		expect(splitSentences(' \n ')).toEqual([]);
		expect(splitSentences('... !')).toEqual(['... !']);
	});

	test('no character is lost when a text is split and grouped again', () => {
		const text = 'Ein Satz, der lang ist: sehr lang — wirklich. Zwei! 你好，世界。今天。 😀😀😀 Ende ohne Punkt\n\nund noch einer'.repeat(40);
		for (const max of [1, 7, 50, 400]) {
			const groups = groupSentences(splitSentences(text), max);
			expect(bare(groups.join(''))).toBe(bare(text));
			if (max > 1) expect(Math.max(...groups.map((group) => group.length))).toBeLessThanOrEqual(max);
		}
	});

	test('a long sentence is cut after a clause, else between words, and a text without spaces between characters', () => {
		expect(splitLong('alpha beta, gamma delta', 15)).toEqual(['alpha beta,', 'gamma delta']);
		expect(splitLong('alpha beta gamma delta', 12)).toEqual(['alpha beta', 'gamma delta']);
		expect(splitLong('今天天气，很好很好很好', 6)).toEqual(['今天天气，', '很好很好很好']);
		expect(splitLong('a😀b😀', 2)).toEqual(['a', '😀', 'b', '😀']);
	});

	test('700,000 characters are split in a moment, not in the minute that the segmenter takes at once', () => {
		const start = performance.now();
		expect(splitSentences('The quick brown fox jumps over it. '.repeat(20_000))).toHaveLength(20_000);
		expect(performance.now() - start).toBeLessThan(15_000);
	});

	test('a sentence of 10,000 words stays one', () => {
		expect(splitSentences(`${'word '.repeat(10_000)}end. Next.`)).toHaveLength(2);
	});
});
