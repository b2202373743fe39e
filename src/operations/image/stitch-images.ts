import { z } from 'zod/v4';
import { atOnce } from '../../at-once';
import { parseColor } from '../../color';
import { pictureIn } from '../../ffmpeg/brought';
import { drawSheet } from '../../ffmpeg/draw-sheet';
import { pictureFormats, pictureFormatTitles } from '../../ffmpeg/picture-file';
import { layOut } from '../../ffmpeg/sheet';
import { sheetShape, sheetWords } from '../../ffmpeg/sheet-fields';
import { legacyFile } from '../../legacy-result';
import { defineOperation } from '../../operation';
import { media, producedFile } from '../../vocabulary';

export const stitchImages = defineOperation({
	name: 'stitch_images',
	group: 'image',
	title: 'Stitch Images',
	action: 'Stitch images into one',
	summary: 'Put pictures beside and below each other on one sheet, in their order',
	legacy: { result: ({ image }) => legacyFile(image) },
	input: z.object({
		images: z.array(media('image')).min(1).max(100),
		...sheetShape,
		format: z.enum(pictureFormats).default('jpg'),
	}),
	output: z.object({ image: producedFile }),
	fields: {
		images: { label: 'Images', hint: 'Up to 100 pictures, row by row from the top left' },
		...sheetWords(),
		format: { label: 'Format', choices: pictureFormatTitles, advanced: true },
	},
	example: { images: [{ file: 'one.png' }, { file: 'two.jpg' }] },
	async run({ images, background, format, ...limits }, job) {
		const color = parseColor(background, 'background');
		const pictures = await atOnce(2, images, (image, index) => pictureIn(image, `images.${index}`, job));
		const sheet = layOut(pictures.map(({ track }) => track), limits);
		const fileName = `stitched.${format}`;
		const output = job.files.path(fileName);
		await drawSheet({ pictures, sheet, background: color, format, output }, job);
		return { image: await job.files.result(output, { fileName, width: sheet.width, height: sheet.height }) };
	},
});
