import { z } from 'zod/v4';
import { audioFormats, formatTitles } from '../../audio/formats';
import { legacyAudio } from '../../legacy-result';
import { defineOperation } from '../../operation';
import { deliverSpeech } from '../../speech/deliver';
import { modelNotice } from '../../speech/model-notice';
import { sentenceSegments } from '../../speech/segments';
import { kokoroVoice } from '../../speech/voice-fields';
import { readVoice } from '../../speech/voices';
import { engine, producedFile, seconds, segment, word } from '../../vocabulary';

export const generateKokoroTts = defineOperation({
	name: 'generate_kokoro_tts',
	group: 'speech',
	title: 'Generate Speech (Kokoro)',
	action: 'Generate speech',
	summary: 'Speak a text with a natural voice of Kokoro, in 8 languages, with the time of every word',
	legacy: { result: (result) => ({ ...legacyAudio(result), captions: result.words }) },
	input: z.object({
		text: z.string().trim().min(1).max(200_000),
		...kokoroVoice.input,
		format: z.enum(audioFormats).default('wav'),
		channels: z.number().int().min(1).max(2).default(1),
	}),
	output: z.object({
		audio: producedFile,
		duration: seconds,
		voice: z.string(),
		language: z.string(),
		words: z.array(word),
		segments: z.array(segment),
		engine,
	}),
	fields: {
		text: { label: 'Text', hint: 'What is spoken, up to 200,000 characters. It is parted at sentences, never cut', lines: 4 },
		...kokoroVoice.fields,
		format: { label: 'Format', hint: 'Format of the sound file', choices: formatTitles, advanced: true },
		channels: { label: 'Channels', hint: '1 is mono, as the voice is; 2 has it on both sides', advanced: true },
	},
	notices: [modelNotice('kokoro')],
	example: { text: 'Hello brave new world.', voice: 'af_heart' },
	async run({ format, channels, ...request }, job) {
		const { language } = readVoice(request.voice, request.language).language;
		const spoken = await job.speech.kokoro(request, job);
		const words = spoken.words ?? [];
		const audio = await deliverSpeech(spoken, { format, channels }, job);
		return { audio, duration: spoken.duration, voice: request.voice, language, words, segments: sentenceSegments(words), engine: spoken.engine };
	},
});
