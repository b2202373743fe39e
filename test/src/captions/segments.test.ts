import { makeCaptions, piecesText, type LineRules } from '../../../src/captions/segments';
import { splitGraphemes } from '../../../src/fonts/typeset';

const spoken = (text: string, seconds = 0.5) => text.split(' ').map((word, index) => ({ text: word, start: index * seconds, end: (index + 1) * seconds }));
const upTo = (length: number, lines = 1): LineRules => ({ lines, fits: (text) => splitGraphemes(text).length <= length });
const texts = (captions: ReturnType<typeof makeCaptions>) => captions.map(({ lines }) => lines.map(piecesText));

describe('filling captions with words', () => {
	it('line length and line count both count', () => {
		const segment = { words: spoken('one two three four five six') };
		expect(texts(makeCaptions([segment], upTo(8)))).toEqual([['one two'], ['three'], ['four'], ['five six']]);
		expect(texts(makeCaptions([segment], upTo(8, 2)))).toEqual([['one two', 'three'], ['four', 'five six']]);
		expect(texts(makeCaptions([segment], upTo(13, 2)))).toEqual([['one two three', 'four five six']]);
	});

	it('no caption and no line is ever empty, even where no word fits', () => {
		for (const length of [1, 2, 3, 5]) {
			const captions = makeCaptions([{ words: spoken('Extraordinary news today') }, { words: [] }], upTo(length, 3));
			expect(captions.flatMap(({ lines }) => lines).every((line) => piecesText(line) !== '')).toBe(true);
			expect(texts(captions).flat().join(' ')).toBe('Extraordinary news today');
		}
	});

	it('a caption lasts from its first word to the end of its last', () => {
		const captions = makeCaptions([{ words: spoken('one two three four') }], upTo(8));
		expect(captions.map(({ start, end }) => [start, end])).toEqual([[0, 1], [1, 1.5], [1.5, 2]]);
	});

	it('a long silence and the border of a segment begin a new caption', () => {
		const pause = [{ text: 'a', start: 0, end: 1 }, { text: 'b', start: 2.5, end: 3 }];
		expect(texts(makeCaptions([{ words: pause }], upTo(20)))).toEqual([['a'], ['b']]);
		expect(texts(makeCaptions([{ words: spoken('a') }, { words: spoken('b') }], upTo(20, 2)))).toEqual([['a'], ['b']]);
	});

	it('a word that is longer than the line stays whole where the picture is wide enough', () => {
		expect(texts(makeCaptions([{ words: spoken('an extraordinary day') }], upTo(5)))).toEqual([['an'], ['extraordinary'], ['day']]);
	});

	it('a word that is wider than the picture is cut, and its parts share its time', () => {
		const rules = { ...upTo(6, 2), wordFits: (text: string) => text.length <= 6 };
		const captions = makeCaptions([{ words: [{ text: 'abcdefghijkl', start: 1, end: 3 }] }], rules);
		expect(texts(captions)).toEqual([['abcdef', 'ghijkl']]);
		expect(captions[0]?.lines.flat().map(({ start, end }) => [start, end])).toEqual([[1, 2], [2, 3]]);
	});

	it('Chinese and Japanese have no spaces and break anywhere but before a closing mark', () => {
		const words = ['私', 'は', '学生', 'です。', '今日', 'は', '雨'].map((text, index) => ({ text, start: index, end: index + 1 }));
		expect(texts(makeCaptions([{ words }], upTo(6, 5)))).toEqual([['私は学生', 'です。今日は', '雨']]);
		const long = makeCaptions([{ words: [{ text: '吾輩は猫である。名前はまだ無い。', start: 0, end: 4 }] }], upTo(7, 9));
		expect(texts(long)[0]?.every((line) => !/^[。、]/.test(line))).toBe(true);
		expect(texts(long)[0]?.join('')).toBe('吾輩は猫である。名前はまだ無い。');
	});

	it('Chinese marks join like Chinese letters', () => {
		expect(texts(makeCaptions([{ words: spoken('你好， 世界！ 再见') }], upTo(30)))).toEqual([['你好，世界！再见']]);
	});

	it('Korean and mixed text keep their spaces', () => {
		expect(texts(makeCaptions([{ words: spoken('안녕 세계 hello 世界') }], upTo(30)))).toEqual([['안녕 세계 hello 世界']]);
	});

	it('an emoji of several characters counts as one and is never cut', () => {
		const family = '👨‍👩‍👧';
		const rules = { ...upTo(2, 9), wordFits: (text: string) => splitGraphemes(text).length <= 2 };
		expect(texts(makeCaptions([{ words: [{ text: family.repeat(3), start: 0, end: 1 }] }], rules))).toEqual([[family.repeat(2), family]]);
	});
});
