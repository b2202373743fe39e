import { splitGraphemes } from '../fonts/typeset';
import { isGlued, splitWords, unspaced } from '../text/words';
import type { Segment, Word } from '../vocabulary';
import { shareTime, type Cue } from './cue';

/** A word, or a part of one that is too long for a line. */
export interface Piece extends Word {
	/** No space stands before it. */
	glued: boolean;
}

/** What is on screen at once: never empty, and never a line of it. */
export interface Caption {
	start: number;
	end: number;
	lines: Piece[][];
}

export interface LineRules {
	/** Most lines of one caption. */
	lines: number;
	/** Whether a line may be as long as this text. */
	fits(text: string): boolean;
	/** Whether a single word may be as long as this; a longer one is cut. Absent: any may. */
	wordFits?(text: string): boolean;
}

/** Silence, in seconds, after which a new caption begins: else words would be read long before they are spoken. */
const longPause = 1;

/** Fills captions with words, line by line. No caption reaches over the border of two segments. */
export function makeCaptions(segments: readonly Pick<Segment, 'words'>[], rules: LineRules): Caption[] {
	return segments.flatMap(({ words }) => fillCaptions(pieces(words, rules), rules));
}

export const piecesText = (pieces: readonly Piece[]) => pieces.reduce((text, piece, index) => text + (index > 0 && !piece.glued ? ' ' : '') + piece.text, '');

/** Captions as the cues of a file. */
export const toCues = (captions: readonly Caption[]): Cue[] => captions.map(({ start, end, lines }) => ({ start, end, text: lines.map(piecesText).join('\n') }));

function fillCaptions(all: readonly Piece[], { lines, fits }: LineRules): Caption[] {
	const captions: Piece[][][] = [];
	let previous: Piece | undefined;
	for (const piece of all) {
		const caption = captions.at(-1);
		const line = caption?.at(-1);
		const isPause = previous !== undefined && piece.start - previous.end >= longPause;
		if (caption && line && !isPause && fits(piecesText([...line, piece]))) line.push(piece);
		else if (caption && !isPause && caption.length < lines) caption.push([piece]);
		else captions.push([[piece]]);
		previous = piece;
	}
	return captions.map((caption) => {
		const flat = caption.flat();
		return { start: flat[0]?.start ?? 0, end: Math.max(...flat.map((piece) => piece.end)), lines: caption };
	});
}

function pieces(words: readonly Word[], rules: LineRules): Piece[] {
	return words.flatMap((word, index) => {
		const before = words[index - 1];
		const glued = before !== undefined && isGlued(before.text, word.text);
		return cutWord(word, rules).map((part, place) => ({ ...part, glued: place === 0 ? glued : !part.text.startsWith(' '), text: part.text.trim() }));
	});
}

/** Cuts a word that no line can hold: at its spaces, at the words of a script without spaces, at last between characters. */
function cutWord(word: Word, { fits, wordFits }: LineRules): Word[] {
	if (fits(word.text)) return [word];
	if (wordFits?.(word.text) !== false && !unspaced.test(word.text) && !word.text.includes(' ')) return [word];
	const parts = splitWords(word.text).map(({ text }) => text);
	const isSpaced = (text: string, index: number) => index > 0 && !isGlued(parts[index - 1] ?? '', text);
	const texts = parts.flatMap((text, index) => cutText(text, fits, wordFits).map((part, place) => (place === 0 && isSpaced(text, index) ? ` ${part}` : part)));
	return shareTime(texts, word.start, word.end);
}

function cutText(text: string, fits: LineRules['fits'], wordFits: LineRules['wordFits']): string[] {
	const isWhole = fits(text) || (!unspaced.test(text) && wordFits?.(text) !== false);
	if (isWhole) return [text];
	const limit = unspaced.test(text) || !wordFits ? fits : wordFits;
	return splitGraphemes(text).reduce<string[]>((parts, grapheme) => {
		const last = parts.at(-1);
		// A closing mark does not begin a line.
		if (last !== undefined && (limit(last + grapheme) || /^[\p{Pe}\p{Pf}\p{Po}ー々]/u.test(grapheme))) parts[parts.length - 1] = last + grapheme;
		else parts.push(grapheme);
		return parts;
	}, []);
}
