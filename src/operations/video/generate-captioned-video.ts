import { z } from 'zod/v4';
import { burning } from '../../captions/burn';
import { drawCaptions } from '../../captions/draw';
import { givenCaptions } from '../../captions/given';
import { captionSource } from '../../captions/read';
import { captionStyle, captionStyleFields } from '../../captions/style';
import { limitedRange, sameColors } from '../../ffmpeg/colors';
import { anyPictureOf } from '../../ffmpeg/expected';
import { chain, printGraph, type Chain } from '../../ffmpeg/graph';
import { focuses, moving, panDirections, panSpeeds, type Motion } from '../../ffmpeg/motion';
import { loopedInput, onBlack, standardRange, stillInput } from '../../ffmpeg/picture';
import { aac, fastStart, qualityWords } from '../../ffmpeg/quality';
import { rationalOf } from '../../ffmpeg/rational';
import { even } from '../../ffmpeg/sizes';
import { lasting, mixed, stereo } from '../../ffmpeg/sound';
import { soundSource } from '../../ffmpeg/sources';
import { legacyVideo } from '../../legacy-result';
import { defineOperation } from '../../operation';
import { within } from '../../progress';
import { qualities, type Job } from '../../runtime';
import { modelNotice } from '../../speech/model-notice';
import { speak, voiceChoice, voiceChoiceWords } from '../../speech/voice-choice';
import { engine, media, producedFile, seconds, word, type Engine, type Segment } from '../../vocabulary';

const side = z.number().int().min(64).max(4096);

const input = z
	.object({
		background: media('any'),
		text: z.string().trim().min(1).max(200_000).optional(),
		audio: media('audio').optional(),
		words: captionSource.optional(),
		speech: voiceChoice,
		captions: z.union([z.literal(false), captionStyle]).prefault({}),
		width: side.default(1080),
		height: side.default(1920),
		fps: z.number().min(1).max(120).default(25),
		effect: z.enum(['none', 'ken_burns', 'pan']).default('ken_burns'),
		zoomDirection: z.enum(['in', 'out']).default('in'),
		zoomFocus: z.enum(focuses).default('center'),
		zoom: z.number().min(0).max(0.5).default(0.02),
		panDirection: z.enum(panDirections).default('right'),
		panSpeed: z.enum(panSpeeds).default('normal'),
		backgroundMusic: media('audio').optional(),
		backgroundMusicVolume: z.number().min(0).max(2).default(0.5),
		duck: z.boolean().default(false),
		quality: z.enum(qualities).default('balanced'),
	})
	.superRefine(({ text, audio, words }, context) => {
		const problem = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
		if (text === undefined && audio === undefined) problem('text', 'Expected a text to speak, or a sound, got neither. Fill in Text, or add Audio');
		if (text !== undefined && audio !== undefined) problem('audio', 'Expected a text to speak or a sound, and not both. Empty Text, or remove Audio; what is said in a sound goes into Words');
		if (words !== undefined && audio === undefined) problem('words', 'Expected the sound that these words are said in, got none. Add Audio, or remove Words: those of a text are known');
	});

type Input = z.output<typeof input>;

interface Sound {
	path: string;
	duration: number;
	channels: number;
	segments: Segment[];
	engine?: Engine;
	/** Of Whisper, where a voice that does not tell its words was transcribed. */
	transcriptionEngine?: Engine;
}

