import { z } from 'zod/v4';
import type { FieldWords } from '../operation';
import { color } from '../vocabulary';

const side = z.number().int().min(16).max(8192);

/** How a sheet of pictures looks: the same for every operation that makes one. */
export const sheetShape = {
	maxWidth: side.default(1920),
	maxHeight: side.default(1080),
	columns: z.number().int().min(1).max(500).optional(),
	gap: z.number().int().min(0).max(500).default(0),
	background: color().default('#ffffff'),
};

export const sheetWords = (when?: FieldWords['when']) => {
	const shared = { advanced: true, ...(when && { when }) };
	return {
		maxWidth: { label: 'Max Width', hint: 'Of the sheet, in pixels. The pictures are made smaller until it fits, never larger', ...shared },
		maxHeight: { label: 'Max Height', hint: 'Of the sheet, in pixels', ...shared },
		columns: { label: 'Columns', hint: 'Leave empty for about as many columns as rows', start: 3, ...shared },
		gap: { label: 'Gap', hint: 'Between two pictures, in pixels', ...shared },
		background: { label: 'Background Color', hint: 'Seen in gaps, beside smaller pictures and through transparent ones', ...shared },
	};
};
