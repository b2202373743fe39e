import { InvalidInput } from '../errors';
import type { Word } from '../vocabulary';
import { splitWords } from '../text/words';
import { checkedTimes, parseTime, shareTime, textLines, type Cue } from './cue';

/** One `Dialogue` line. Times in centiseconds, margins in pixels; a margin of 0 means that of the style. */
export interface AssEvent {
	layer: number;
	start: number;
	end: number;
	style: string;
	marginLeft: number;
	marginRight: number;
	marginVertical: number;
	text: string;
}

export interface AssDocument {
	width: number;
	height: number;
	/** Complete `Style:` lines, in the order of `styleFormat`. */
	styles: readonly string[];
	events: readonly AssEvent[];
}

const styleFormat =
	'Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding';

/** Whole centiseconds, rounded: 2.55 s is 255, which a product of floats would make 254. */
export const centiseconds = (seconds: number) => Math.round(Math.round(seconds * 1000) / 10);

export function printAss({ width, height, styles, events }: AssDocument): string {
	return [
		'[Script Info]',
		'ScriptType: v4.00+',
		`PlayResX: ${width}`,
		`PlayResY: ${height}`,
		'WrapStyle: 0',
		'ScaledBorderAndShadow: yes',
		'YCbCr Matrix: None',
		'',
		'[V4+ Styles]',
		`Format: ${styleFormat}`,
		...styles,
		'',
		'[Events]',
		'Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text',
		...events.map(printEvent),
		'',
	].join('\n');
}

function printEvent({ layer, start, end, style, marginLeft, marginRight, marginVertical, text }: AssEvent): string {
	return `Dialogue: ${layer},${printAssTime(start)},${printAssTime(end)},${style},,${marginLeft},${marginRight},${marginVertical},,${text}`;
}

function printAssTime(total: number): string {
	const two = (value: number) => String(value).padStart(2, '0');
	return `${Math.floor(total / 360_000)}:${two(Math.floor(total / 6000) % 60)}:${two(Math.floor(total / 100) % 60)}.${two(total % 100)}`;
}

/** Makes a text harmless inside a `Dialogue` line: what would be a command there is drawn as it is written. */
export const escapeAss = (text: string) =>
	text
		.replace(/\\(?=[Nnh]|$)/g, '\\\u2060')
		.replace(/[{}]/g, '\\$&')
		.replace(/\r\n|[\r\n\u2028\u2029]/g, '\\N');

/** Reads the text of SubStation Alpha, without its looks; `\k` commands give the words their times. */
export function parseAss(text: string): Cue[] {
	let format: string[] | undefined;
	const cues: Cue[] = [];
	for (const line of eventLines(text)) {
		const [, kind, rest = ''] = /^\s*(Format|Dialogue)\s*:(.*)$/i.exec(line) ?? [];
		if (kind?.toLowerCase() === 'format') format = rest.split(',').map((name) => name.trim().toLowerCase());
		else if (kind !== undefined) cues.push(...parseDialogue(rest, format, line));
	}
	return cues;
}

function eventLines(text: string): string[] {
	const lines = textLines(text);
	const at = lines.findIndex((line) => /^\s*\[Events\]/i.test(line));
	const events = at < 0 ? [] : lines.slice(at + 1);
	const end = events.findIndex((line) => /^\s*\[[\w+ ]+\]\s*$/.test(line));
	return end < 0 ? events : events.slice(0, end);
}

function parseDialogue(rest: string, format: readonly string[] | undefined, line: string): Cue[] {
	if (!format) throw new InvalidInput('captions: Expected a Format line before the first Dialogue line of [Events], got none. Save the file again as ASS', { field: 'captions', code: 'broken_captions' });
	const values = rest.split(',');
	const value = (name: string) => values[format.indexOf(name)] ?? '';
	const times = checkedTimes(parseTime(value('start')), parseTime(value('end')), line);
	const body = values.slice(format.length - 1).join(',').trim();
	if (/\\p[1-9]/.test(body)) return [];
	const words = karaokeWords(body, times);
	return [{ ...times, text: plain(body), ...(words && { words }) }];
}

const plain = (body: string) =>
	body
		.replace(/(?<!\\)\{[^}]*\}/g, '')
		.replace(/\\[Nn]/g, '\n')
		.replace(/\\h/g, '\u00a0')
		.replace(/\\([{}])/g, '$1')
		.replace(/\u2060/g, '')
		.trim();

function karaokeWords(body: string, { start, end }: { start: number; end: number }): Word[] | undefined {
	const parts = body.split(/(?<!\\)\{[^}]*\\[kK][fo]?(\d+)[^}]*\}/);
	if (parts.length === 1) return undefined;
	let at = start;
	const words: Word[] = [];
	for (let index = 1; index < parts.length; index += 2) {
		const from = at;
		at = Math.min(at + Number(parts[index]) / 100, end);
		words.push(...shareTime(splitWords(plain(parts[index + 1] ?? '')).map((word) => word.text), from, at));
	}
	return words.length > 0 ? words : undefined;
}
