import { InvalidInput } from '../errors';
import type { FontFace } from '../runtime';
import { parseAss } from './ass';
import { textLines, toSegments } from './cue';
import { missingGlyphs, type Drawing } from './drawing';
import { printSrt } from './srt';
import { printVtt } from './vtt';

const maxCharacters = 2_000_000;

/** Sections that draw something; the others carry files (fonts, pictures) or notes of an editor. */
const keptSections = /^\[(?:Script Info|V4\+? Styles|Events)\]$/i;

/** Draws an ASS file of a user with its own looks. What it embeds is left out; families that are not known become `fallback`. */
export function drawUserAss({ ass, faces, fallback = 'Inter', field = 'captions' }: { ass: string; faces: readonly FontFace[]; fallback?: string; field?: string }): Drawing {
	if (ass.length > maxCharacters)
		throw new InvalidInput(`${field}: Expected an ASS file of at most ${maxCharacters} characters, got ${ass.length}`, { field, code: 'captions_too_long' });
	const segments = toSegments(parseAss(ass));
	const kept = keepSections(textLines(ass));
	const known = new Map(faces.map((face) => [face.family.toLowerCase(), face.family]));
	const unknown = new Set<string>();
	const families = new Set<string>();
	const family = (asked: string) => {
		const found = known.get(asked.trim().replace(/^@/, '').toLowerCase());
		if (found === undefined && asked.trim() !== '') unknown.add(asked.trim());
		families.add(found ?? fallback);
		return found ?? fallback;
	};
	const text = renameFonts(kept.lines, family).join('\n');
	const fonts = faces.filter((face) => families.has(face.family));
	return {
		ass: `${text}\n`,
		fonts,
		warnings: [
			...(kept.dropped.size > 0 ? [`Left out of the ASS file: ${[...kept.dropped].join(', ')}`] : []),
			...(unknown.size > 0 ? [`Drawn in ${fallback}, because they are not installed: ${[...unknown].join(', ')}`] : []),
			...missingGlyphs(uncovered(segments.map((segment) => segment.text).join(''), fonts)),
		],
		srt: printSrt(segments),
		vtt: printVtt(segments),
	};
}

function keepSections(lines: readonly string[]): { lines: string[]; dropped: Set<string> } {
	const dropped = new Set<string>();
	const kept: string[] = [];
	let isKept = true;
	for (const line of lines) {
		const section = /^\s*(\[[^\]\r\n]+\])\s*$/.exec(line)?.[1];
		if (section !== undefined) {
			isKept = keptSections.test(section);
			if (!isKept) dropped.add(section);
		}
		if (isKept) kept.push(line);
	}
	return { lines: kept, dropped };
}

/** Rewrites the family in `Style:` lines and in `\fn` commands. */
function renameFonts(lines: readonly string[], family: (asked: string) => string): string[] {
	let column = 1;
	let isStyles = false;
	return lines.map((line) => {
		if (line.trim().startsWith('[')) isStyles = /styles/i.test(line);
		const [, kind, rest] = /^\s*(Format|Style|Dialogue)\s*:(.*)$/i.exec(line) ?? [];
		if (kind === undefined || rest === undefined) return line;
		const values = rest.split(',');
		if (isStyles && /format/i.test(kind)) column = Math.max(0, values.findIndex((value) => value.trim().toLowerCase() === 'fontname'));
		if (isStyles && /style/i.test(kind)) return `Style:${values.map((value, index) => (index === column ? family(value) : value)).join(',')}`;
		return /dialogue/i.test(kind) ? line.replace(/\\fn([^\\}]*)/g, (_, asked: string) => `\\fn${asked.trim() === '' ? '' : family(asked)}`) : line;
	});
}

function uncovered(text: string, fonts: readonly FontFace[]): Set<string> {
	const isDrawn = (character: string) => !/[\p{Cc}\s]|\p{Default_Ignorable_Code_Point}/u.test(character);
	return new Set(Array.from(new Set(text)).filter((character) => isDrawn(character) && !fonts.some((face) => face.covers(character.codePointAt(0) ?? 0))));
}
