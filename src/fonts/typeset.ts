import type { FontFace } from '../runtime';

/** A part of a text that one face draws. */
export interface FontRun {
	text: string;
	face: FontFace;
}

/** Decides which face draws which part of a text, and keeps account of it. */
export interface Typesetter {
	/** In order; all of the text but the invisible characters that its face would draw as boxes. */
	runs(text: string): FontRun[];
	/** Width in units of the font size, without kerning. */
	width(text: string): number;
	/** Faces that `runs` has used. */
	readonly used: ReadonlySet<FontFace>;
	/** Characters that `runs` met and no face has. */
	readonly missing: ReadonlySet<string>;
}

interface Cluster {
	text: string;
	script: string;
	face: FontFace | undefined;
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
export const splitGraphemes = (text: string) => Array.from(graphemes.segment(text), ({ segment }) => segment);

/** `main` draws all it can; the rest is drawn, script by script, by the first of `faces` that has all of it. */
export function createTypesetter(main: FontFace, faces: readonly FontFace[]): Typesetter {
	const others = [...faces].sort((a, b) => distance(a, main) - distance(b, main));
	const fitting = (text: string) => {
		const drawing = others.filter((other) => has(other, text));
		const nearest = drawing.filter((other) => distance(other, main) === distance(drawing[0]!, main));
		return nearest.find(({ family }) => shapesOf(text).test(family)) ?? nearest[0];
	};
	const used = new Set<FontFace>();
	const missing = new Set<string>();
	const known = new Map<string, FontRun[]>();

	function runs(text: string): FontRun[] {
		const before = known.get(text);
		if (before) return before;
		const found = joined(chosen(text.replace(skinTone, '$1')));
		known.set(text, found);
		return found;
	}

	function chosen(text: string): FontRun[] {
		const clusters = splitGraphemes(text).map((cluster) => ({ text: cluster, script: scriptOf(cluster), face: has(main, cluster) ? main : undefined }));
		return stretches(clusters).flatMap(({ text: stretch, parts, face }) => {
			const whole = face ?? fitting(stretch);
			return whole ? [{ text: stretch, face: whole }] : parts.map((part) => ({ text: part, face: fitting(part) ?? lacking(part) }));
		});
	}

	function lacking(cluster: string): FontFace {
		for (const character of visible(cluster)) if (!main.covers(codePoint(character))) missing.add(character);
		return main;
	}

	function joined(parts: FontRun[]): FontRun[] {
		const result: FontRun[] = [];
		for (const { text, face } of parts) {
			const last = result.at(-1);
			const drawn = Array.from(text).filter((character) => !ignorable.test(character) || face.covers(codePoint(character))).join('');
			if (last?.face === face) last.text += drawn;
			else result.push({ text: drawn, face });
			used.add(face);
		}
		return result;
	}

	const width = (text: string) => runs(text).reduce((sum, run) => sum + visible(run.text).reduce((part, one) => part + run.face.advance(codePoint(one)), 0) / run.face.lineHeight, 0);
	return { runs, width, used, missing };
}

/** Nearest weight and slope first; the order of the list decides between equals. */
const distance = (face: FontFace, main: FontFace) => Number(face.italic !== main.italic) + 2 * Number(face.bold !== main.bold);

/** Chinese characters look different in Japan, Korea and China; fonts for all three say in their name whose shapes they have. */
function shapesOf(text: string): RegExp {
	if (/[\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text)) return /\bJP$/;
	return /\p{Script=Hangul}/u.test(text) ? /\bKR$/ : /\bSC$/;
}

/** Captions are drawn in one colour, where a tone after its emoji would be a square beside it. */
const skinTone = /(\p{Emoji_Modifier_Base}\uFE0F?)\p{Emoji_Modifier}/gu;

/** Emoji whose skin tone is not drawn. */
export const tonedEmoji = (text: string): string[] => text.match(skinTone) ?? [];

/** Variation selectors, joiners, direction marks: they need no glyph. */
const ignorable = /^\p{Default_Ignorable_Code_Point}$/u;
const visible = (text: string) => Array.from(text).filter((character) => !ignorable.test(character));
const codePoint = (character: string) => character.codePointAt(0) ?? 0;
const has = (face: FontFace, text: string) => visible(text).every((character) => face.covers(codePoint(character)));

/** Neighbouring clusters of the same script that are all drawn by the main face, or all not. */
function stretches(clusters: Cluster[]) {
	const result: (Cluster & { parts: string[] })[] = [];
	for (const cluster of clusters) {
		const last = result.at(-1);
		if (last && last.face === cluster.face && (cluster.face !== undefined || last.script === cluster.script)) {
			last.text += cluster.text;
			last.parts.push(cluster.text);
		} else result.push({ ...cluster, parts: [cluster.text] });
	}
	return result;
}

const scripts = ['Arabic', 'Hebrew', 'Devanagari', 'Bengali', 'Tamil', 'Telugu', 'Thai', 'Hangul', 'Cyrillic', 'Greek', 'Latin'].map(
	(script) => [script, new RegExp(`\\p{Script=${script}}`, 'u')] as const,
);

/** Coarse: only what must not share a face by accident is told apart. */
function scriptOf(cluster: string): string {
	if (/\p{Emoji_Presentation}|\uFE0F/u.test(cluster)) return 'Emoji';
	// Japanese mixes these three, and one face must draw them together.
	if (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(cluster)) return 'Han';
	return scripts.find(([, pattern]) => pattern.test(cluster))?.[0] ?? 'Other';
}
