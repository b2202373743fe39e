import { assColor, type Rgb } from '../color';
import type { Typesetter } from '../fonts/typeset';
import { centiseconds, escapeAss } from './ass';
import type { Caption, Piece } from './segments';
import type { CaptionStyle } from './style';

/** A text of a caption file and when it is shown, in centiseconds. */
export interface Shown {
	start: number;
	end: number;
	text: string;
}

export interface Painter {
	effect: CaptionStyle['effect'];
	color: Rgb;
	highlightColor: Rgb;
	typesetter: Typesetter;
}

/** What is drawn over the time of one caption. */
export function animate(caption: Caption, painter: Painter): Shown[] {
	const times = { start: centiseconds(caption.start), end: centiseconds(caption.end) };
	switch (painter.effect) {
		case 'karaoke':
			return [{ ...times, text: karaokeText(caption, painter.typesetter) }];
		case 'highlight':
			return states(caption, painter.typesetter, [`{\\1c${tagColor(painter.highlightColor)}}`, `{\\1c${tagColor(painter.color)}}`]);
		case 'underline':
			return states(caption, painter.typesetter, ['{\\u1}', '{\\u0}']);
		default:
			return [{ ...times, text: stillText(caption, painter.typesetter) }];
	}
}

/** The caption without any effect. */
export const stillText = (caption: Caption, typesetter: Typesetter) => print(caption, typesetter, (_, text) => text);

/** Inside of a text a colour has no alpha and ends with `&`. */
const tagColor = (color: Rgb) => `&H${assColor(color).slice(4)}&`;

/** One text for every stretch of time in which the same words are spoken. */
function states(caption: Caption, typesetter: Typesetter, [on, off]: readonly [string, string]): Shown[] {
	const pieces = caption.lines.flat();
	const [from, to] = [centiseconds(caption.start), centiseconds(caption.end)];
	const borders = [...new Set([from, to, ...pieces.flatMap((piece) => [centiseconds(piece.start), centiseconds(piece.end)])])]
		.filter((time) => time >= from && time <= to)
		.sort((a, b) => a - b);
	return borders.slice(0, -1).map((start, index) => {
		const isSpoken = (piece: Piece) => centiseconds(piece.start) <= start && start < centiseconds(piece.end);
		return { start, end: borders[index + 1] ?? to, text: print(caption, typesetter, (piece, text) => (isSpoken(piece) ? on + text + off : text)) };
	});
}

const rightToLeft = /[\p{scx=Arabic}\p{scx=Hebrew}\p{scx=Syriac}\p{scx=Thaana}]/u;

/** `\k` waits, `\kf` fills a word from left to right in its time; words read from the right are filled at once. */
function karaokeText(caption: Caption, typesetter: Typesetter): string {
	let at = centiseconds(caption.start);
	return print(caption, typesetter, (piece, text) => {
		const start = Math.max(at, centiseconds(piece.start));
		const end = Math.max(start, centiseconds(piece.end));
		const wait = start > at ? `{\\k${start - at}}` : '';
		at = end;
		return `${wait}{\\${rightToLeft.test(piece.text) ? 'k' : 'kf'}${end - start}}${text}`;
	});
}

function print(caption: Caption, typesetter: Typesetter, decorate: (piece: Piece, text: string) => string): string {
	let family = '';
	const set = (text: string) =>
		typesetter.runs(text).map(({ text: part, face }) => {
			const change = face.family === family ? '' : `{\\fn${face.family}}`;
			family = face.family;
			return change + escapeAss(part);
		}).join('');
	return caption.lines
		.map((line) => line.map((piece, index) => (index > 0 && !piece.glued ? ' ' : '') + decorate(piece, set(piece.text))).join(''))
		.join('\\N');
}
