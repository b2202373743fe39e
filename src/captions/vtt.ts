import type { Word } from '../vocabulary';
import { checkedTimes, parseTime, printTime, shareTime, textLines, type Cue } from './cue';
import { splitWords } from '../text/words';

/** Reads WebVTT. Tags are left out, but `<00:00:01.500>` in a cue gives the words after it their time. */
export function parseVtt(text: string): Cue[] {
	return blocks(text).flatMap((lines) => {
		const at = lines.findIndex((line) => line.includes('-->'));
		const line = lines[at];
		if (line === undefined || /^(?:NOTE|STYLE|REGION)\b/.test(lines[0] ?? '')) return [];
		const [from = '', to = ''] = line.split('-->');
		const times = checkedTimes(parseTime(from), parseTime(to.trim().split(/\s/)[0] ?? ''), line);
		const body = lines.slice(at + 1).join('\n');
		const words = timedWords(body, times);
		return [{ ...times, text: plain(body), ...(words && { words }) }];
	});
}

function blocks(text: string): string[][] {
	const result: string[][] = [[]];
	for (const line of textLines(text)) {
		if (line.trim() === '') result.push([]);
		else result.at(-1)?.push(line);
	}
	return result;
}

const stamp = /<((?:\d+:)?\d{2}:\d{2}\.\d{3})>/;

function timedWords(body: string, { start, end }: { start: number; end: number }): Word[] | undefined {
	const parts = body.split(stamp);
	if (parts.length === 1) return undefined;
	const times = [start, ...parts.filter((_, index) => index % 2 === 1).map((time) => Math.min(Math.max(parseTime(time) ?? start, start), end)), end];
	if (times.some((time, index) => index > 0 && time < (times[index - 1] ?? 0))) return undefined;
	const texts = parts.filter((_, index) => index % 2 === 0);
	return texts.flatMap((part, index) => shareTime(splitWords(plain(part)).map((word) => word.text), times[index] ?? start, times[index + 1] ?? end));
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0', lrm: '\u200e', rlm: '\u200f' };

const plain = (body: string) =>
	body
		.replace(/<[^<>]*>/g, '')
		.replace(/&(amp|lt|gt|quot|apos|nbsp|lrm|rlm);/g, (_, name: string) => entities[name] ?? '')
		.trim();

const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

export const printVtt = (cues: readonly Cue[]) =>
	['WEBVTT\n', ...cues.map(({ start, end, text }) => `${printTime(start, '.')} --> ${printTime(end, '.')}\n${escaped(text)}\n`)].join('\n');
