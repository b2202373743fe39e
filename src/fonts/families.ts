import { InvalidInput } from '../errors';
import type { FontFace } from '../runtime';

export interface FaceStyle {
	bold: boolean;
	italic: boolean;
}

/** The face of a family that is nearest to a style. Throws InvalidInput naming the known families. */
export function findFace(faces: readonly FontFace[], family: string, style: FaceStyle, field: string): FontFace {
	const [nearest] = faces
		.filter((face) => face.family.toLowerCase() === family.trim().toLowerCase())
		.sort((a, b) => distance(a, style) - distance(b, style));
	if (!nearest) throw new InvalidInput(`${field}: Expected a font that is bundled or installed (${known(faces)}), got ${JSON.stringify(family)}. Take one of them; Get Many Fonts (list_fonts) tells them all`, { field, code: 'unknown_font' });
	return nearest;
}

const distance = (face: FontFace, { bold, italic }: FaceStyle) => 2 * Number(face.bold !== bold) + Number(face.italic !== italic);

/** The first 40 families: a machine may have a thousand. */
function known(faces: readonly FontFace[]): string {
	const families = [...new Set(faces.map((face) => face.family))];
	const rest = families.length > 40 ? ` and ${families.length - 40} more` : '';
	return families.slice(0, 40).join(', ') + rest || 'none is';
}
