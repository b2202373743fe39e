import type { SpeechEvent } from '../espeak';
import type { Piece } from './pieces';

/**
 * Which of eSpeak NG's phonemes belong to which piece. A piece without an event of its own gets undefined: it is spoken
 * together with the one before. Where phonemes and events cannot be paired, a clause is one: no word ever gets another's sound.
 */
export function alignPhonemes(pieces: readonly Piece[], ipa: string, events: readonly SpeechEvent[]): (string | undefined)[] {
	const spoken = pieces.map(({ isMark }) => (isMark ? '' : undefined)) as (string | undefined)[];
	for (const { position, phonemes } of paired(ipa, events)) {
		const index = lastWordBefore(pieces, position);
		if (index !== undefined) spoken[index] = spoken[index] === undefined ? phonemes : `${spoken[index]} ${phonemes}`;
	}
	return spoken;
}

function lastWordBefore(pieces: readonly Piece[], position: number): number | undefined {
	const before = pieces.findLastIndex(({ isMark, start }) => !isMark && start < position);
	const first = pieces.findIndex(({ isMark }) => !isMark);
	return before >= 0 ? before : first >= 0 ? first : undefined;
}

interface Paired {
	position: number;
	phonemes: string;
}

function paired(ipa: string, events: readonly SpeechEvent[]): Paired[] {
	const said = words(ipa);
	const positions = events.filter(({ type }) => type === 'word').map(({ position }) => position);
	if (said.length === positions.length) return said.map((phonemes, i) => ({ phonemes, position: positions[i] ?? 1 }));
	const lines = ipa.split('\n').filter((line) => words(line).length > 0);
	const clauses = clausesOf(events);
	if (lines.length !== clauses.length) return [{ phonemes: said.join(' '), position: positions[0] ?? 1 }];
	return lines.flatMap((line, i) => {
		const own = clauses[i] ?? [];
		const split = words(line);
		if (split.length === own.length) return split.map((phonemes, k) => ({ phonemes, position: own[k] ?? 1 }));
		return [{ phonemes: split.join(' '), position: own[0] ?? 1 }];
	});
}

const words = (ipa: string) => ipa.split(/\s+/u).filter((word) => word.replaceAll('_', '') !== '');

/** Positions of the words of each clause that has any. */
function clausesOf(events: readonly SpeechEvent[]): number[][] {
	const clauses: number[][] = [[]];
	for (const { type, position } of events) {
		if (type === 'word') clauses.at(-1)?.push(position);
		if (type === 'end') clauses.push([]);
	}
	return clauses.filter((clause) => clause.length > 0);
}
