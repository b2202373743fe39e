import { unspaced, isGlued, joinWords } from '../text/words';
import type { Word } from '../vocabulary';
import type { CaptionStyle } from './style';

/** The words as they are shown: replaced, without punctuation, in capitals. What becomes empty is left out. */
export function shownWords(words: readonly Word[], { replace, hidePunctuation, uppercase }: Pick<CaptionStyle, 'replace' | 'hidePunctuation' | 'uppercase'>): Word[] {
	const replaced = replace.reduce<readonly Word[]>((list, { from, to }) => replaceIn(list, from, to), words);
	return replaced
		.map((word) => ({ ...word, text: clean(word.text) }))
		.map((word) => (hidePunctuation ? { ...word, text: withoutPunctuation(word.text) } : word))
		.map((word) => (uppercase ? { ...word, text: word.text.toUpperCase() } : word))
		.filter((word) => word.text !== '');
}

/** One line, no control characters, no halves of surrogate pairs. */
const clean = (text: string) => text.replace(/[\s\u0085]+/gu, ' ').replace(/\p{Cc}/gu, '').replace(/\p{Cs}/gu, '\uFFFD').trim();

/** Marks inside of a word or number stay (don't, 3.5), and so do signs that are read (%, &, @, #, /). */
const withoutPunctuation = (text: string) =>
	text
		.replace(/(?<![\p{L}\p{M}\p{N}])(?![%&@#/])\p{P}|(?![%&@#/])\p{P}(?![\p{L}\p{M}\p{N}])/gu, (mark, at: number) => (mark === '-' && /^\d/.test(text.slice(at + 1)) ? mark : ''))
		.replace(/(?:^|(?<=\s))\p{P}+(?=\s|$)/gu, (marks) => (/[%&@#/]/.test(marks) ? marks : ''))
		.trim();

/** Whole words only, also over several words, which then become one. */
function replaceIn(words: readonly Word[], from: string, to: string): readonly Word[] {
	const { text, spans } = laidOut(words);
	const edge = (character: string, pattern: string) => (/[\p{L}\p{N}]/u.test(character) && !unspaced.test(character) ? pattern : '');
	const body = from.split(/\s+/u).map(escapeRegExp).join('\\s+');
	const pattern = new RegExp(`${edge(Array.from(from)[0] ?? '', '(?<![\\p{L}\\p{N}])')}${body}${edge(Array.from(from).at(-1) ?? '', '(?![\\p{L}\\p{N}])')}`, 'giu');
	const result: Word[] = [];
	let next = 0;
	for (const { first, last, text: replaced } of matches(text, spans, pattern, to)) {
		const [start, end] = [words[first], words[last]];
		if (!start || !end) continue;
		result.push(...words.slice(next, first), { text: replaced, start: start.start, end: end.end });
		next = last + 1;
	}
	return [...result, ...words.slice(next)];
}

type Span = { start: number; end: number };

function laidOut(words: readonly Word[]): { text: string; spans: Span[] } {
	let at = 0;
	const spans = words.map(({ text }, index) => {
		if (index > 0 && !isGlued(words[index - 1]?.text ?? '', text)) at++;
		const start = at;
		at += text.length;
		return { start, end: at };
	});
	return { text: joinWords(words), spans };
}

/** Groups of words that a match touches, each with its new text; matches in the same words make one group. */
function matches(text: string, spans: readonly Span[], pattern: RegExp, to: string) {
	const groups: { first: number; last: number; text: string; end: number }[] = [];
	let at = 0;
	for (const match of text.matchAll(pattern)) {
		const end = match.index + match[0].length;
		const find = (holds: (span: Span) => boolean) => {
			for (let span = spans[at]; span && !holds(span); span = spans[at]) at++;
			return at;
		};
		const first = find((span) => span.end > match.index);
		const last = find((span) => span.end >= end);
		const group = groups.at(-1);
		const close = spans[last]?.end ?? end;
		if (group && group.last >= first) {
			const kept = text.slice(group.end, match.index);
			const tail = (spans[group.last]?.end ?? group.end) - group.end;
			Object.assign(group, { last, end, text: group.text.slice(0, group.text.length - tail) + kept + to + text.slice(end, close) });
		} else groups.push({ first, last, end, text: text.slice(spans[first]?.start, match.index) + to + text.slice(end, close) });
	}
	return groups;
}

const escapeRegExp = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
