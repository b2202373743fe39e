import { z } from 'zod/v4';
import { milliseconds } from '../vocabulary';
import { changed } from './player';

const transcript = z.object({
	events: z.array(z.object({ tStartMs: z.number().nonnegative().default(0), dDurationMs: z.number().nonnegative().default(0), segs: z.array(z.object({ utf8: z.string().default('') })).optional() })).default([]),
});

export interface TranscriptLine {
	text: string;
	start: number;
	end: number;
}

/** Reads YouTube's `json3`. Its lines stay on screen while the next one is spoken; here each ends where the next begins. */
export function readTranscript(text: string): TranscriptLine[] {
	const lines = parsed(text)
		.map(({ tStartMs, dDurationMs, segs = [] }) => ({ text: segs.map(({ utf8 }) => utf8).join('').replace(/\s+/gu, ' ').trim(), start: tStartMs / 1000, end: (tStartMs + dDurationMs) / 1000 }))
		.filter((line) => line.text !== '')
		.sort((a, b) => a.start - b.start);
	return lines.map(({ start, end, ...line }, index) => ({ ...line, start: milliseconds(start), end: milliseconds(Math.min(end, lines[index + 1]?.start ?? end)) }));
}

function parsed(text: string): z.output<typeof transcript>['events'] {
	try {
		return transcript.parse(JSON.parse(text)).events;
	} catch (cause) {
		throw changed('the form of its transcripts', cause);
	}
}
