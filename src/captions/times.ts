import { InvalidInput } from '../errors';
import type { Segment, Word } from '../vocabulary';

/** How far captions may reach beyond the picture before they are taken to belong to another one, in seconds. */
const tolerance = 0.5;

/** The least time a word is shown, one frame at 25 a second, where the next one leaves room. */
const shortest = 0.04;

/** Brings captions into 0…duration, one after the other. Throws InvalidInput when they were made for something longer. */
export function fitTimes(segments: readonly Segment[], duration: number, field: string): { segments: Segment[]; warnings: string[] } {
	const late = segments.flatMap((segment) => segment.words).find((word) => word.start > duration + tolerance);
	if (late)
		throw new InvalidInput(`${field}: Expected captions within the ${duration} s of the picture, got ${JSON.stringify(late.text.slice(0, 60))} at ${late.start} s. Give the captions that were made for this one`, { field, code: 'captions_too_long' });
	const inside = segments
		.map((segment) => ({ ...segment, words: segment.words.filter((word) => word.start < duration || duration === 0) }))
		.filter((segment) => segment.words.length > 0);
	const left = count(segments) - count(inside);
	let overlaps = 0;
	const fitted = inside.map((segment, index) => {
		const next = inside[index + 1]?.words[0]?.start ?? duration;
		if (segment.words.some((word) => word.end > next) && next < duration) overlaps++;
		return clamped(segment, Math.min(next, duration));
	});
	return {
		segments: fitted,
		warnings: [
			...(left > 0 ? [`${left} ${left === 1 ? 'word begins' : 'words begin'} after the end of the picture at ${duration} s and ${left === 1 ? 'is' : 'are'} not shown`] : []),
			...(overlaps > 0 ? [`${overlaps} ${overlaps === 1 ? 'caption overlaps' : 'captions overlap'} the next one in time and ${overlaps === 1 ? 'ends' : 'end'} where that begins`] : []),
		],
	};
}

const count = (segments: readonly Segment[]) => segments.reduce((sum, segment) => sum + segment.words.length, 0);

function clamped(segment: Segment, limit: number): Segment {
	const words = segment.words.map((word, index) => lengthened(word, Math.min(segment.words[index + 1]?.start ?? limit, limit)));
	return { ...segment, start: words[0]?.start ?? segment.start, end: Math.min(segment.end, limit), words };
}

function lengthened(word: Word, next: number): Word {
	const start = Math.min(word.start, next);
	return { ...word, start, end: Math.min(Math.max(word.end, start + shortest), next) };
}
