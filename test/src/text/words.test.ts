import { joinWords, splitWords } from '../../../src/text/words';

describe('words of a text', () => {
	test('are found by spaces, marks included, with places counted in code points', () => {
		expect(splitWords('A 😀  smile, here')).toEqual([
			{ text: 'A', start: 0, end: 1 },
			{ text: '😀', start: 2, end: 3 },
			{ text: 'smile,', start: 5, end: 11 },
			{ text: 'here', start: 12, end: 16 },
		]);
	});

	test('are found inside scripts without spaces, a mark staying with the word it touches', () => {
		expect(splitWords('你好，世界。「今天」').map(({ text }) => text)).toEqual(['你好，', '世界。', '「今天」']);
	});

	test('joined again have spaces only where their script has them', () => {
		for (const text of ['你好，世界。「今天」', 'one 你好 two, three']) expect(joinWords(splitWords(text))).toBe(text);
	});
});
