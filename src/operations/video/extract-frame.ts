import { z } from 'zod/v4';
import { lastFrameAt, takeFrame } from '../../ffmpeg/frame';
import { pictureFormats, pictureFormatTitles } from '../../ffmpeg/picture-file';
import { within as inside, type Size } from '../../ffmpeg/sizes';
import { videoIn } from '../../ffmpeg/brought';
import { legacyFile } from '../../legacy-result';
import { defineOperation } from '../../operation';
import type { VideoTrack } from '../../probe';
import type { Job } from '../../runtime';
import { media, milliseconds, producedFile, seconds } from '../../vocabulary';

const side = z.number().int().min(16).max(8192);

export const extractFrame = defineOperation({
	name: 'extract_frame',
	aliases: ['extract_frame_from_url'],
	group: 'video',
	title: 'Extract Frame',
	action: 'Extract a frame from a video',
	summary: 'Take the picture that a video shows at a time',
	legacy: { fields: { url: 'video' }, result: ({ frame }) => ({ ...legacyFile(frame), frame_url: frame.url }) },
	input: z.object({
		video: media('video'),
		timestamp: z.number().min(-604_800).max(604_800).default(1),
		format: z.enum(pictureFormats).default('jpg'),
		width: side.optional(),
		height: side.optional(),
	}),
	output: z.object({ frame: producedFile, time: seconds }),
	fields: {
		video: { label: 'Video' },
		timestamp: { label: 'Timestamp', hint: 'In seconds. A negative one counts from the end; one past the end gives the last frame' },
		format: { label: 'Format', choices: pictureFormatTitles, advanced: true },
		width: { label: 'Width', hint: 'In pixels. The frame keeps its shape and fits into width and height. Leave both empty for the size of the video', start: 1280, advanced: true },
		height: { label: 'Height', hint: 'In pixels. The frame keeps its shape and fits into width and height', start: 720, advanced: true },
	},
	example: { video: { file: 'clip.mp4' }, timestamp: 0.5 },
	async run({ video, timestamp, format, width, height }, job) {
		const { path, track } = await videoIn(video, 'video', job);
		const time = timeOf(timestamp, track, job);
		const size = width === undefined && height === undefined ? undefined : inside(track, { width: width ?? Infinity, height: height ?? Infinity });
		const fileName = `frame.${format}`;
		const output = job.files.path(fileName);
		const { isLast } = await takeFrame({ path, track, time, format, size }, output, job);
		if (isLast && time < track.end) job.warn(`The video has no frame at ${milliseconds(time)} s, so its last one was taken`);
		const { width: w, height: h }: Size = size ?? track;
		return { frame: await job.files.result(output, { fileName, width: w, height: h }), time: milliseconds(isLast ? lastFrameAt(track) : time) };
	},
});

function timeOf(timestamp: number, { end }: VideoTrack, { warn }: Job): number {
	if (timestamp >= end) {
		warn(`The video ends at ${end} s, before ${timestamp} s, so its last frame was taken`);
		return end;
	}
	const time = timestamp < 0 ? end + timestamp : timestamp;
	if (time < 0) warn(`The video is ${end} s long, less than ${-timestamp} s, so its first frame was taken`);
	return Math.max(0, time);
}
