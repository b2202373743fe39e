import { z } from 'zod/v4';
import { movingPictureOf } from '../../ffmpeg/expected';
import { describeSound, soundFacts } from '../../ffmpeg/facts';
import { toNumber } from '../../ffmpeg/rational';
import { aspectRatio } from '../../ffmpeg/sizes';
import { defineOperation } from '../../operation';
import { media, milliseconds, seconds } from '../../vocabulary';

const side = z.number().int().positive();

export const getVideoInfo = defineOperation({
	name: 'get_video_info',
	group: 'video',
	title: 'Get Info',
	action: 'Get info about a video',
	summary: 'Tell the length, size, frame rate and format of a video and of its sound',
	light: true,
	legacy: { result: ({ duration, width, height, fps, aspectRatio, codec }) => ({ media_info: { duration, width, height, fps, aspect_ratio: aspectRatio, codec } }) },
	input: z.object({ video: media('video') }),
	output: z.object({
		duration: seconds,
		width: side,
		height: side,
		rotation: z.number().int(),
		fps: z.number().positive(),
		frameCount: z.number().int(),
		variableFrameRate: z.boolean(),
		aspectRatio: z.string(),
		codec: z.string(),
		pixelFormat: z.string(),
		bitDepth: z.number().int(),
		hdr: z.boolean(),
		bitrate: z.number().nullable(),
		size: z.number().int(),
		audio: z.object(soundFacts).nullable(),
		streams: z.array(z.object({ index: z.number().int(), type: z.string(), codec: z.string(), attachedPicture: z.boolean() })),
	}),
	fields: { video: { label: 'Video' } },
	example: { video: { file: 'clip.mp4' } },
	async run({ video }, { files, ffmpeg }) {
		const found = await ffmpeg.probe(await files.local(video, 'video'), 'video');
		const { width, height, rotation, fps, frameCount, variableFrameRate, codec, pixelFormat, bitDepth, hdr, bitrate } = movingPictureOf(found, 'video');
		return {
			duration: found.duration,
			...{ width, height, rotation, fps: milliseconds(toNumber(fps)), frameCount, variableFrameRate },
			aspectRatio: aspectRatio({ width, height }),
			...{ codec, pixelFormat, bitDepth, hdr, bitrate, size: found.size },
			audio: found.audio && describeSound(found.audio, found),
			streams: found.streams,
		};
	},
});
