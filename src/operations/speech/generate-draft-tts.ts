import { z } from 'zod/v4';
import { audioFormats, formatTitles } from '../../audio/formats';
import { defineOperation } from '../../operation';
import { deliverSpeech } from '../../speech/deliver';
import { draftVoice } from '../../speech/voice-fields';
import { sentenceSegments } from '../../speech/segments';
import { engine, producedFile, seconds, segment, word } from '../../vocabulary';

export const generateDraftTts = defineOperation({
	name: 'generate_draft_tts',
	group: 'speech',
	title: 'Generate Draft Speech (eSpeak NG)',
	action: 'Generate draft speech',
	summary: 'Speak a text with a synthetic voice that needs no model and no network, with the time of every word',
	input: z.object({
		text: z.string().trim().min(1).max(200_000),
		...draftVoice.input,
		format: z.enum(audioFormats).default('wav'),
	}),
	output: z.object({ audio: producedFile, duration: seconds, language: z.string(), words: z.array(word), segments: z.array(segment), engine }),
	fields: {
		text: { label: 'Text', hint: 'What is spoken, up to 200,000 characters. The voice sounds synthetic: it is meant for previews and tests', lines: 4 },
		...draftVoice.fields,
		format: { label: 'Format', hint: 'Format of the sound file', choices: formatTitles, advanced: true },
	},
	example: { text: 'Hello brave new world.' },
	async run({ format, ...request }, job) {
		const spoken = await job.speech.draft(request, job);
		const words = spoken.words ?? [];
		const audio = await deliverSpeech(spoken, { format }, job);
		return { audio, duration: spoken.duration, language: request.language, words, segments: sentenceSegments(words), engine: spoken.engine };
	},
});