export const generateCaptionedVideo = defineOperation({
	name: 'generate_captioned_video',
	group: 'video',
	title: 'Create Captioned Video',
	action: 'Create a narrated and captioned video',
	summary: 'Make a video from a picture or video and a text or sound: the text is spoken, and each word is captioned when it is said',
	legacy: { fields: { imageEffect: 'effect' }, result: ({ video }) => ({ ...legacyVideo(video), captioned_video_url: video.url }) },
	input,
	output: z.object({
		video: producedFile,
		duration: seconds,
		words: z.array(word),
		captions: z.object({ srt: z.string(), vtt: z.string(), ass: z.string() }).nullable(),
		encoder: z.string().optional(),
		engine: engine.optional(),
		transcriptionEngine: engine.optional(),
	}),
	fields: {
		background: { label: 'Background', hint: 'A picture, or a video that is repeated or cut to the length of the sound' },
		text: { label: 'Text', hint: 'What is spoken. Leave empty when you give a sound', lines: 4 },
		speech: voiceChoiceWords,
		captions: { label: 'Captions', hint: 'Whether to draw the spoken words into the picture', optionsLabel: 'Caption Style', fields: captionStyleFields },
		audio: { label: 'Audio', hint: 'A sound in place of a text. Its words are transcribed unless you give them', advanced: true },
		words: { label: 'Words', hint: 'What is said in the sound, with times: words, or SRT, VTT or ASS captions', advanced: true },
		width: { label: 'Width', hint: 'Of the video, in pixels', advanced: true },
		height: { label: 'Height', hint: 'Of the video, in pixels', advanced: true },
		fps: { label: 'Frames per Second', advanced: true },
		effect: { label: 'Effect', hint: 'How the background moves', choices: { none: 'None', ken_burns: 'Ken Burns (Slow Zoom)', pan: 'Pan' }, advanced: true },
		zoomDirection: { label: 'Zoom Direction', choices: { in: 'In', out: 'Out' }, when: { effect: ['ken_burns'] }, advanced: true },
		zoomFocus: { label: 'Zoom Focus', hint: 'The part of the picture that stays in view', when: { effect: ['ken_burns'] }, advanced: true },
		zoom: { label: 'Zoom per Second', hint: '0.02 is 2 % a second. The whole zoom ends at 50 %: a longer sound slows it', when: { effect: ['ken_burns'] }, advanced: true },
		panDirection: { label: 'Pan Direction', when: { effect: ['pan'] }, advanced: true },
		panSpeed: { label: 'Pan Speed', when: { effect: ['pan'] }, advanced: true },
		backgroundMusic: { label: 'Background Music', hint: 'Repeated or cut to the length of the sound', advanced: true },
		backgroundMusicVolume: { label: 'Music Volume', hint: '1 leaves the music as loud as it is', advanced: true },
		duck: { label: 'Duck Music', hint: 'Whether the music gives way while the voice speaks', advanced: true },
		quality: qualityWords,
	},
	notices: [modelNotice('kokoro', { when: { speech: ['kokoro'] } }), modelNotice('chatterbox', { when: { speech: ['chatterbox'] } })],
	example: { background: { file: 'picture.png' }, text: 'Hello brave new world.', speech: { engine: 'draft' } },
	async run(request, job) {
		const background = await job.files.local(request.background, 'background');
		const picture = anyPictureOf(await job.ffmpeg.probe(background, 'background'), 'background');
		const sound = await soundOf(request, within(job, 0, 0.3));
		const canvas = { width: even(request.width), height: even(request.height) };
		const fps = rationalOf(request.fps);
		const drawing = request.captions === false ? null : drawCaptions({
			captions: { segments: sound.segments },
			style: request.captions,
			...canvas,
			duration: sound.duration,
			faces: await job.fonts.faces(),
			fields: { style: 'captions', captions: request.text === undefined ? 'words' : 'text' },
		});
		const { options } = await job.ffmpeg.videoEncoder(request.quality);
		const music = request.backgroundMusic && (await soundSource(job, request.backgroundMusic, 'backgroundMusic'));
		const still = (await job.ffmpeg.probe(background)).still;
		const video = job.files.path('captioned-video.mp4');
		const seen = moving({ ...picture, still }, motionOf(request), { ...canvas, fps, duration: sound.duration, quality: request.quality });
		const captioning = drawing === null ? [] : await burning(drawing, picture, job);
		const rendering = within(job, 0.3, 1);
		const { encoder } = await job.ffmpeg.render({
			inputs: [still ? stillInput(background, fps) : loopedInput(background), { path: sound.path }, ...(music ? [loopedInput(music.path)] : [])],
			filter: printGraph([
				chain([`0:${picture.index}`], [...standardRange(picture), ...limitedRange(picture), ...onBlack(picture), ...seen, ...captioning], ['picture']),
				...soundGraph(request, sound, music?.track.channels),
			]),
			options: ['-map', '[picture]', '-map', '[sound]', ...options, ...sameColors(picture), ...aac, ...fastStart],
			output: video,
			duration: sound.duration,
			onProgress: (fraction) => rendering.progress(fraction, 'Drawing the video'),
		});
		return {
			video: await job.files.result(video, { fileName: 'captioned-video.mp4', duration: sound.duration, ...canvas }),
			duration: sound.duration,
			words: sound.segments.flatMap(({ words }) => words),
			captions: drawing && { srt: drawing.srt, vtt: drawing.vtt, ass: drawing.ass },
			...(encoder !== null && { encoder }),
			...(sound.engine && { engine: sound.engine }),
			...(sound.transcriptionEngine && { transcriptionEngine: sound.transcriptionEngine }),
		};
	},
});

/** The voice, and what it says when: spoken from the text, or given and, where nobody said what it says, transcribed. */
async function soundOf(request: Input, job: Job): Promise<Sound> {
	const spoken = request.text === undefined ? undefined : await speak({ text: request.text, voice: request.speech }, job);
	const { path, track } = await soundSource(job, spoken ? { file: spoken.path } : (request.audio ?? {}), 'audio');
	const facts = { path, duration: track.duration, channels: track.channels, ...(spoken && { engine: spoken.engine }) };
	if (spoken?.words) return { ...facts, segments: [{ text: request.text ?? '', start: 0, end: track.duration, words: spoken.words }] };
	if (request.words !== undefined) return { ...facts, segments: (await givenCaptions(request.words, job, 'words')).segments };
	if (request.captions === false) return { ...facts, segments: [] };
	const { segments, engine: used } = await job.speech.transcribe({ audio: path, task: 'transcribe', model: 'small', beamSize: 5, wordTimestamps: true }, job);
	return { ...facts, segments, ...(spoken ? { transcriptionEngine: used } : { engine: used }) };
}

function motionOf({ effect, zoomDirection, zoomFocus, zoom, panDirection, panSpeed }: Input): Motion {
	if (effect === 'ken_burns') return { kind: 'ken_burns', direction: zoomDirection, focus: zoomFocus, zoom };
	return effect === 'pan' ? { kind: 'pan', direction: panDirection, speed: panSpeed } : { kind: 'none' };
}

function soundGraph({ backgroundMusicVolume: volume, duck }: Input, { duration, channels }: Sound, musicChannels: number | undefined): Chain[] {
	const voice = [...stereo(channels), ...lasting(duration)];
	if (musicChannels === undefined) return [chain(['1:a:0'], voice, ['sound'])];
	const music = { from: '2:a:0', channels: musicChannels, volume, duck };
	return [chain(['1:a:0'], voice, ['voice']), ...mixed({ voice: 'voice', music, duration, to: 'sound' })];
}
