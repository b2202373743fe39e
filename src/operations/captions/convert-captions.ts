import { z } from 'zod/v4';
import type { Cue } from '../../captions/cue';
import { drawCaptions } from '../../captions/draw';
import { givenCaptions } from '../../captions/given';
import { captionFormats, captionSource } from '../../captions/read';
import { makeCaptions, toCues } from '../../captions/segments';
import { shiftTimes } from '../../captions/shift';
import { printSrt } from '../../captions/srt';
import { captionStyle } from '../../captions/style';
import { printVtt } from '../../captions/vtt';
import { splitGraphemes } from '../../fonts/typeset';
import { defineOperation } from '../../operation';
import type { Job } from '../../runtime';
import { segment, word, type Segment } from '../../vocabulary';

const targets = ['srt', 'vtt', 'ass', 'words', 'text'] as const;

/** A line of subtitles that is comfortable to read, and two of them at once: the custom of broadcasters. */
const usual = { lines: 2, lineLength: 42 };

export const convertCaptions = defineOperation({
	name: 'convert_captions',
	group: 'speech',
	title: 'Convert Captions',
	action: 'Convert captions',
	summary: 'Turn words, SRT, VTT or ASS captions into another of these or into plain text, with other lines or moved in time',
	input: z.object({
		captions: captionSource,
		to: z.enum(targets).default('srt'),
		lines: z.number().int().min(1).max(5).optional(),
		lineLength: z.number().int().min(1).max(200).optional(),
		offset: z.number().min(-86_400).max(86_400).default(0),
		scale: z.number().min(0.1).max(10).default(1),
	}),
	output: z.object({ captions: z.string(), format: z.enum(targets), sourceFormat: z.enum(captionFormats), segments: z.array(segment), words: z.array(word) }),
	fields: {
		captions: { label: 'Captions', hint: 'Words with their times, or the text of an SRT, VTT or ASS file, or such a file' },
		to: { label: 'To', choices: { srt: 'SRT', vtt: 'WebVTT', ass: 'ASS', words: 'Words (JSON)', text: 'Plain Text' } },
		lines: { label: 'Lines', hint: 'Most lines of one caption; empty keeps the captions of a file, and means 2 for words', start: 2, advanced: true },
		lineLength: { label: 'Line Length', hint: 'Most characters in a line; empty keeps the captions of a file, and means 42 for words', start: 42, advanced: true },
		offset: { label: 'Offset', hint: 'Seconds by which the captions come later; negative for earlier', advanced: true },
		scale: { label: 'Time Scale', hint: 'Factor on all times before the offset, e.g. 0.959 from 24 to 25 frames a second', advanced: true },
	},
	example: { captions: '1\n00:00:00,500 --> 00:00:02,000\nHello brave new world.\n', to: 'vtt' },
	async run({ captions, to, lines, lineLength, offset, scale }, job) {
		const { format: sourceFormat, segments: read } = await givenCaptions(captions, job, 'captions');
		const { segments, left } = shiftTimes(read, { scale, offset });
		if (left > 0) job.warn(`${left} ${left === 1 ? 'caption' : 'captions'} would end before the beginning and ${left === 1 ? 'is' : 'are'} left out`);
		const isKept = sourceFormat !== 'words' && lines === undefined && lineLength === undefined;
		const rules = { lines: lines ?? usual.lines, lineLength: lineLength ?? usual.lineLength };
		const cues = isKept ? segments : reflow(segments, rules);
		const words = segments.flatMap((one) => one.words);
		const print = { srt: () => printSrt(cues), vtt: () => printVtt(cues), ass: () => printAss(segments, rules, job), words: () => JSON.stringify(words), text: () => plainText(cues) };
		return { captions: await print[to](), format: to, sourceFormat, segments, words };
	},
});

function reflow(segments: readonly Segment[], { lines, lineLength }: typeof usual): Cue[] {
	return toCues(makeCaptions(segments, { lines, fits: (text) => splitGraphemes(text).length <= lineLength }));
}

const plainText = (cues: readonly Cue[]) => `${cues.map(({ text }) => text).join('\n')}\n`;

/** In the default style, for an upright picture of 1080 × 1920. */
async function printAss(segments: readonly Segment[], rules: typeof usual, job: Job): Promise<string> {
	const style = captionStyle.parse({ ...rules, fontSize: 60 });
	const drawing = drawCaptions({ captions: { segments }, style, width: 1080, height: 1920, duration: Infinity, faces: await job.fonts.faces() });
	for (const warning of drawing.warnings) job.warn(warning);
	return drawing.ass;
}
