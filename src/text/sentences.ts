/** Splitting text at sentences, in any language, without losing a character that is not white space. */

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

/** After these a full stop seldom ends a sentence; also after a single letter, as in `J. S. Bach` or `z. B.`. */
const abbreviations = new Set('dr mr mrs ms prof st jr vs nr bzw frau mme mlle sr sra srta dra ud uds sig dott avv ing capt sgt lt'.split(' '));

/** Sentences, trimmed and with single spaces, none of them empty. A line break ends one unless the next line goes on in lower case. */
export function splitSentences(text: string): string[] {
	const sentences: string[] = [];
	for (const segment of segments(text)) {
		const last = sentences.at(-1);
		if (last !== undefined && (!hasWord(last) || !hasWord(segment) || goesOn(last, segment))) sentences[sentences.length - 1] = last + segment;
		else sentences.push(segment);
	}
	return sentences.map((sentence) => sentence.trim().replace(/\s+/gu, ' ')).filter((sentence) => sentence !== '');
}

/** The segmenter's time grows with the square of the length (66 s for 700,000 characters), so it sees a window at a time. */
function* segments(text: string): Generator<string> {
	let window = 4000;
	for (let at = 0; at < text.length; ) {
		const found = Array.from(segmenter.segment(text.slice(at, at + window)), ({ segment }) => segment);
		const isLast = at + window >= text.length;
		if (!isLast && found.length === 1) {
			window *= 2;
			continue;
		}
		const whole = isLast ? found : found.slice(0, -1);
		yield* whole;
		at += whole.reduce((length, segment) => length + segment.length, 0);
		window = 4000;
	}
}

/** Marks alone are no sentence: they stay with the one before. */
const hasWord = (text: string) => /[\p{L}\p{N}\p{S}]/u.test(text);

function goesOn(sentence: string, next: string): boolean {
	if (/\n\s*\n\s*$/u.test(sentence)) return false;
	if (/[\n\r\u2028\u2029]\s*$/u.test(sentence)) return /^\s*\p{Ll}/u.test(next) && !/[.!?…]\s*$/u.test(sentence);
	return isAbbreviation(sentence);
}

/** Whether a text ends in a word whose full stop does not end a sentence. */
export function isAbbreviation(text: string): boolean {
	const last = /(?<![\p{L}\p{N}])(\p{L}+)\.\s*$/u.exec(text)?.[1];
	return last !== undefined && (/^(?!I)[\p{Lu}\p{Ll}]$/u.test(last) || abbreviations.has(last.toLowerCase()));
}

/** Pieces of at most `max` characters: cut after a clause mark, else between words, else (a text without spaces) between characters. */
export function splitLong(text: string, max: number): string[] {
	const pieces: string[] = [];
	let rest = text;
	while (rest.length > max) {
		const at = cut(rest, max);
		pieces.push(rest.slice(0, at).trim());
		rest = rest.slice(at).trimStart();
	}
	return [...pieces, rest].filter((piece) => piece !== '');
}

function cut(text: string, max: number): number {
	const head = text.slice(0, max + 1);
	const clause = lastEnd(head.slice(0, max), /[,;:—–،؛]\s|[、，；：。！？]/gu);
	if (clause > max / 2) return clause;
	const space = lastEnd(head, /\s/gu);
	if (space > 0) return space;
	const surrogate = /[\uD800-\uDBFF]/.test(text.charAt(max - 1));
	return surrogate && max > 1 ? max - 1 : max;
}

function lastEnd(text: string, pattern: RegExp): number {
	let end = 0;
	for (const match of text.matchAll(pattern)) end = match.index + match[0].length;
	return end;
}

/** Joins neighbouring sentences with a space as long as they fit into `max` characters; longer ones are split. */
export function groupSentences(sentences: readonly string[], max: number): string[] {
	const groups: string[] = [];
	for (const piece of sentences.flatMap((sentence) => splitLong(sentence, max))) {
		const last = groups.at(-1);
		if (last !== undefined && last.length + 1 + piece.length <= max) groups[groups.length - 1] = `${last} ${piece}`;
		else groups.push(piece);
	}
	return groups;
}
