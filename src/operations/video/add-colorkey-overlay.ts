import { z } from 'zod/v4';
import { parseKeyColor } from '../../color';
import { videoIn } from '../../ffmpeg/brought';
import { keyed, keyScale } from '../../ffmpeg/color-key';
import { limitedRange, matrixOf, sameColors } from '../../ffmpeg/colors';
import { containerFor, copiedSound } from '../../ffmpeg/container';
import { anyPictureOf } from '../../ffmpeg/expected';
import { chain, filter, printGraph, type Chain } from '../../ffmpeg/graph';
import { hasAlpha, loopedInput, repeated, standardRange, stillInput, upright } from '../../ffmpeg/picture';
import { fastStart, qualityWords } from '../../ffmpeg/quality';
import { contain, even, type Size } from '../../ffmpeg/sizes';
import { legacyVideo } from '../../legacy-result';
import { defineOperation } from '../../operation';
import type { Rational, VideoTrack } from '../../probe';
import { qualities, type Job } from '../../runtime';
import { color, media, producedFile, seconds, type Media } from '../../vocabulary';

export const addColorkeyOverlay = defineOperation({
	name: 'add_colorkey_overlay',
	group: 'video',
	title: 'Overlay With Color Key',
	action: 'Overlay a video with a color key',
	summary: 'Lay a video or picture over a video, one of its colors made transparent: green screens',
	legacy: { result: ({ video }) => ({ ...legacyVideo(video), output_video_url: video.url }) },
	input: z.object({
		video: media('video'),
		overlay: media('any'),
		color: color().default('#00ff00'),
		similarity: z.number().min(0.01).max(1).default(0.1),
		blend: z.number().min(0).max(1).default(0.1),
		loopOverlay: z.boolean().default(true),
		quality: z.enum(qualities).default('balanced'),
	}),
	output: z.object({ video: producedFile, duration: seconds, encoder: z.string().optional() }),
	fields: {
		video: { label: 'Video', hint: 'What is seen through the key color; the result is as long, and has its sound' },
		overlay: { label: 'Overlay', hint: 'A video or picture before a screen of one color. It is fitted into the video without stretching', start: 'overlay' },
		color: { label: 'Key Color', hint: 'What becomes transparent: #rgb, #rrggbb or a name. The name green means the pure green of chroma screens, #00ff00' },
		similarity: { label: 'Similarity', hint: 'How far from the key color still is transparent: 0.01 is only that color, 1 is every one', advanced: true },
		blend: { label: 'Blend', hint: 'How softly the transparent ends: 0 is a hard edge', advanced: true },
		loopOverlay: { label: 'Loop Overlay', hint: 'Whether an overlay video begins again when it ends before the video. A picture stays', advanced: true },
		quality: qualityWords,
	},
	example: { video: { file: 'scene.mp4' }, overlay: { file: 'green-screen.mp4' } },
	async run(request, job) {
		const key = { color: parseKeyColor(request.color, 'color'), similarity: request.similarity, blend: request.blend };
		const { path, probe, track } = await videoIn(request.video, 'video', job);
		const overlay = await overlayIn(request.overlay, job);
		await job.ffmpeg.need(['colorkey', 'overlay']);
		const scale = await keyScale(job.ffmpeg);
		const size = { width: even(track.width), height: even(track.height) };
		const { options } = await job.ffmpeg.videoEncoder(request.quality);
		const fileName = `overlaid-video.${containerFor(probe, job)}`;
		const output = job.files.path(fileName);
		const moving = request.loopOverlay ? loopedInput(overlay.path) : { path: overlay.path };
		const { encoder } = await job.ffmpeg.render({
			inputs: [{ path }, overlay.still ? stillInput(overlay.path, track.fps) : moving],
			filter: printGraph([
				chain([`0:${track.index}`], [...standardRange(track), ...limitedRange(track), filter('scale', { w: size.width, h: size.height }), filter('setsar', { sar: 1 })], ['base']),
				...fitted(overlay, size, track.fps),
				...keyed({ ...key, scale }, { from: 'fitted', hasAlpha: hasAlpha(overlay.track.pixelFormat), matrix: { from: matrixOf(overlay.track), to: matrixOf(track) }, to: 'laid' }),
				chain(['base', 'laid'], [filter('overlay', { x: '(W-w)/2', y: '(H-h)/2', eof_action: 'pass' }), filter('format', { pix_fmts: 'yuv420p' })], ['picture']),
			]),
			options: ['-map', '[picture]', '-map', '0:a?', ...options, ...sameColors(track), ...copiedSound, ...fastStart],
			output,
			duration: probe.duration,
			onProgress: (fraction) => job.progress(fraction, 'Laying the overlay over the video'),
		});
		return { video: await job.files.result(output, { fileName, duration: track.end, ...size }), duration: track.end, ...(encoder !== null && { encoder }) };
	},
});

interface Overlay {
	path: string;
	track: VideoTrack;
	still: boolean;
}

async function overlayIn(source: Media, { files, ffmpeg }: Job): Promise<Overlay> {
	const path = await files.local(source, 'overlay');
	const probe = await ffmpeg.probe(path, 'overlay');
	return { path, track: anyPictureOf(probe, 'overlay'), still: probe.still };
}

/** As large as the video allows; a picture without end, a video at the rate of the other. */
function fitted({ track, still }: Overlay, box: Size, fps: Rational): Chain[] {
	const { width, height } = contain(track, box);
	const isPlain = !track.hdr && /^(yuvj?420p|nv12)$/.test(track.pixelFormat);
	const matrix = isPlain ? {} : { in_color_matrix: matrixOf(track) };
	const sized = [...(isPlain ? limitedRange(track) : []), filter('scale', { w: width, h: height, ...matrix }), filter('format', { pix_fmts: isPlain ? 'yuv420p' : 'rgba' }), filter('setsar', { sar: 1 })];
	const frames = still ? [...upright(track.orientation), ...sized, ...repeated(fps)] : [...standardRange(track), ...sized, filter('fps', { fps })];
	return [chain([`1:${track.index}`], [...frames, filter('setpts', { expr: 'PTS-STARTPTS' })], ['fitted'])];
}
