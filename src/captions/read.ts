import { z } from 'zod/v4';
import { InvalidInput } from '../errors';
import { show } from '../explain';
import { readJson } from '../read-json';
import { media, milliseconds, type Segment, type Word } from '../vocabulary';
import { parseAss } from './ass';
import { joinWords } from '../text/words';
import { toSegments, type Cue } from './cue';
import { parseSrt } from './srt';
import { parseVtt } from './vtt';

/** A word or caption as users and older services write it: `{ text, start, end }` or `{ text, start_ts, end_ts }`, in seconds. */
const item = z.object({
	text: z.string().optional(),
	word: z.string().optional(),
	start: z.number().optional(),
	end: z.number().optional(),
	start_ts: z.number().optional(),
	end_ts: z.number().optional(),
	startTs: z.number().optional(),
	endTs: z.number().optional(),
});

/** Captions as an input: the text of a file, a list of words, or a file. */
export const captionSource = z.union([z.string().min(1), z.array(item), media('any')], { error: 'Expected a list of words with their times, the text of an SRT, VTT or ASS file, or such a file' });

export const captionFormats = ['words', 'srt', 'vtt', 'ass'] as const;
export type CaptionFormat = (typeof captionFormats)[number];

export interface ReadCaptions {
	format: CaptionFormat;
	/** In order of time. Words make one segment; every cue of a file makes one. */
	segments: Segment[];
}

/** Reads captions of any kind, telling by what is in them. Throws InvalidInput on `field` when there are none. */
export function readCaptions(source: string | readonly unknown[], field = 'captions'): ReadCaptions {
	const read = typeof source === 'string' ? readText(source, field) : { format: 'words' as const, segments: wordSegments(source, field) };
	if (read.segments.length === 0) throw broken(field, 'Expected at least one caption or word, got none. Look at what gives them');
	return read;
}

function readText(source: string, field: string): ReadCaptions {
	const text = source.replace(/^\uFEFF/, '').trimStart();
	if (/^[[{]\s*["{[\]]/.test(text)) return { format: 'words', segments: wordSegments(jsonList(text, field), field) };
	const read = (format: CaptionFormat, parse: (text: string) => Cue[]) => ({ format, segments: toSegments(parse(text)) });
	if (/^WEBVTT(?:\s|$)/.test(text)) return read('vtt', parseVtt);
	if (/^\s*\[Events\]/im.test(text)) return read('ass', parseAss);
	if (text.includes('-->')) return read('srt', parseSrt);
	throw broken(field, `Expected words as JSON, or the text of an SRT, VTT or ASS file, got ${show(source)}. In such a file every caption has a line like 00:00:01,000 --> 00:00:02,500`);
}

function jsonList(text: string, field: string): readonly unknown[] {
	const value = readJson(text, field, 'broken_captions');
	const list = typeof value === 'object' && value !== null && 'words' in value ? value.words : value;
	if (!Array.isArray(list)) throw broken(field, `Expected a list of words, got ${show(value)}. Put them into [ ]`);
	return list;
}

function wordSegments(list: readonly unknown[], field: string): Segment[] {
	const words = list.map((value, index) => wordOf(value, `${field}.${index}`)).filter((word) => word.text !== '');
	checkOrder(words, field);
	const [first] = words;
	if (!first) return [];
	// Older services send whole lines in the same form.
	if (words.filter((word) => word.text.includes(' ')).length * 2 >= words.length) return toSegments(words);
	return [{ text: joinWords(words), start: first.start, end: Math.max(...words.map((word) => word.end)), words }];
}

function wordOf(value: unknown, field: string): Word {
	const parsed = item.safeParse(value);
	const { text, word, start, start_ts, startTs, end, end_ts, endTs } = parsed.data ?? {};
	const [said, from, to] = [text ?? word, start ?? start_ts ?? startTs, end ?? end_ts ?? endTs];
	if (said === undefined || from === undefined || to === undefined) throw broken(field, `Expected a word such as { "text": "Hello", "start": 0.1, "end": 0.4 }, got ${show(value)}. Correct it`);
	if (!(from >= 0 && to >= from)) throw broken(field, `Expected 0 ≤ start ≤ end in seconds, got start ${from} and end ${to}. Correct them`);
	return { text: said.replace(/\s+/gu, ' ').trim(), start: milliseconds(from), end: milliseconds(to) };
}

export function checkOrder(words: readonly Word[], field: string): void {
	words.forEach((word, index) => {
		const before = words[index - 1];
		if (before && word.start < before.start)
			throw broken(`${field}.${index}`, `Expected words in order of time, got ${JSON.stringify(word.text)} at ${word.start} s after ${JSON.stringify(before.text)} at ${before.start} s. Sort them by their start`);
	});
}

const broken = (field: string, message: string) => new InvalidInput(`${field}: ${message}`, { field, code: 'broken_captions' });
