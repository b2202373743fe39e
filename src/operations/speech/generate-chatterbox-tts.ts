import { z } from 'zod/v4';
import { audioFormats, formatTitles } from '../../audio/formats';
import { legacyAudio } from '../../legacy-result';
import { defineOperation } from '../../operation';
import { deliverSpeech } from '../../speech/deliver';
import { modelNotice } from '../../speech/model-notice';
import { chatterboxVoice } from '../../speech/voice-fields';
import { engine, producedFile, seconds, segment } from '../../vocabulary';

export const generateChatterboxTts = defineOperation({
	name: 'generate_chatterbox_tts',
	group: 'speech',
	title: 'Clone Voice (Chatterbox)',
	action: 'Clone a voice',
	summary: 'Speak a text in the voice of a short sample. The sound carries no watermark',
	legacy: { fields: { chunkChars: 'chunkCharacters' }, result: legacyAudio },
	input: z.object({
		text: z.string().trim().min(1).max(200_000),
		...chatterboxVoice.input,
		format: z.enum(audioFormats).default('wav'),
	}),
	output: z.object({
		audio: producedFile,
		duration: seconds,
		segments: z.array(segment),
		/** What to give as `seed` to get the same sound again on the same device. */
		seed: z.number().int(),
		cfgApplied: z.boolean(),
		/** Upstream marks its sound as made by a machine; no way to do so is known here. */
		watermark: z.boolean(),
		engine,
	}),
	fields: {
		text: { label: 'Text', hint: 'What is spoken, up to 200,000 characters', lines: 4 },
		...chatterboxVoice.fields,
		format: { label: 'Format', hint: 'Format of the sound file', choices: formatTitles, advanced: true },
	},
	notices: [modelNotice('chatterbox')],
	example: { text: 'Hello brave new world.', seed: 7 },
	async run({ sampleAudio, format, ...request }, job) {
		const sample = sampleAudio && (await job.files.local(sampleAudio, 'sampleAudio'));
		const spoken = await job.speech.chatterbox({ ...request, sample }, job);
		const audio = await deliverSpeech(spoken, { format }, job);
		const { duration, segments, seed, cfgApplied } = spoken;
		return { audio, duration, segments, seed, cfgApplied, watermark: false, engine: spoken.engine };
	},
});
