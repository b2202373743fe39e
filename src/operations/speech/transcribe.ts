import { z } from 'zod/v4';
import { printSrt } from '../../captions/srt';
import { printVtt } from '../../captions/vtt';
import { show } from '../../explain';
import { defineOperation } from '../../operation';
import { modelNotice } from '../../speech/model-notice';
import { whisperLanguage, whisperLanguages } from '../../speech/whisper/languages';
import { devices, deviceTitles, engine, media, precisions, precisionTitles, seconds, segment, word } from '../../vocabulary';

const models = ['tiny', 'base', 'small', 'medium', 'large-v3-turbo', 'tiny.en', 'base.en', 'small.en', 'medium.en'] as const;

export const transcribe = defineOperation({
	name: 'transcribe',
	group: 'speech',
	title: 'Transcribe',
	action: 'Transcribe audio to text',
	summary: 'Write down what is said, with the time of every word',
	legacy: { result: ({ text }) => ({ transcription: text }) },
	input: z.object({
		audio: media('audio'),
		language: z
			.string()
			.trim()
			.refine((code) => whisperLanguage(code) !== undefined, { error: ({ input }) => `Expected the code of a language Whisper knows, such as en, de or zh, got ${show(input)}. Choose one in the list, or leave it empty` })
			.optional(),
		task: z.enum(['transcribe', 'translate']).default('transcribe'),
		model: z.enum(models).default('small'),
		beamSize: z.number().int().min(1).max(10).default(5),
		prompt: z.string().max(4000).optional(),
		wordTimestamps: z.boolean().default(true),
		device: z.enum(devices).optional(),
		precision: z.enum(precisions).optional(),
	}),
	output: z.object({
		text: z.string(),
		language: z.string(),
		languageProbability: z.number(),
		duration: seconds,
		segments: z.array(segment),
		words: z.array(word),
		srt: z.string(),
		vtt: z.string(),
		engine,
	}),
	fields: {
		audio: { label: 'Audio', hint: 'Any file with sound, a video included' },
		language: {
			label: 'Language',
			hint: 'Language that is spoken, as an ISO 639-1 code. Leave empty to have it detected from the first 30 seconds',
			placeholder: 'e.g. en',
			suggestions: Object.entries(whisperLanguages).map(([value, label]) => ({ value, label })),
		},
		task: {
			label: 'Task',
			hint: 'What to write down. Translation is always into English',
			choices: { transcribe: 'Transcribe', translate: 'Translate to English' },
		},
		model: {
			label: 'Model',
			hint: 'Whisper model, and about how much is downloaded for a processor. Larger is slower and more accurate; those ending in .en know only English',
			choices: {
				tiny: 'Tiny (40 MB)',
				base: 'Base (80 MB)',
				small: 'Small (250 MB)',
				medium: 'Medium (800 MB)',
				'large-v3-turbo': 'Large v3 Turbo (900 MB)',
				'tiny.en': 'Tiny.en (40 MB)',
				'base.en': 'Base.en (80 MB)',
				'small.en': 'Small.en (250 MB)',
				'medium.en': 'Medium.en (800 MB)',
			},
			advanced: true,
		},
		beamSize: { label: 'Beam Size', hint: 'How many texts are weighed against each other. Higher is slower and a little more accurate', advanced: true },
		prompt: {
			label: 'Prompt',
			hint: 'Names and terms that occur, in a sentence or two of the spoken language, at most 224 tokens (about 150 words)',
			lines: 3,
			advanced: true,
		},
		wordTimestamps: { label: 'Word Timestamps', hint: 'Whether to find the time of every word. Without them it is a little faster', advanced: true },
		device: { label: 'Device', hint: 'Where the model runs. Leave empty for the choice of the runtime', choices: deviceTitles, start: 'auto', advanced: true },
		precision: { label: 'Precision', hint: 'Precision of the model. Leave empty for the choice of the runtime', choices: precisionTitles, start: 'q8', advanced: true },
	},
	notices: [modelNotice('whisper')],
	example: { audio: { url: 'https://example.com/interview.mp3' } },
	async run({ audio, ...request }, job) {
		const transcript = await job.speech.transcribe({ ...request, audio: await job.files.local(audio, 'audio') }, job);
		const { segments } = transcript;
		if (segments.length === 0) job.warn('No speech was found in the sound');
		return { ...transcript, words: segments.flatMap(({ words }) => words), srt: printSrt(segments), vtt: printVtt(segments) };
	},
});
