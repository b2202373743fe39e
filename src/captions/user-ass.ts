import { InvalidInput } from '../errors';
import type { FontFace } from '../runtime';
import { parseAss } from './ass';
import { textLines, toSegments } from './cue';
import { missingGlyphs, type Drawing } from './drawing';
import { printSrt } from './srt';
import { createFontDresser, type FontDresser } from './user-fonts';
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
	const dresser = createFontDresser(faces, fallback);
	const lines = dressLines(kept.lines, dresser);
	return {
		ass: `${lines.join('\n')}\n`,
		fonts: dresser.fonts(),
		warnings: [
			...(kept.dropped.size > 0 ? [`Left out of the ASS file: ${[...kept.dropped].join(', ')}`] : []),
			...(dresser.unknown.size > 0 ? [`Drawn in ${fallback}, because they are not installed: ${[...dresser.unknown].join(', ')}`] : []),
			...missingGlyphs(dresser.missing),
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

/** Rewrites the families of `Style:` lines and the texts of `Dialogue:` lines, by the columns that `Format:` names. */
function dressLines(lines: readonly string[], dresser: FontDresser): string[] {
	const families = new Map<string, string>();
	let columns: string[] = [];
	return lines.map((line) => {
		const [, kind = '', rest = ''] = /^\s*(Format|Style|Dialogue)\s*:(.*)$/i.exec(line) ?? [];
		const values = rest.split(',');
		const at = (name: string) => columns.indexOf(name);
		const value = (name: string) => (values[at(name)] ?? '').trim();
		switch (kind.toLowerCase()) {
			case 'format':
				columns = values.map((name) => name.trim().toLowerCase());
				return line;
			case 'style':
				families.set(value('name'), dresser.family(value('fontname')));
				return `Style:${values.map((one, index) => (index === at('fontname') ? families.get(value('name')) : one)).join(',')}`;
			case 'dialogue': {
				const before = values.slice(0, columns.length - 1);
				const family = families.get(value('style').replace(/^\*/, '')) ?? families.get('Default') ?? dresser.family('Arial');
				return `Dialogue:${[...before, dresser.text(values.slice(columns.length - 1).join(','), family)].join(',')}`;
			}
			default:
				return line;
		}
	});
}
