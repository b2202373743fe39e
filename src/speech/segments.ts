import { splitSentences } from '../text/sentences';
import { joinWords } from '../text/words';
import type { Segment, Word } from '../vocabulary';

/** Words in sentences, each with the time from its first to its last word. */
export function sentenceSegments(words: readonly Word[]): Segment[] {
	const segments: Segment[] = [];
	let next = 0;
	for (const sentence of splitSentences(words.map(({ text }) => text).join(' '))) {
		const first = next;
		for (let left = inkOf(sentence); left > 0 && next < words.length; next++) left -= inkOf(words[next]?.text ?? '');
		const own = words.slice(first, next);
		const [start, end] = [own[0]?.start, own.at(-1)?.end];
		if (start !== undefined && end !== undefined) segments.push({ text: joinWords(own), start, end, words: own });
	}
	return segments;
}

const inkOf = (text: string) => text.replace(/\s/gu, '').length;
