import { centiseconds, escapeAss, parseAss, printAss } from '../../../src/captions/ass';
import { parseTime, printTime, shareTime, toSegments } from '../../../src/captions/cue';
import { parseSrt, printSrt } from '../../../src/captions/srt';
import { parseVtt, printVtt } from '../../../src/captions/vtt';
import { toWireError } from '../../../src/errors';

const failure = (work: () => unknown) => {
	try {
		work();
	} catch (error) {
		return toWireError(error);
	}
	throw new Error('Expected a failure');
};

describe('times in caption files', () => {
	it.each([
		['00:00:01,500', 1.5],
		['00:00:01.500', 1.5],
		['1:02:03.04', 3723.04],
		['02:03.250', 123.25],
		['100:00:00,000', 360_000],
		['0:00:00.29', 0.29],
	])('%s is %d s', (text, seconds) => expect(parseTime(text)).toBe(seconds));

	it.each(['', 'abc', '00:00:000', '1', '00:00:01,'])('%j is no time', (text) => expect(parseTime(text)).toBeUndefined());

	it.each([
		[2.55, 255],
		[0.29, 29],
		[1.005, 101],
		[0.57, 57],
		[1.1, 110],
		[59.999, 6000],
	])('%d s is %i centiseconds', (seconds, expected) => expect(centiseconds(seconds)).toBe(expected));

	it('milliseconds survive printing and reading', () => {
		for (const time of [0, 0.001, 0.29, 2.55, 59.999, 60, 3599.999, 3600, 359_999.999]) expect(parseTime(printTime(time, ','))).toBe(time);
		expect(printTime(3_723.004, ',')).toBe('01:02:03,004');
	});
});

describe('SRT', () => {
	it('is read and printed back the same', () => {
		const text = '1\n00:00:00,500 --> 00:00:02,000\nHello\nworld\n\n2\n00:00:02,000 --> 00:00:03,250\nAgain\n';
		expect(printSrt(parseSrt(text))).toBe(text);
	});

	it('takes BOM, CRLF, points, missing numbers, tags and positions', () => {
		const cues = parseSrt('\uFEFF1\r\n00:00:00.500 --> 00:00:02.000 X1:10\r\n{\\an8}<i>Hello</i> <font color="red">you</font>\r\n\r\n00:00:03,000 --> 00:00:04,000\r\nSecond\r\n');
		expect(cues).toEqual([
			{ start: 0.5, end: 2, text: 'Hello you' },
			{ start: 3, end: 4, text: 'Second' },
		]);
	});

	it('keeps numbers, less-than signs and lines after an empty one', () => {
		expect(parseSrt('1\n00:00:00,000 --> 00:00:02,000\n42\n\nis 3 < 4\n\n2\n00:00:02,000 --> 00:00:03,000\nB\n')).toEqual([
			{ start: 0, end: 2, text: '42\nis 3 < 4' },
			{ start: 2, end: 3, text: 'B' },
		]);
	});

	it.each(['1\n00:00:02,000 --> 00:00:01,000\nBack\n', '1\nsoon --> 00:00:01,000\nWhen\n'])('refuses impossible times: %j', (text) => {
		expect(failure(() => parseSrt(text))).toMatchObject({ field: 'captions', message: expect.stringContaining('-->') });
	});
});

