import { z } from 'zod/v4';
import { defineOperation } from '../../operation';
import type { FontFace } from '../../runtime';

const styles = ['regular', 'bold', 'italic', 'bold italic'] as const;
const font = z.object({ family: z.string(), styles: z.array(z.enum(styles)), scripts: z.array(z.string()), bundled: z.boolean() });

export const listFonts = defineOperation({
	name: 'list_fonts',
	group: 'video',
	title: 'Get Many Fonts',
	action: 'Get many fonts',
	summary: 'List the fonts that captions can be drawn with, and the scripts each of them has',
	legacy: { result: ({ fonts }) => ({ total_count: fonts.length }) },
	input: z.object({}),
	output: z.object({ fonts: z.array(font) }),
	fields: {},
	example: {},
	async run(_, job) {
		const families = new Map<string, FontFace[]>();
		for (const face of await job.fonts.faces()) families.set(face.family, [...(families.get(face.family) ?? []), face]);
		return { fonts: Array.from(families, ([family, faces]) => describe(family, faces)) };
	},
});

function describe(family: string, faces: readonly FontFace[]): z.input<typeof font> {
	const found = new Set(faces.map(({ bold, italic }) => (bold ? (italic ? 'bold italic' : 'bold') : italic ? 'italic' : 'regular')));
	return {
		family,
		styles: styles.filter((style) => found.has(style)),
		scripts: [...new Set(faces.flatMap((face) => face.scripts))],
		bundled: faces.some((face) => face.bundled),
	};
}
