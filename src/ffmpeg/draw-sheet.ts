import type { Rgb } from '../color';
import type { VideoTrack } from '../probe';
import type { Job, Render } from '../runtime';
import { chain, filter, printGraph } from './graph';
import { stillInput } from './picture';
import { fromRgb, pictureOptions, rawInput, rawOptions, type PictureFormat } from './picture-file';
import { emptySheet, placing, type Place, type Sheet } from './sheet';

export interface SheetPicture {
	path: string;
	track: VideoTrack;
}

export interface DrawnSheet {
	pictures: readonly SheetPicture[];
	sheet: Sheet;
	background: Rgb;
	/** `raw`: pixels of three bytes. */
	format: PictureFormat | 'raw';
	output: string;
}

/** What one run of ffmpeg may decode at once: its memory is 4 bytes a pixel and more. */
const mostAtOnce = { pixels: 40_000_000, pictures: 25 };

/** Draws a sheet in one run, or in several that each lay more pictures on it. */
export async function drawSheet({ pictures, sheet, background, format, output }: DrawnSheet, { files, ffmpeg, progress }: Pick<Job, 'files' | 'ffmpeg' | 'progress'>): Promise<void> {
	const parts = inParts(pictures.map((picture, index) => ({ ...picture, place: sheet.places[index] as Place })));
	let before: string | undefined;
	for (const [index, part] of parts.entries()) {
		const isEnd = index === parts.length - 1;
		const path = isEnd ? output : files.path('sheet.rgb');
		await ffmpeg.render({ ...laying(part, before, { sheet, background, format: isEnd ? format : 'raw' }), output: path });
		before = path;
		progress((index + 1) / parts.length, 'Drawing the sheet');
	}
}

type PlacedPicture = SheetPicture & { place: Place };

function laying(part: readonly PlacedPicture[], before: string | undefined, { sheet, background, format }: Pick<DrawnSheet, 'sheet' | 'background' | 'format'>): Omit<Render, 'output'> {
	const first = before === undefined ? 0 : 1;
	const placed = part.map(({ track, place }, index) => ({ from: `${index + first}:${track.index}`, track, place }));
	const pixels = format === 'raw' ? filter('format', { pix_fmts: 'rgb24' }) : fromRgb[format];
	return {
		inputs: [...(before === undefined ? [] : [rawInput(before, sheet)]), ...part.map(({ path }) => stillInput(path))],
		filter: printGraph([...(before === undefined ? [emptySheet(sheet, background, 'empty')] : []), ...placing(before === undefined ? 'empty' : '0:v', placed, 'full'), chain(['full'], [pixels], ['sheet'])]),
		options: ['-map', '[sheet]', '-frames:v', '1', ...(format === 'raw' ? rawOptions : pictureOptions(format))],
	};
}

function inParts<T extends SheetPicture>(pictures: readonly T[]): T[][] {
	const parts: T[][] = [];
	let pixels = Infinity;
	for (const picture of pictures) {
		const own = picture.track.codedWidth * picture.track.codedHeight;
		const part = parts.at(-1);
		if (part === undefined || pixels + own > mostAtOnce.pixels || part.length === mostAtOnce.pictures) {
			parts.push([picture]);
			pixels = own;
		} else {
			part.push(picture);
			pixels += own;
		}
	}
	return parts;
}
