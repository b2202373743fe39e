import { listFonts } from '../../../../src/operations/video/list-fonts';
import type { Job } from '../../../../src/runtime';
import { bundledFaces, tinyFace } from '../../../support/fonts';

describe('list_fonts', () => {
	it('names each family once, with its styles and scripts', async () => {
		const faces = [...bundledFaces(), tinyFace({ family: 'Smile', characters: '😀😂👍🎉', italic: true })];
		const job = { fonts: { faces: async () => faces } } as unknown as Job;
		expect(listFonts.output.parse(await listFonts.run({}, job))).toEqual({
			fonts: [
				{ family: 'Inter', styles: ['regular', 'bold'], scripts: ['Latin', 'Greek', 'Cyrillic'], bundled: true },
				{ family: 'Smile', styles: ['italic'], scripts: ['Emoji'], bundled: false },
			],
		});
	});
});
