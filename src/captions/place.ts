import type { CaptionStyle } from './style';

/** Where captions stand in a picture, in its pixels. */
export interface Place {
	/** Numeric keypad position, as in ASS. */
	alignment: number;
	marginLeft: number;
	marginRight: number;
	/** Room for a line between the margins. */
	lineWidth: number;
	/** Margin from the top, or from the bottom for the lower anchors, of a caption of so many lines. */
	marginVertical(lines: number): number;
}

const rows = { top: 20, center: 45, bottom: 75 } as const;
const columns = { left: 5, center: 50, right: 95 } as const;

/** Percent of the width kept free at the sides. */
const edge = 5;

interface Room {
	width: number;
	height: number;
	fontSize: number;
	/** How far stroke or box reach beyond the text. */
	bleed: number;
}

/** Margins and an alignment instead of a fixed point: so long lines wrap inside of the picture. */
export function placeOf({ position, x, y }: Pick<CaptionStyle, 'position' | 'x' | 'y'>, size: Room): Place {
	const row = position.startsWith('top') ? 'top' : position.startsWith('bottom') ? 'bottom' : 'center';
	const column = position.endsWith('left') ? 'left' : position.endsWith('right') ? 'right' : 'center';
	const [left, right] = sides(column, x ?? columns[column]);
	const margin = (percent: number) => Math.round(Math.max((size.width * percent) / 100, size.bleed));
	const margins = { marginLeft: margin(left), marginRight: margin(right) };
	const held = ((y ?? rows[row]) / 100) * size.height;
	return {
		// Captions held at their middle get a margin from the top that follows their height.
		alignment: (row === 'bottom' ? 1 : 7) + { left: 0, center: 1, right: 2 }[column],
		...margins,
		lineWidth: size.width - margins.marginLeft - margins.marginRight,
		marginVertical(lines) {
			const height = lines * size.fontSize;
			const wanted = row === 'top' ? held : row === 'bottom' ? size.height - held : held - height / 2;
			return Math.round(Math.max(Math.min(size.bleed, size.height / 4), Math.min(wanted, size.height - height - size.bleed)));
		},
	};
}

/** Margins in percent; at least a fifth of the width is left for the text. */
function sides(column: keyof typeof columns, x: number): [left: number, right: number] {
	if (column === 'left') return [Math.min(x, 80 - edge), edge];
	if (column === 'right') return [edge, Math.min(100 - x, 80 - edge)];
	const middle = Math.min(Math.max(x, edge + 10), 90 - edge);
	const half = Math.min(middle, 100 - middle) - edge;
	return [middle - half, 100 - middle - half];
}
