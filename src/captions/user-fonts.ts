import { createTypesetter, type Typesetter } from '../fonts/typeset';
import type { FontFace } from '../runtime';

/** Gives the texts of a user's ASS file fonts that are there and have their characters. */
export interface FontDresser {
	/** The known spelling of a family, or the fallback's. */
	family(asked: string): string;
	/** A dialogue's text, in a style of this (known) family, with a font for every part that the current one lacks. */
	text(text: string, styleFamily: string): string;
	/** Families that were asked for and are not known. */
	readonly unknown: ReadonlySet<string>;
	readonly missing: ReadonlySet<string>;
	fonts(): FontFace[];
}

export function createFontDresser(faces: readonly FontFace[], fallback: string): FontDresser {
	const known = new Map(faces.map((face) => [face.family.toLowerCase(), face.family]));
	const typesetters = new Map<string, Typesetter>();
	const unknown = new Set<string>();
	const missing = new Set<string>();
	const families = new Set<string>();

	function family(asked: string): string {
		const name = asked.trim().replace(/^@/, '');
		const found = known.get(name.toLowerCase());
		if (found === undefined && name !== '') unknown.add(name);
		families.add(found ?? fallback);
		return found ?? fallback;
	}

	function covered(text: string, current: string): string {
		const main = faces.find((face) => face.family === current);
		if (!main) return text;
		const typesetter = typesetters.get(current) ?? createTypesetter(main, faces);
		typesetters.set(current, typesetter);
		const runs = typesetter.runs(text).map((run) => {
			families.add(run.face.family);
			return run.face.family === current ? run.text : `{\\fn${run.face.family}}${run.text}{\\fn${current}}`;
		});
		for (const character of typesetter.missing) missing.add(character);
		return runs.join('');
	}

	function dress(text: string, styleFamily: string): string {
		let current = styleFamily;
		let isDrawing = false;
		const parts = text.split(/((?<!\\)\{[^}]*\}|\\[Nnh{}])/);
		return parts.map((part, index) => {
			if (index % 2 === 0) return isDrawing || part === '' ? part : covered(part, current);
			if (!part.startsWith('{')) return part;
			return part.replace(/\\(fn|p(?=\d)|r)([^\\}]*)/g, (command, name: string, value: string) => {
				if (name === 'p') isDrawing = Number.parseInt(value, 10) > 0;
				// A style other than the line's own is rare; its font is then the line's.
				if (name === 'r' || (name === 'fn' && value.trim() === '')) current = styleFamily;
				else if (name === 'fn') current = family(value);
				return name === 'fn' ? `\\fn${current}` : command;
			});
		}).join('');
	}

	return { family, text: dress, unknown, missing, fonts: () => faces.filter((face) => families.has(face.family)) };
}
