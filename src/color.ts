import { cssColors } from './css-colors';
import { InvalidInput } from './errors';

/** Each part 0 to 255. */
export interface Rgb {
	r: number;
	g: number;
	b: number;
}

/** Reads `#rgb`, `#rrggbb`, `0xrrggbb` or a CSS name. No other text ever reaches a filter graph or a caption file. */
export function parseColor(text: string, field?: string): Rgb {
	const value = numberOf(text.trim().toLowerCase());
	if (value === undefined)
		throw new InvalidInput(`${field ? `${field}: ` : ''}Expected a colour such as #ff8800, 0xff8800 or a CSS name such as red, got ${JSON.stringify(text.slice(0, 60))}. Enter it in one of these forms`, {
			...(field !== undefined && { field }),
		});
	return { r: value >> 16, g: (value >> 8) & 0xff, b: value & 0xff };
}

/** As `parseColor`, but `green` is the pure green of chroma screens; CSS `green` is half as bright and would key nothing. */
export const parseKeyColor = (text: string, field?: string): Rgb =>
	text.trim().toLowerCase() === 'green' ? { r: 0, g: 0xff, b: 0 } : parseColor(text, field);

function numberOf(text: string): number | undefined {
	const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/.exec(text);
	const digits = short ? short.slice(1).map((digit) => digit + digit).join('') : /^(?:#|0x)([0-9a-f]{6})$/.exec(text)?.[1];
	if (digits !== undefined) return parseInt(digits, 16);
	return Object.hasOwn(cssColors, text) ? cssColors[text] : undefined;
}

const hex = (value: number) => value.toString(16).toUpperCase().padStart(2, '0');

/** `&HAABBGGRR`, where AA is transparency: 00 is opaque. `opacity` 0 to 1. */
export const assColor = ({ r, g, b }: Rgb, opacity = 1) => `&H${assAlpha(opacity)}${hex(b)}${hex(g)}${hex(r)}`;

/** The transparency byte of ASS: 255 − opacity. */
export const assAlpha = (opacity: number) => hex(255 - Math.round(opacity * 255));

export const ffmpegColor = ({ r, g, b }: Rgb) => `0x${hex(r)}${hex(g)}${hex(b)}`;
