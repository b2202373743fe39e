import { type Rgb, ffmpegColor } from '../color';
import { InvalidInput } from '../errors';
import type { VideoTrack } from '../probe';
import { chain, filter, type Chain } from './graph';
import { upright } from './picture';
import type { Size } from './sizes';

export interface SheetLimits {
	maxWidth: number;
	maxHeight: number;
	/** The square root of the number of pictures, rounded up, when absent. */
	columns?: number | undefined;
	/** Pixels between two pictures. */
	gap: number;
}

export interface Place extends Size {
	x: number;
	y: number;
}

export interface Sheet extends Size {
	/** Of each picture, in order. */
	places: Place[];
}

/** Lays pictures out in rows: cells as large as the largest, made smaller together until the sheet fits, never larger. */
export function layOut(pictures: readonly Size[], { maxWidth, maxHeight, columns: wanted, gap }: SheetLimits): Sheet {
	const columns = Math.min(wanted ?? Math.ceil(Math.sqrt(pictures.length)), pictures.length);
	const rows = Math.ceil(pictures.length / columns);
	const largest = { width: Math.max(...pictures.map(({ width }) => width)), height: Math.max(...pictures.map(({ height }) => height)) };
	const scale = Math.min(1, fitting(columns, largest.width, maxWidth, gap), fitting(rows, largest.height, maxHeight, gap));
	const cell = { width: Math.floor(largest.width * scale), height: Math.floor(largest.height * scale) };
	if (cell.width < 1 || cell.height < 1)
		throw new InvalidInput(`Expected room for ${columns} × ${rows} pictures, got ${maxWidth}×${maxHeight} pixels with ${gap} between them. Make the sheet larger or the gap smaller`, {
			code: 'sheet_too_small',
		});
	return {
		width: columns * cell.width + (columns - 1) * gap,
		height: rows * cell.height + (rows - 1) * gap,
		places: pictures.map((picture, index) => centred(picture, scale, cell, { x: (index % columns) * (cell.width + gap), y: Math.floor(index / columns) * (cell.height + gap) })),
	};
}

const fitting = (count: number, side: number, room: number, gap: number) => (room - (count - 1) * gap) / (count * side);

function centred(picture: Size, scale: number, cell: Size, corner: { x: number; y: number }): Place {
	const side = (own: number, most: number) => Math.min(most, Math.max(1, Math.round(own * scale)));
	const { width, height } = { width: side(picture.width, cell.width), height: side(picture.height, cell.height) };
	return { x: corner.x + Math.floor((cell.width - width) / 2), y: corner.y + Math.floor((cell.height - height) / 2), width, height };
}

export interface Placed {
	/** Pad of the picture, e.g. `1:v:0`. */
	from: string;
	track: Pick<VideoTrack, 'orientation'>;
	place: Place;
}

/** An empty sheet, needing no input. */
export const emptySheet = ({ width, height }: Size, background: Rgb, to: string): Chain =>
	chain([], [filter('color', { c: ffmpegColor(background), s: `${width}x${height}`, r: 25 }), filter('format', { pix_fmts: 'rgb24' })], [to]);

/** Lays pictures on a sheet; where they are transparent, the sheet is seen. */
export function placing(sheet: string, pictures: readonly Placed[], to: string): Chain[] {
	const after = (index: number) => (index === pictures.length - 1 ? to : `sheet${index + 1}`);
	return pictures.flatMap(({ from, track, place: { x, y, width, height } }, index) => [
		chain([from], [...upright(track.orientation), filter('scale', { w: width, h: height }), filter('format', { pix_fmts: 'rgba' })], [`picture${index}`]),
		chain([index === 0 ? sheet : after(index - 1), `picture${index}`], [filter('overlay', { x, y, format: 'rgb' })], [after(index)]),
	]);
}
