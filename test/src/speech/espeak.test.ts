import { findVoice, pitchOf, rateOf, speakable, timedWords, type EspeakVoice, type SpeechEvent } from '../../../src/speech/espeak';
import { sentenceSegments } from '../../../src/speech/segments';

const at = (type: string, position: number, time: number, id = ''): SpeechEvent => ({ type, position, time, id });

describe('word times from events', () => {
	test('a word ends where its pause begins, else where the next word begins', () => {
		const events = [at('word', 1, 0), at('phoneme', 1, 10, 'h'), at('word', 7, 300), at('phoneme', 7, 310, 'w'), at('phoneme', 13, 700), at('phoneme', 13, 850), at('end', 12, 850)];
		expect(timedWords('Hello world,', events)).toEqual([
			{ text: 'Hello', start: 0, end: 0.3 },
			{ text: 'world,', start: 0.3, end: 0.7 },
		]);
	});

	test('several events in one word are one time, a word without an event joins the one before, marks in front the first', () => {
		const events = [at('word', 3, 0), at('word', 8, 200), at('word', 9, 300), at('word', 9, 400), at('word', 13, 500), at('end', 20, 900)];
		expect(timedWords('— Year 1984 of the –', events)).toEqual([
			{ text: '— Year', start: 0, end: 0.2 },
			{ text: '1984', start: 0.2, end: 0.5 },
			{ text: 'of the –', start: 0.5, end: 0.9 },
		]);
	});

	test('a silent phoneme inside a word does not end it', () => {
		const events = [at('word', 1, 0), at('phoneme', 1, 5, 'p'), at('phoneme', 1, 60), at('phoneme', 1, 90, 'r'), at('end', 7, 400)];
		expect(timedWords('Привет', events)).toEqual([{ text: 'Привет', start: 0, end: 0.4 }]);
	});

	test('nothing spoken is no words', () => {
		expect(timedWords('...', [at('end', 3, 6)])).toEqual([]);
	});
});

test('what eSpeak would take for a command is text of the same length', () => {
	const text = '<b>x</b> &amp; [[h]] a\0b\nc';
	expect(speakable(text)).toBe(' b>x /b> &amp, [(h]] a b c');
	expect(speakable(text)).toHaveLength(text.length);
});

const voice = (name: string, ...languages: [string, number][]): EspeakVoice => ({
	name,
	identifier: name,
	languages: languages.map(([code, priority]) => ({ code, priority })),
});
const voices = [voice('English (Scotland)', ['en-gb-scotland', 5], ['en', 4]), voice('English (Great Britain)', ['en-gb', 2], ['en', 2]), voice('German', ['de', 5])];

describe('voices', () => {
	test('the dialect that fits best answers to a shared code', () => {
		expect(findVoice('EN', voices).name).toBe('English (Great Britain)');
		expect(findVoice('en_GB', voices).name).toBe('English (Great Britain)');
	});

	test.each([
		['en-xx', /en-gb-scotland, en, en-gb/],
		['German', /Did you mean de/],
		['xx', /Use a code such as/],
		['', /Use a code such as/],
	])('"%s" is refused with what to write instead', (language, message) => {
		expect(() => findVoice(language, voices)).toThrow(message);
	});
});

test('speed becomes words per minute, and what eSpeak cannot do is left for a stretch', () => {
	expect(rateOf(1)).toEqual({ rate: 175, stretch: 1 });
	expect(rateOf(0.5)).toEqual({ rate: 88, stretch: 1 });
	expect(rateOf(3).rate).toBe(450);
	expect(rateOf(3).stretch).toBeCloseTo(525 / 450);
});

test('pitch spans the whole range of the voice', () => {
	expect([0.5, 1, 2].map(pitchOf)).toEqual([0, 50, 100]);
});

test('segments are sentences, their words unbroken, without spaces where the script has none', () => {
	const word = (text: string, start: number) => ({ text, start, end: start + 0.5 });
	const words = [word('One', 0), word('of the', 1), word('two.', 2), word('你好，', 3), word('世界。', 4), word('再见！', 5)];
	expect(sentenceSegments(words)).toEqual([
		{ text: 'One of the two.', start: 0, end: 2.5, words: words.slice(0, 3) },
		{ text: '你好，世界。', start: 3, end: 4.5, words: words.slice(3, 5) },
		{ text: '再见！', start: 5, end: 5.5, words: words.slice(5) },
	]);
});
