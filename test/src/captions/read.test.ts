import { readCaptions } from '../../../src/captions/read';
import { toWireError } from '../../../src/errors';

const failure = (source: string | readonly unknown[]) => {
	try {
		readCaptions(source);
	} catch (error) {
		return toWireError(error);
	}
	throw new Error('Expected a failure');
};

const words = [
	{ text: 'Hello', start: 0, end: 0.4 },
	{ text: 'world.', start: 0.4, end: 1 },
];

describe('reading captions of any kind', () => {
	it.each([
		['srt', '1\n00:00:00,000 --> 00:00:01,000\nHello world.\n'],
		['srt', '\uFEFF\n\n00:00:00,000 --> 00:00:01,000\nHello world.'],
		['vtt', 'WEBVTT\n\n00:00.000 --> 00:01.000\nHello world.\n'],
		['ass', '[Script Info]\n\n[Events]\nFormat: Start, End, Text\nDialogue: 0:00:00.00,0:00:01.00,Hello world.\n'],
		['words', JSON.stringify(words)],
		['words', JSON.stringify({ words })],
	])('tells %s by what is in it', (format, source) => {
		const read = readCaptions(source);
		expect(read.format).toBe(format);
		expect(read.segments).toHaveLength(1);
		expect(read.segments[0]).toMatchObject({ text: 'Hello world.', start: 0, end: 1 });
		expect(read.segments[0]?.words.map(({ text }) => text)).toEqual(['Hello', 'world.']);
	});

	it.each([
		['text, start, end', words],
		['text, start_ts, end_ts, with a space before the word', words.map(({ text, start, end }) => ({ text: ` ${text}`, start_ts: start, end_ts: end, probability: 0.9 }))],
		['word, start, end', words.map(({ text, ...times }) => ({ word: text, ...times }))],
	])('takes words as %s', (_, list) => {
		expect(readCaptions(list).segments[0]?.words).toEqual(words);
	});

	it('whole lines in the form of words share their time among their words', () => {
		const { segments } = readCaptions([
			{ text: 'Hello brave', start: 0, end: 1 },
			{ text: 'new world', start: 2, end: 3 },
		]);
		expect(segments.map(({ text, words: inside }) => [text, inside.map((word) => word.text)])).toEqual([
			['Hello brave', ['Hello', 'brave']],
			['new world', ['new', 'world']],
		]);
	});

	it.each([
		['an empty list', [], 'at least one'],
		['a text without captions', 'Just a text', 'SRT, VTT or ASS'],
		['an SRT without text', '1\n00:00:00,000 --> 00:00:01,000\n\n', 'at least one'],
		['broken JSON', '[{"text": "a", ]', 'valid JSON'],
		['a word without times', [{ text: 'Hello' }], '"start": 0.1'],
		['a word that ends before it starts', [{ text: 'Hello', start: 2, end: 1 }], '0 ≤ start ≤ end'],
		['a word before the beginning', [{ text: 'Hello', start: -1, end: 1 }], '0 ≤ start ≤ end'],
		['words out of order', [{ text: 'b', start: 1, end: 2 }, { text: 'a', start: 0, end: 1 }], 'in order of time'],
		['an ASS without a format', '[Events]\nDialogue: 0:00:00.00,0:00:01.00,Hello\n', 'Format line'],
	])('refuses %s and says what it expected', (_, source, message) => {
		expect(failure(source)).toMatchObject({ type: 'InvalidInput', code: 'broken_captions', field: expect.stringMatching(/^captions/), message: expect.stringContaining(message) });
	});
});
