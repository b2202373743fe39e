import { z } from 'zod/v4';
import { atOnce } from '../../at-once';
import { parseColor } from '../../color';
import { drawSheet } from '../../ffmpeg/draw-sheet';
import { takeFrame } from '../../ffmpeg/frame';
import { pictureIn, videoIn } from '../../ffmpeg/brought';
import { pictureFormats, pictureFormatTitles, type PictureFormat } from '../../ffmpeg/picture-file';
import { toNumber } from '../../ffmpeg/rational';
import { layOut } from '../../ffmpeg/sheet';
import { sheetShape, sheetWords } from '../../ffmpeg/sheet-fields';
import type { Size } from '../../ffmpeg/sizes';
import { defineOperation } from '../../operation';
import { within } from '../../progress';
import type { VideoTrack } from '../../probe';
import type { Job } from '../../runtime';
import { media, milliseconds, producedFile, seconds } from '../../vocabulary';

const onlyStitched = { stitch: [true] };

export const extractFrames = defineOperation({
	name: 'extract_frames',
	group: 'video',
	title: 'Extract Frames',
	action: 'Extract frames from a video',
	summary: 'Take pictures of a video at even distances, as files or on one contact sheet',
	legacy: { fields: { url: 'video' } },
	input: z.object({
		video: media('video'),
		amount: z.number().int().min(1).max(500).default(5),
		stitch: z.boolean().default(false),
		format: z.enum(pictureFormats).default('jpg'),
		...sheetShape,
	}),
	output: z.object({ frames: z.array(producedFile), sheet: producedFile.optional(), times: z.array(seconds) }),
	fields: {
		video: { label: 'Video' },
		amount: { label: 'Amount', hint: 'The video is cut into so many equal parts, and the middle of each is taken' },
		stitch: { label: 'Contact Sheet', hint: 'Whether to put the frames on one contact sheet in place of one file each' },
		format: { label: 'Format', choices: pictureFormatTitles, advanced: true },
		...sheetWords(onlyStitched),
	},
	example: { video: { file: 'clip.mp4' }, amount: 3 },
	async run({ video, amount, stitch, format, background, ...limits }, job) {
		const color = parseColor(background, 'background');
		const { path, track } = await videoIn(video, 'video', job);
		const times = timesOf(amount, track, job);
		if (!stitch) {
			const frames = await takeAll({ path, track, times, format }, job);
			const name = (index: number) => `frame-${String(index + 1).padStart(String(times.length).length, '0')}.${format}`;
			const results = frames.map((frame, index) => job.files.result(frame, { fileName: name(index), width: track.width, height: track.height }));
			return { frames: await Promise.all(results), times: times.map(milliseconds) };
		}
		const sheet = layOut(times.map(() => track), limits);
		const cells = await takeAll({ path, track, times, format: 'png', size: sheet.places[0] }, within(job, 0, 0.8));
		const pictures = await atOnce(2, cells, (file) => pictureIn({ file }, 'video', job));
		const output = job.files.path(`contact-sheet.${format}`);
		await drawSheet({ pictures, sheet, background: color, format, output }, within(job, 0.8, 1));
		const facts = { fileName: `contact-sheet.${format}`, width: sheet.width, height: sheet.height };
		return { frames: [], sheet: await job.files.result(output, facts), times: times.map(milliseconds) };
	},
});

/** The middles of equal parts of the picture's length, at most one for each of its frames. */
function timesOf(amount: number, { start, duration, frameCount, fps }: VideoTrack, { warn }: Job): number[] {
	const most = Math.max(1, frameCount || Math.round(duration * toNumber(fps)));
	if (amount > most) warn(`The video has ${most} ${most === 1 ? 'frame' : 'frames'}, fewer than the ${amount} asked for: each was taken once`);
	const count = Math.min(amount, most);
	return Array.from({ length: count }, (_, index) => start + ((index + 0.5) * duration) / count);
}

interface Wishes {
	path: string;
	track: VideoTrack;
	times: readonly number[];
	format: PictureFormat;
	size?: Size | undefined;
}

/** Two processes at a time: one for all frames takes more memory, and is no faster. */
async function takeAll({ times, ...wish }: Wishes, job: Job): Promise<string[]> {
	let done = 0;
	return atOnce(2, times, async (time) => {
		const output = job.files.path(`frame.${wish.format}`);
		const { isLast } = await takeFrame({ ...wish, time }, output, job);
		if (isLast) job.warn(`The video has no frame at ${milliseconds(time)} s, so its last one was taken`);
		job.progress(++done / times.length, 'Taking the frames');
		return output;
	});
}
