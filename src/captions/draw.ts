import { assColor, parseColor } from '../color';
import { InvalidInput } from '../errors';
import { findFace } from '../fonts/families';
import { createTypesetter, splitGraphemes, tonedEmoji, type Typesetter } from '../fonts/typeset';
import type { FontFace } from '../runtime';
import type { Segment, Word } from '../vocabulary';
import { printAss, type AssEvent } from './ass';
import { joinWords } from '../text/words';
import { missingGlyphs, type Drawing } from './drawing';
import { animate, stillText } from './effects';
import { placeOf, type Place } from './place';
import { checkOrder } from './read';
import { makeCaptions, toCues, type Caption, type LineRules } from './segments';
import { printSrt } from './srt';
import type { CaptionStyle } from './style';
import { fitTimes } from './times';
import { printVtt } from './vtt';
import { shownWords } from './wording';

export interface DrawRequest {
	/** Spoken words in order of time, or the segments of `readCaptions`. */
	captions: { words: readonly Word[] } | { segments: readonly Segment[] };
	style: CaptionStyle;
	/** Of the picture, in pixels. */
	width: number;
	height: number;
	/** Of the picture, in seconds; captions end with it. */
	duration: number;
	/** All known faces. */
	faces: readonly FontFace[];
	/** Names of the input fields for errors; `style` and `captions` by default. */
	fields?: { style: string; captions: string };
}

/** Draws words as captions in a style. */
export function drawCaptions(request: DrawRequest): Drawing {
	const { style, width, height, duration, faces, fields = { style: 'style', captions: 'captions' } } = request;
	const scale = width / 1080;
	const fontSize = Math.max(1, Math.round(style.fontSize * scale));
	const main = findFace(faces, style.font, style, `${fields.style}.font`);
	const typesetter = createTypesetter(main, faces);
	const place = placeOf(style, { width, height, fontSize, bleed: scale * (4 + Math.max(style.stroke.size, style.box ? style.box.padding : 0)) });
	const rules = lineRules(style, typesetter, place.lineWidth / fontSize);

	const { segments, warnings } = fitTimes(segmentsOf(request.captions, fields.captions), duration, fields.captions);
	const shown = segments.map(({ words }) => ({ words: shownWords(words, style) }));
	const captions = makeCaptions(shown, rules);
	if (captions.length === 0) throw new InvalidInput(`${fields.captions}: Expected at least one word to show, got none. Look at what gives the words`, { field: fields.captions });
	const onScreen = style.effect === 'word_by_word' ? wordCaptions(shown, rules) : captions;

	const look = lookOf(style, { family: main.family, fontSize, scale, place }, fields.style);
	const events = onScreen.flatMap((caption) => look.events(caption, typesetter)).filter((event) => event.end > event.start);
	const cues = toCues(captions);
	return {
		ass: printAss({ width, height, styles: look.styles, events: events.sort((a, b) => a.layer - b.layer || a.start - b.start) }),
		fonts: [...new Set([main, ...typesetter.used])],
		warnings: [...warnings, ...tooHigh(onScreen, fontSize, height), ...missingGlyphs(typesetter.missing), ...withoutTone(shown)],
		srt: printSrt(cues),
		vtt: printVtt(cues),
	};
}

function segmentsOf(captions: DrawRequest['captions'], field: string): readonly Segment[] {
	if ('segments' in captions) return captions.segments;
	const { words } = captions;
	checkOrder(words, field);
	return [{ text: joinWords(words), start: words[0]?.start ?? 0, end: words.at(-1)?.end ?? 0, words: [...words] }];
}

/** `room` is the width of a line in font sizes; what kerning and shaping may add to our measure stays free. */
function lineRules({ lines, lineLength }: CaptionStyle, typesetter: Typesetter, room: number): Required<LineRules> {
	const wordFits = (text: string) => typesetter.width(text) <= room * 0.97;
	return { lines, wordFits, fits: (text) => (lineLength === 0 || splitGraphemes(text).length <= lineLength) && wordFits(text) };
}

