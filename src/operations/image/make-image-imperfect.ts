import { z } from 'zod/v4';
import { pictureIn } from '../../ffmpeg/brought';
import { drawSheet } from '../../ffmpeg/draw-sheet';
import { chain, printGraph } from '../../ffmpeg/graph';
import { fromRgb, pictureOptions, rawInput } from '../../ffmpeg/picture-file';
import { layOut } from '../../ffmpeg/sheet';
import type { Size } from '../../ffmpeg/sizes';
import { brightnessOf, makeImperfect, margin, type Imperfection } from '../../image/imperfect';
import { legacyFile } from '../../legacy-result';
import { defineOperation } from '../../operation';
import type { Job } from '../../runtime';
import { media, producedFile } from '../../vocabulary';

const factor = z.number().min(0).max(2).optional();

export const makeImageImperfect = defineOperation({
	name: 'make_image_imperfect',
	group: 'image',
	title: 'Make Image Imperfect',
	action: 'Make an image imperfect',
	summary: 'Make a picture look less like one from a machine: grain, a warm tone, softness and a fringe of colour',
	legacy: { fields: { enhanceColor: 'color', enhanceContrast: 'contrast', noiseStrength: 'noise' }, result: ({ image }) => legacyFile(image) },
	input: z.object({
		image: media('image'),
		color: factor,
		contrast: factor,
		noise: z.number().int().min(0).max(100).default(15),
		seed: z.number().int().min(0).max(2 ** 32 - 1).optional(),
	}),
	output: z.object({ image: producedFile, seed: z.number().int() }),
	fields: {
		image: { label: 'Image' },
		noise: { label: 'Noise', hint: 'How much lighter or darker a pixel may become, of 255. 0 is no grain' },
		color: { label: 'Color', hint: '0 is grey, 1 leaves the colors as they are, 2 doubles them', start: 1, advanced: true },
		contrast: { label: 'Contrast', hint: '0 is all one grey, 1 leaves it as it is, 2 doubles it', start: 1, advanced: true },
		seed: { label: 'Seed', hint: 'The same seed gives the same grain. Leave empty for another one each time', advanced: true },
	},
	example: { image: { file: 'picture.png' } },
	async run({ image, seed = Math.floor(Math.random() * 2 ** 32), ...wanted }, job) {
		const { path, track } = await pictureIn(image, 'image', job);
		const size: Size = { width: track.width, height: track.height };
		const sheet = layOut([size], { maxWidth: size.width, maxHeight: size.height, gap: 0 });
		const raw = job.files.path('picture.rgb');
		// A picture alone on a white sheet: turned upright, and no longer transparent.
		await drawSheet({ pictures: [{ path, track }], sheet, background: { r: 255, g: 255, b: 255 }, format: 'raw', output: raw }, { ...job, progress: () => undefined });
		const changed = await imperfect(raw, size, { ...wanted, seed }, job);
		const output = job.files.path('imperfect.jpg');
		await job.ffmpeg.render({
			inputs: [rawInput(changed, size)],
			filter: printGraph([chain(['0:v'], [fromRgb.jpg], ['picture'])]),
			options: ['-map', '[picture]', '-frames:v', '1', ...pictureOptions('jpg')],
			output,
		});
		return { image: await job.files.result(output, { fileName: 'imperfect.jpg', ...size }), seed };
	},
});

/** Bytes that are worked on at once, so that a large picture neither fills the memory nor keeps everything else waiting. */
const stripBytes = 3_000_000;

async function imperfect(raw: string, { width, height }: Size, how: Imperfection, { files, signal, progress }: Job): Promise<string> {
	const row = width * 3;
	const rows = Math.max(1, Math.floor(stripBytes / row));
	const read = async (from: number, to: number) => new Uint8ClampedArray(await files.read(raw, from * row, (to - from) * row));

	let brightness = 0;
	if (how.contrast !== undefined) for (let from = 0; from < height; from += rows) brightness += brightnessOf(await read(from, Math.min(height, from + rows)), how.color);
	const mean = brightness / (width * height);

	const path = files.path('imperfect.rgb');
	for (let from = 0; from < height; from += rows) {
		signal.throwIfAborted();
		const to = Math.min(height, from + rows);
		const firstRow = Math.max(0, from - margin);
		const pixels = makeImperfect({ width, pixels: await read(firstRow, Math.min(height, to + margin)) }, how, { mean, firstRow });
		await files.append(path, new Uint8Array(pixels.buffer, (from - firstRow) * row, (to - from) * row));
		progress(to / height, 'Adding the grain');
	}
	return path;
}
