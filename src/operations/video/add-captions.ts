import { z } from 'zod/v4';
import { burning } from '../../captions/burn';
import { drawCaptions } from '../../captions/draw';
import type { Drawing } from '../../captions/drawing';
import { givenCaptions } from '../../captions/given';
import { captionSource } from '../../captions/read';
import { captionStyle, captionStyleFields } from '../../captions/style';
import { drawUserAss } from '../../captions/user-ass';
import { InvalidInput } from '../../errors';
import { videoIn } from '../../ffmpeg/brought';
import { limitedRange, sameColors } from '../../ffmpeg/colors';
import { containerFor, copiedSound } from '../../ffmpeg/container';
import { chain, filter, printGraph } from '../../ffmpeg/graph';
import { standardRange } from '../../ffmpeg/picture';
import { fastStart, qualityWords } from '../../ffmpeg/quality';
import { even } from '../../ffmpeg/sizes';
import { legacyVideo } from '../../legacy-result';
import { defineOperation } from '../../operation';
import { within } from '../../progress';
import type { Probe, VideoTrack } from '../../probe';
import { qualities, type Job } from '../../runtime';
import { modelNotice } from '../../speech/model-notice';
import { engine, media, producedFile, seconds, word, type Engine, type Segment } from '../../vocabulary';

const input = z.object({
	video: media('video'),
	captions: captionSource.optional(),
	style: captionStyle.optional(),
	quality: z.enum(qualities).default('balanced'),
});

export const addCaptions = defineOperation({
	name: 'add_captions',
	group: 'video',
	title: 'Add Captions to Video',
	action: 'Add captions to a video',
	summary: 'Draw captions into a video, from words, SRT, VTT or ASS, or from what is said in it',
	legacy: {
		insteadOf: { name: 'generate_captioned_video', when: ({ video_url: url, captions }) => url !== undefined && Array.isArray(captions) },
		result: ({ video }) => ({ ...legacyVideo(video), captioned_video_url: video.url }),
	},
	input,
	output: z.object({
		video: producedFile,
		duration: seconds,
		words: z.array(word),
		captions: z.object({ srt: z.string(), vtt: z.string(), ass: z.string() }),
		encoder: z.string().optional(),
		engine: engine.optional(),
	}),
	fields: {
		video: { label: 'Video' },
		captions: { label: 'Captions', hint: 'Words with times, or SRT, VTT or ASS captions. Leave empty to have the sound of the video transcribed' },
		style: { label: 'Caption Style', hint: 'ASS captions keep their own look when no style is set', fields: captionStyleFields },
		quality: qualityWords,
	},
	notices: [modelNotice('whisper', { when: { captions: [''] }, because: 'Without captions the sound is transcribed. ' })],
	example: { video: { file: 'clip.mp4' }, captions: '1\n00:00:00,100 --> 00:00:00,900\nHello brave new world.\n' },
	async run({ video, captions, style, quality }, job) {
		const { path, probe, track } = await videoIn(video, 'video', job);
		const said = captions === undefined ? await transcribed(path, probe, within(job, 0, 0.4)) : await givenCaptions(captions, job, 'captions');
		const drawing = await drawn(said, style, track, job);
		const { options } = await job.ffmpeg.videoEncoder(quality);
		const fileName = `captioned-video.${containerFor(probe, job)}`;
		const output = job.files.path(fileName);
		const rendering = within(job, captions === undefined ? 0.4 : 0, 1);
		const { encoder } = await job.ffmpeg.render({
			inputs: [{ path }],
			filter: printGraph([chain([`0:${track.index}`], [...standardRange(track), ...limitedRange(track), ...evenSides(track), ...(await burning(drawing, track, job))], ['picture'])]),
			options: ['-map', '[picture]', '-map', '0:a?', ...options, ...sameColors(track), ...copiedSound, ...fastStart],
			output,
			duration: probe.duration,
			expectedSize: probe.size,
			onProgress: (fraction) => rendering.progress(fraction, 'Drawing the captions'),
		});
		return {
			video: await job.files.result(output, { fileName, duration: track.end, width: even(track.width), height: even(track.height) }),
			duration: track.end,
			words: said.segments.flatMap(({ words }) => words),
			captions: { srt: drawing.srt, vtt: drawing.vtt, ass: drawing.ass },
			...(encoder !== null && { encoder }),
			...('engine' in said && { engine: said.engine }),
		};
	},
});

interface Said {
	segments: Segment[];
	/** An ASS file of the user's. */
	format?: string;
	source?: string;
	engine?: Engine;
}

async function transcribed(audio: string, { audio: track }: Probe, job: Job): Promise<Said & { engine: Engine }> {
	if (track === null) throw new InvalidInput('captions: Expected captions, as the video has no sound to transcribe. Fill them in', { field: 'captions', code: 'no_audio' });
	const { segments, engine: used } = await job.speech.transcribe({ audio, task: 'transcribe', model: 'small', beamSize: 5, wordTimestamps: true }, job);
	if (segments.length === 0) throw new InvalidInput('captions: Expected captions, as nothing is said in the video. Fill them in', { field: 'captions', code: 'nothing_said' });
	return { segments, engine: used };
}

async function drawn({ segments, format, source = '' }: Said, style: z.output<typeof captionStyle> | undefined, { width, height, end }: VideoTrack, job: Job): Promise<Drawing> {
	const faces = await job.fonts.faces();
	if (format === 'ass' && style === undefined) return drawUserAss({ ass: source, faces });
	const size = { width: even(width), height: even(height) };
	return drawCaptions({ captions: { segments }, style: style ?? captionStyle.parse({}), ...size, duration: end, faces });
}

/** Square pixels and even sides, where the video has them not yet. */
const evenSides = ({ width, height, sampleAspectRatio }: VideoTrack) =>
	width % 2 || height % 2 || sampleAspectRatio !== '1:1' ? [filter('scale', { w: even(width), h: even(height) }), filter('setsar', { sar: 1 })] : [];
