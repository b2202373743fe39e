import { InvalidInput } from '../errors';
import { splitGraphemes } from '../fonts/typeset';
import { splitWords } from '../text/words';
import { milliseconds, type Segment, type Word } from '../vocabulary';

/** One caption of a file: its lines, parted by line breaks, and its words where the file tells their times. */
export interface Cue {
	text: string;
	start: number;
	end: number;
	words?: Word[];
}

/** Seconds of `[[h:]m:]s.fff`, with a comma or a point. */
export function parseTime(text: string): number | undefined {
	const match = /^(?:(\d+):)?(\d+):(\d{1,2})(?:[.,](\d{1,9}))?$/.exec(text.trim());
	if (!match) return undefined;
	const [, hours = '0', minutes, seconds, fraction = '0'] = match;
	return milliseconds(Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) + Number(`0.${fraction}`));
}

/** `HH:MM:SS` and the milliseconds behind a mark. */
export function printTime(seconds: number, mark: ',' | '.'): string {
	const total = Math.round(seconds * 1000);
	const part = (unit: number, size: number, digits: number) => String(Math.floor(total / unit) % size).padStart(digits, '0');
	return `${String(Math.floor(total / 3_600_000)).padStart(2, '0')}:${part(60_000, 60, 2)}:${part(1000, 60, 2)}${mark}${part(1, 1000, 3)}`;
}

/** Cues as segments, in order of time; words without times share the cue's by their length. */
export function toSegments(cues: readonly Cue[]): Segment[] {
	return cues
		.filter((cue) => cue.text.trim() !== '')
		.map(({ text, start, end, words }) => ({ text, start, end, words: words ?? shareTime(splitWords(text).map((word) => word.text), start, end) }))
		.sort((a, b) => a.start - b.start);
}

/** Gives each text its part of the time by its number of characters; they follow each other without gaps. */
export function shareTime(texts: readonly string[], start: number, end: number): Word[] {
	const lengths = texts.map((text) => splitGraphemes(text).length);
	const total = lengths.reduce((sum, length) => sum + length, 0);
	let before = 0;
	return texts.map((text, index) => {
		const from = start + ((end - start) * before) / total;
		before += lengths[index] ?? 0;
		return { text, start: milliseconds(from), end: milliseconds(start + ((end - start) * before) / total) };
	});
}

export function checkedTimes(start: number | undefined, end: number | undefined, line: string): { start: number; end: number } {
	if (start === undefined || end === undefined || end < start)
		throw new InvalidInput(`captions: Expected a line such as "00:00:01,000 --> 00:00:02,500", with the start before the end, got ${JSON.stringify(line.slice(0, 80))}. Correct that line`, { field: 'captions', code: 'broken_captions' });
	return { start, end };
}

/** Lines of a text file of any system. */
export const textLines = (text: string) => text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
