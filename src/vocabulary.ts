import { z } from 'zod/v4';
import { show } from './explain';

/** The words that all operations share, as schemas. Seconds everywhere; keys in camelCase. */

export type MediaKind = 'video' | 'audio' | 'image' | 'any';

/** Where a file comes from: exactly one of `url`, `key` (in the configured bucket), `base64`, or, on the private channel only, `file`. */
export interface Media {
	url?: string | undefined;
	key?: string | undefined;
	bucket?: string | undefined;
	base64?: string | undefined;
	file?: string | undefined;
	fileName?: string | undefined;
	mimeType?: string | undefined;
}

export const mediaForms = ['url', 'key', 'base64', 'file'] as const;

const text = z.string().min(1).optional();

/** A reference to a file that goes into an operation. */
export function media(kind: MediaKind): z.ZodType<Media> {
	return z
		.strictObject({ url: text, key: text, bucket: text, base64: text, file: text, fileName: text, mimeType: text })
		.refine((value) => mediaForms.filter((form) => value[form] !== undefined).length === 1, {
			error: ({ input }) => `Expected exactly one of url, key, base64 (a data URL is fine), got ${show(input)}. Give one, and remove the others`,
		})
		.meta({ media: kind });
}

/** A colour as users write it: `#rgb`, `#rrggbb`, `0xrrggbb` or a CSS name. Parsed by src/color.ts where it is used. */
export const color = () =>
	z
		.string()
		.regex(/^(#[0-9a-f]{3}|#[0-9a-f]{6}|0x[0-9a-f]{6}|[a-z]{3,24})$/i, 'Expected a colour such as #ff8800 or red')
		.meta({ color: true });

/** A time or length in seconds, rounded to 1 ms. */
export const seconds = z.number().nonnegative();

export const word = z.object({ text: z.string(), start: seconds, end: seconds });
export type Word = z.infer<typeof word>;

export const segment = z.object({ text: z.string(), start: seconds, end: seconds, words: z.array(word) });
export type Segment = z.infer<typeof segment>;

/** A file that an operation made. Exactly one of `file`, `key`, `url`, `base64` tells where it is, once it is delivered. */
export const producedFile = z
	.object({
		fileName: z.string(),
		mimeType: z.string(),
		size: z.number().int(),
		duration: seconds.optional(),
		width: z.number().int().optional(),
		height: z.number().int().optional(),
		file: z.string().optional(),
		key: z.string().optional(),
		url: z.string().optional(),
		base64: z.string().optional(),
	})
	.meta({ produced: true });
export type ProducedFile = z.infer<typeof producedFile>;

export const devices = ['cpu', 'cuda', 'auto'] as const;
export const precisions = ['fp32', 'fp16', 'q8', 'q4'] as const;
/** How forms call them. */
export const deviceTitles = { cpu: 'CPU', cuda: 'CUDA (NVIDIA GPU)', auto: 'Automatic' };
export const precisionTitles = { fp32: 'FP32 (Largest)', fp16: 'FP16', q8: 'Q8', q4: 'Q4 (Smallest)' };
export type Device = (typeof devices)[number];
export type Precision = (typeof precisions)[number];

/** What really ran. `realTimeFactor` = inference seconds per second of audio. */
export const engine = z.object({
	name: z.string(),
	model: z.string(),
	/** The commit of the model's repository, where it is known. */
	revision: z.string().optional(),
	precision: z.string(),
	device: z.string(),
	provider: z.string(),
	loadSeconds: z.number(),
	inferenceSeconds: z.number(),
	realTimeFactor: z.number(),
});
export type Engine = z.infer<typeof engine>;

export const milliseconds = (value: number) => Math.round(value * 1000) / 1000;
