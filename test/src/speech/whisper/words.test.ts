import { joinWords } from '../../../../src/text/words';
import {
	fitToSegment,
	joinGlued,
	limitAfterPause,
	limitAtSentenceEnds,
	mergePunctuation,
	splitWords,
	timeWords,
	usualLength,
	type TimedWord,
} from '../../../../src/speech/whisper/words';

const pieces = (...texts: string[]) => texts.map((text, i) => ({ text, tokens: [i] }));
const word = (text: string, start: number, end: number): TimedWord => ({ text, tokens: [0], start, end });
const texts = (words: readonly { text: string }[]) => words.map(({ text }) => text);

it('words begin at spaces and at marks', () => {
	expect(texts(splitWords(pieces(' Hel', 'lo', ',', ' wor', 'ld', '!'), false))).toEqual([' Hello', ',', ' world', '!']);
});

it('where a language has no spaces every character is by itself', () => {
	expect(texts(splitWords(pieces('日', '本', '語'), true))).toEqual(['日', '本', '語']);
});

it('a word lasts from its first token to the first of the next', () => {
	const timed = timeWords(splitWords(pieces(' a', 'b', ' c'), false), [0, 0.2, 0.5, 0.9]);
	expect(timed.map(({ start, end }) => [start, end])).toEqual([[0, 0.5], [0.5, 0.9]]);
});

it('marks join the word they belong to, which keeps its time', () => {
	const merged = mergePunctuation([word(' (', 0, 0.1), word(' "', 0.1, 0.2), word('Hello', 0.2, 1), word('"', 1, 1.1), word(',', 1.1, 1.2), word(' you', 1.2, 2)]);
	expect(texts(merged)).toEqual([' ( "Hello",', ' you']);
	const opened = mergePunctuation([word(' "', 0.1, 0.2), word(' Hello', 0.2, 1), word('.', 1, 1.1)]);
	expect(opened).toMatchObject([{ text: ' " Hello.', start: 0.2, end: 1 }]);
});

it('words without a space between them are one, so that words alone make up the text again', () => {
	const joined = joinGlued([word(' well', 0, 1), word('-', 1, 1.1), word('known', 1.1, 2), word(' 3.', 2, 3), word('5', 3, 4)]);
	expect(joined).toMatchObject([{ text: ' well-known', start: 0, end: 2 }, { text: ' 3.5', start: 2, end: 4 }]);
	expect(texts(joinGlued([word('日', 0, 1), word('本', 1, 2), word('i', 2, 3), word('Pad', 3, 4)]))).toEqual(['日', '本iPad']);
});

it('the usual length is the median, at most 0.7 s, and ignores words without length', () => {
	expect(usualLength([word('a', 0, 0.2), word('b', 1, 1), word('c', 1, 1.4)])).toBeCloseTo(0.3);
	expect(usualLength([word('a', 0, 3)])).toBe(0.7);
	expect(usualLength([])).toBe(0);
});

it('beside the end of a sentence a word that is too long is cut on the side of the pause', () => {
	const cut = limitAtSentenceEnds([word(' end', 0, 0.5), word('.', 0.5, 3), word(' Then', 3, 6), word(' on', 6, 9)], 1);
	expect(cut.map(({ start, end }) => [start, end])).toEqual([[0, 0.5], [0.5, 1.5], [5, 6], [6, 9]]);
});

it('the first word after a pause is cut when it began in the pause', () => {
	expect(limitAfterPause([word(' a', 10, 14), word(' b', 14, 14.4)], 0.4, 10)[0]).toMatchObject({ start: 13.2, end: 14 });
	expect(limitAfterPause([word(' a', 10, 10.5)], 0.4, 10)[0]).toMatchObject({ start: 10, end: 10.5 });
});

it('when the second word began in the pause, the first is moved up to it and never made to begin earlier', () => {
	const [first, second] = limitAfterPause([word(' a', 10, 10.2), word(' b', 10.2, 15)], 0.5, 5);
	expect(second).toMatchObject({ start: 14, end: 15 });
	expect(first).toMatchObject({ start: 13, end: 14 });
	expect(limitAfterPause([word(' a', 10, 10.2), word(' b', 10.2, 11.9)], 0.4, 5)[0]?.start).toBeGreaterThanOrEqual(10);
});

it('a segment takes the times of its words, or gives its own where they stray', () => {
	const near = fitToSegment([word(' a', 1.2, 1.6), word(' b', 1.6, 2.1)], { start: 1, end: 2 }, 0.4);
	expect(near.segment).toEqual({ start: 1.2, end: 2.1 });
	const far = fitToSegment([word(' a', 0, 2), word(' b', 2, 9)], { start: 1.5, end: 3 }, 0.4);
	expect(far.segment).toEqual({ start: 1.5, end: 3 });
	expect(far.words.map(({ start, end }) => [start, end])).toEqual([[1.5, 2], [2, 3]]);
	expect(fitToSegment([], { start: 1, end: 2 }, 0.4)).toEqual({ words: [], segment: { start: 1, end: 2 } });
});

it('joined words read as the text', () => {
	const words = joinGlued(mergePunctuation(splitWords(pieces(' Say', ' "', 'yes', '"', ' -', ' 50', '%', '.'), false).map((one) => ({ ...one, start: 0, end: 1 }))));
	expect(joinWords(words.map(({ text }) => ({ text: text.trim() })))).toBe('Say "yes" - 50%.');
});