describe('WebVTT', () => {
	it('is read and printed back the same, also signs that mean something in it', () => {
		const text = 'WEBVTT\n\n00:00:00.500 --> 00:00:02.000\nHello &lt;b&gt; &amp; world\n\n01:00:02.000 --> 01:00:03.250\nAgain\n';
		expect(printVtt(parseVtt(text))).toBe(text);
		expect(parseVtt(text)[0]?.text).toBe('Hello <b> & world');
	});

	it('leaves out notes, styles, names, settings and tags', () => {
		const cues = parseVtt('WEBVTT - title\nKind: captions\n\nNOTE 00:00:00.000 --> 00:00:09.000\nno\n\nSTYLE\n::cue { color: red }\n\nintro\n00:01.000 --> 00:02.000 align:start line:0%\n<v Ann>Hi <c.loud>there</c>\n');
		expect(cues).toEqual([{ start: 1, end: 2, text: 'Hi there' }]);
	});

	it('a time inside of a cue is the time of the words after it', () => {
		const [cue] = parseVtt('WEBVTT\n\n00:01.000 --> 00:03.000\nHello <00:00:01.500><c>brave new</c> <00:00:02.500>world\n');
		expect(cue?.words).toEqual([
			{ text: 'Hello', start: 1, end: 1.5 },
			{ text: 'brave', start: 1.5, end: 2.125 },
			{ text: 'new', start: 2.125, end: 2.5 },
			{ text: 'world', start: 2.5, end: 3 },
		]);
	});
});

describe('ASS', () => {
	const event = { layer: 0, start: 29, end: 255, style: 'Text', marginLeft: 0, marginRight: 0, marginVertical: 10 };
	const document = (texts: readonly string[]) => printAss({ width: 1080, height: 1920, styles: [], events: texts.map((text) => ({ ...event, text })) });

	it.each(['plain, with, commas', '{\\fs200}braces', 'a\\Nb', 'back\\slash\\', '\\{', '{', '}', '\\h and \\n', 'two\\\\', 'a;b: [Events]'])('%j is text after escaping: reading gives it back', (text) => {
		expect(parseAss(document([escapeAss(text)]))).toEqual([{ start: 0.29, end: 2.55, text }]);
	});

	it('a line break becomes one of the caption and never one of the file', () => {
		expect(escapeAss('a\r\nb\nc\u2028d')).toBe('a\\Nb\\Nc\\Nd');
		expect(document([escapeAss('a\nDialogue: 0,0:00:00.00,0:00:09.00,Text,,0,0,0,,evil')]).match(/^Dialogue/gm)).toHaveLength(1);
	});

	it('commands, drawings and comments are no text', () => {
		const text = document(['{\\an8\\fs20}Hello {\\b1}you{\\b0}\\Nthere', '{\\p1}m 0 0 l 100 0{\\p0}']).replace('[Events]', '[Events]\nComment: 0,0:00:00.00,0:00:01.00,Text,,0,0,0,,no');
		expect(parseAss(text)).toEqual([{ start: 0.29, end: 2.55, text: 'Hello you\nthere' }]);
	});

	it('karaoke commands give the words their times', () => {
		expect(parseAss(document(['{\\k50}Hello {\\kf100}brave {\\k20}{\\ko30}world']))[0]?.words).toEqual([
			{ text: 'Hello', start: 0.29, end: 0.79 },
			{ text: 'brave', start: 0.79, end: 1.79 },
			{ text: 'world', start: 1.99, end: 2.29 },
		]);
	});

	it('an order of columns of its own is followed', () => {
		const text = '[Events]\nFormat: Start, End, Style, Text\nDialogue: 0:00:01.00,0:00:02.00,Default,Hello, you\n';
		expect(parseAss(text)).toEqual([{ start: 1, end: 2, text: 'Hello, you' }]);
	});
});

describe('words of captions without word times', () => {
	it('share the time of the caption by their length, without gaps', () => {
		expect(shareTime(['abcd', 'ab', 'abcd'], 1, 2)).toEqual([
			{ text: 'abcd', start: 1, end: 1.4 },
			{ text: 'ab', start: 1.4, end: 1.6 },
			{ text: 'abcd', start: 1.6, end: 2 },
		]);
	});

	it('are found in scripts without spaces too, and captions come in order of time', () => {
		const [first, second] = toSegments([
			{ text: '私は学生です。', start: 2, end: 4 },
			{ text: 'Hello\nworld', start: 0, end: 1 },
		]);
		expect(first?.words.map(({ text }) => text)).toEqual(['Hello', 'world']);
		expect(second?.words.map(({ text }) => text).join('|')).toBe('私|は|学生|です。');
		expect(second?.words.at(-1)?.end).toBe(4);
	});
});
