import { checkedTimes, parseTime, printTime, textLines, type Cue } from './cue';

/** Reads SubRip. Numbers may be missing or wrong; `<i>`, `<font …>` and `{\an8}` are left out. */
export function parseSrt(text: string): Cue[] {
	const cues: Cue[] = [];
	const lines = textLines(text);
	for (let at = 0; at < lines.length; at++) {
		const line = lines[at] ?? '';
		if (!line.includes('-->')) continue;
		const [from = '', to = ''] = line.split('-->');
		const times = checkedTimes(parseTime(from), parseTime(to.trim().split(/\s/)[0] ?? ''), line);
		const body: string[] = [];
		while (at + 1 < lines.length && !endsCue(lines, at + 1)) body.push(lines[++at] ?? '');
		cues.push({ ...times, text: plain(body) });
	}
	return cues;
}

/** A cue ends before the number and times of the next one, so that it may hold empty lines. */
function endsCue(lines: readonly string[], at: number): boolean {
	const isTimes = (index: number) => (lines[index] ?? '').includes('-->');
	return isTimes(at) || (/^\s*\d+\s*$/.test(lines[at] ?? '') && isTimes(at + 1));
}

function plain(lines: readonly string[]): string {
	return lines
		.map((line) => line.replace(/<\/?(?:b|i|u|s|font)(?:\s[^<>]*)?>|\{\\[^{}]*\}/gi, '').trim())
		.filter((line) => line !== '')
		.join('\n');
}

export const printSrt = (cues: readonly Cue[]) =>
	cues.map(({ start, end, text }, index) => `${index + 1}\n${printTime(start, ',')} --> ${printTime(end, ',')}\n${text}\n`).join('\n');
