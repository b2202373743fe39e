import { captionStyle } from '../../../src/captions/style';
import { shownWords } from '../../../src/captions/wording';

const shown = (text: string, style: object) => shownWords(text.split(' ').map((word, index) => ({ text: word, start: index, end: index + 1 })), captionStyle.parse(style));
const texts = (text: string, style: object) => shown(text, style).map((word) => word.text);

describe('the words as they are shown', () => {
	it('capitals', () => expect(texts('straße élan', { uppercase: true })).toEqual(['STRASSE', 'ÉLAN']));

	it('replaces whole words, whatever their case, and keeps their marks', () => {
		expect(texts('An AI, not an ain or ai.', { replace: [{ from: 'ai', to: 'A.I.' }] })).toEqual(['An', 'A.I.,', 'not', 'an', 'ain', 'or', 'A.I..']);
	});

	it('several words become one, with the time of all of them', () => {
		expect(shown('in new york city', { replace: [{ from: 'New York', to: 'NYC' }] })).toEqual([
			{ text: 'in', start: 0, end: 1 },
			{ text: 'NYC', start: 1, end: 3 },
			{ text: 'city', start: 3, end: 4 },
		]);
	});

	it('a word replaced with nothing is left out', () => expect(texts('well uh yes', { replace: [{ from: 'uh', to: '' }] })).toEqual(['well', 'yes']));

	it('what is to be replaced is text and no pattern', () => {
		expect(texts('a.c abc (x) $1', { replace: [{ from: 'a.c', to: '$&' }, { from: '(x)', to: 'y' }] })).toEqual(['$&', 'abc', 'y', '$1']);
	});

	it('replaces twice in one word, and in scripts without spaces', () => {
		expect(texts('no-no yes', { replace: [{ from: 'no', to: 'nein' }] })).toEqual(['nein-nein', 'yes']);
		expect(texts('私は学生です', { replace: [{ from: '学生', to: '先生' }] })).toEqual(['私は先生です']);
	});

	it('hides punctuation but not what belongs to a word or number', () => {
		expect(texts("Hello, don't — pay 3.5% (or -5) “well-known” … ¿Qué? @me #1 a/b 10:30!", { hidePunctuation: true })).toEqual(
			['Hello', "don't", 'pay', '3.5%', 'or', '-5', 'well-known', 'Qué', '@me', '#1', 'a/b', '10:30'],
		);
		expect(texts('你好， 世界。 مرحبا، بك؟', { hidePunctuation: true })).toEqual(['你好', '世界', 'مرحبا', 'بك']);
	});

	it('control characters, line breaks and halves of characters do no harm', () => {
		expect(shownWords([{ text: 'a\u0000b\nc\uD83D', start: 0, end: 1 }], captionStyle.parse({}))[0]?.text).toBe('ab c\uFFFD');
	});
});
