import { z } from 'zod/v4';
import type { Fields } from '../operation';
import { color } from '../vocabulary';

export const captionEffects = ['none', 'word_by_word', 'karaoke', 'highlight', 'underline'] as const;
export const captionPositions = ['top_left', 'top', 'top_right', 'left', 'center', 'right', 'bottom_left', 'bottom', 'bottom_right'] as const;

const opacity = z.number().min(0).max(1);
const percent = z.number().min(0).max(100);

const shadow = z.object({ color: color().default('#000'), opacity: opacity.default(0.4), blur: z.number().min(0).max(20).default(10) });
const stroke = z.object({ color: color().default('#000'), size: z.number().min(0).max(20).default(5) });
const box = z.object({ color: color().default('#000'), opacity: opacity.default(0.6), padding: z.number().min(0).max(200).default(20) });
const replacement = z.object({ from: z.string().trim().min(1).max(200), to: z.string().max(200).default('') });

/** How captions look, in every operation that draws them. Lengths are pixels of a picture 1080 wide and scale with the width. */
export const captionStyle = z.object({
	lines: z.number().int().min(1).max(5).default(1),
	lineLength: z.number().int().min(0).max(200).default(0),
	fontSize: z.number().min(8).max(400).default(120),
	font: z.string().trim().min(1).max(100).default('Inter'),
	bold: z.boolean().default(true),
	italic: z.boolean().default(false),
	color: color().default('#fff'),
	position: z.enum(captionPositions).default('bottom'),
	x: percent.optional(),
	y: percent.optional(),
	effect: z.enum(captionEffects).default('none'),
	highlightColor: color().default('#ffd400'),
	shadow: shadow.default(shadow.parse({})),
	stroke: stroke.default(stroke.parse({})),
	box: z.union([z.literal(false), box]).default(false),
	uppercase: z.boolean().default(false),
	replace: z.array(replacement).max(1000).default([]),
	hidePunctuation: z.boolean().default(false),
});
export type CaptionStyle = z.output<typeof captionStyle>;

const opacityHint = 'From 0 (invisible) to 1 (solid)';

export const captionStyleFields: Fields<typeof captionStyle.shape> = {
	font: { label: 'Font', hint: 'A family that Get Many Fonts lists; characters it lacks are drawn with other installed fonts' },
	fontSize: { label: 'Font Size', hint: 'In pixels for a picture 1080 wide; it grows and shrinks with the width of the picture' },
	color: { label: 'Color', placeholder: 'e.g. #ffffff or white' },
	position: {
		label: 'Position',
		hint: 'Which edge or corner of the text is held where; top, center and bottom are at 20, 45 and 75 % of the height',
		choices: {
			top_left: 'Top Left',
			top: 'Top',
			top_right: 'Top Right',
			left: 'Left',
			center: 'Center',
			right: 'Right',
			bottom_left: 'Bottom Left',
			bottom: 'Bottom',
			bottom_right: 'Bottom Right',
		},
	},
	effect: {
		label: 'Effect',
		hint: 'How the word that is being spoken is shown',
		choices: {
			none: 'None',
			word_by_word: 'One Word at a Time',
			karaoke: 'Karaoke (Fill With Color)',
			highlight: 'Highlight Spoken Word',
			underline: 'Underline Spoken Word',
		},
	},
	highlightColor: { label: 'Highlight Color', hint: 'For karaoke and highlight', placeholder: 'e.g. #ffd400 or gold', when: { effect: ['karaoke', 'highlight'] } },
	lines: { label: 'Lines', hint: 'Most lines of one caption', advanced: true },
	lineLength: { label: 'Line Length', hint: 'Most characters in a line; 0 fills the width of the picture', advanced: true },
	bold: { label: 'Bold', hint: 'Whether to draw the text bold', advanced: true },
	italic: { label: 'Italic', hint: 'Whether to draw the text slanted', advanced: true },
	x: { label: 'X', hint: 'Where the held edge is, in percent of the width; empty means 5, 50 or 95 by the position', start: 50, advanced: true },
	y: { label: 'Y', hint: 'Where the held edge is, in percent of the height; empty means 20, 45 or 75 by the position', start: 75, advanced: true },
	stroke: {
		label: 'Stroke',
		hint: 'The line around the letters',
		advanced: true,
		fields: {
			color: { label: 'Stroke Color' },
			size: { label: 'Stroke Size', hint: 'In pixels at 1080 wide; 0 draws none' },
		},
	},
	shadow: {
		label: 'Shadow',
		advanced: true,
		fields: {
			color: { label: 'Shadow Color' },
			opacity: { label: 'Shadow Opacity', hint: opacityHint },
			blur: { label: 'Shadow Blur', hint: 'In pixels at 1080 wide; 0 gives a sharp edge' },
		},
	},
	box: {
		label: 'Box',
		hint: 'Whether to draw a box behind the text',
		advanced: true,
		fields: {
			color: { label: 'Box Color' },
			opacity: { label: 'Box Opacity', hint: opacityHint },
			padding: { label: 'Box Padding', hint: 'Space around the text, in pixels at 1080 wide' },
		},
	},
	uppercase: { label: 'Uppercase', hint: 'Whether to show all letters as capitals', advanced: true },
	replace: {
		label: 'Replace',
		hint: 'Words to show otherwise than they are spoken; what they are replaced with may be empty',
		advanced: true,
		fields: {
			from: { label: 'From', hint: 'One or more whole words; capitals and small letters count as the same' },
			to: { label: 'To' },
		},
	},
	hidePunctuation: { label: 'Hide Punctuation', hint: 'Whether to leave out full stops, commas and the like', advanced: true },
};