const wordCaptions = (segments: readonly { words: Word[] }[], rules: Required<LineRules>) =>
	segments.flatMap(({ words }) => words).flatMap((word) => makeCaptions([{ words: [word] }], { ...rules, fits: rules.wordFits, lines: Infinity }));

interface Frame {
	family: string;
	fontSize: number;
	scale: number;
	place: Place;
}

/** The styles of the file and the layers that one caption is drawn in: box, shadow, text. */
function lookOf(style: CaptionStyle, { family, fontSize, scale, place }: Frame, field: string) {
	const color = parseColor(style.color, `${field}.color`);
	const highlightColor = parseColor(style.highlightColor, `${field}.highlightColor`);
	const strokeColor = parseColor(style.stroke.color, `${field}.stroke.color`);
	const shadowColor = assColor(parseColor(style.shadow.color, `${field}.shadow.color`), style.shadow.opacity);
	const boxColor = style.box && assColor(parseColor(style.box.color, `${field}.box.color`), style.box.opacity);
	const [stroke, blur, padding] = [style.stroke.size, style.shadow.blur, style.box ? style.box.padding : 0].map((length) => Math.round(length * scale * 10) / 10) as [number, number, number];
	const isFilled = style.effect === 'karaoke';
	const invisible = assColor(color, 0);
	const line = (name: string, colors: readonly string[], border: string) =>
		`Style: ${name},${family},${fontSize},${colors.join()},${style.bold ? -1 : 0},${style.italic ? -1 : 0},0,0,100,100,0,0,${border},${place.alignment},${place.marginLeft},${place.marginRight},0,-1`;
	const painter = { effect: style.effect, color, highlightColor };
	const drop = Math.max(1, Math.round(4 * scale));
	return {
		styles: [
			line('Text', [assColor(isFilled ? highlightColor : color), assColor(color), assColor(strokeColor), invisible], `1,${stroke},0`),
			line('Shadow', [shadowColor, shadowColor, shadowColor, invisible], `1,${stroke},0`),
			...(boxColor ? [line('Box', [invisible, invisible, invisible, boxColor], `4,0,${padding}`)] : []),
		],
		events(caption: Caption, typesetter: Typesetter): AssEvent[] {
			const marginVertical = place.marginVertical(caption.lines.length);
			const [whole, ...parts] = animate(caption, { ...painter, typesetter });
			if (!whole) return [];
			const texts = [whole, ...parts];
			const still = { start: whole.start, end: texts.at(-1)?.end ?? whole.end, text: stillText(caption, typesetter) };
			const event = (layer: number, name: string, shown: typeof still, margin = marginVertical) => ({ ...shown, layer, style: name, marginLeft: 0, marginRight: 0, marginVertical: margin });
			// Lower: away from the top, or nearer to the bottom.
			const shadowMargin = Math.max(0, marginVertical + (place.alignment > 3 ? drop : -drop));
			return [
				...(boxColor ? [event(0, 'Box', still)] : []),
				...(style.shadow.opacity > 0 ? [event(1, 'Shadow', { ...still, text: `{\\blur${blur}}${still.text}` }, shadowMargin)] : []),
				...texts.map((shown) => event(2, 'Text', shown)),
			];
		},
	};
}

function withoutTone(segments: readonly { words: readonly Word[] }[]): string[] {
	const toned = [...new Set(segments.flatMap(({ words }) => words.flatMap(({ text }) => tonedEmoji(text))))];
	return toned.length > 0 ? [`Captions are drawn in one color, so the skin tone of ${toned.join(' ')} is left out`] : [];
}

function tooHigh(captions: readonly Caption[], fontSize: number, height: number): string[] {
	const lines = Math.max(...captions.map((caption) => caption.lines.length));
	return lines * fontSize > height ? [`Captions of ${lines} lines are higher than the picture: choose a smaller fontSize or fewer lines`] : [];
}
