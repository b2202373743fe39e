import { milliseconds, type Segment, type Word } from '../vocabulary';

/** Moves captions in time: first stretched by `scale`, then moved by `offset` seconds. What would end before 0 is left out. */
export function shiftTimes(segments: readonly Segment[], { scale, offset }: { scale: number; offset: number }): { segments: Segment[]; left: number } {
	const moved = (time: number) => milliseconds(Math.max(0, time * scale + offset));
	const move = <T extends Word>(part: T): T => ({ ...part, start: moved(part.start), end: moved(part.end) });
	const isInside = ({ start, end }: Word) => end * scale + offset > 0 || (start === end && start * scale + offset >= 0);
	const inside = segments.filter(isInside);
	return {
		segments: inside.map((segment) => ({ ...move(segment), words: segment.words.filter(isInside).map(move) })),
		left: segments.length - inside.length,
	};
}
