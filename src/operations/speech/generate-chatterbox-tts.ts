import { z } from 'zod/v4';
import { audioFormats } from '../../audio/formats';
import { defineOperation } from '../../operation';
import { chatterboxDefaults } from '../../speech/chatterbox/defaults';
import { deliverSpeech } from '../../speech/deliver';
import { devices, engine, media, precisions, producedFile, seconds, segment } from '../../vocabulary';

const defaults = chatterboxDefaults;

export const generateChatterboxTts = defineOperation({
	name: 'generate_chatterbox_tts',
	group: 'speech',
	title: 'Clone Voice (Chatterbox)',
	action: 'Clone a voice',
	summary: 'Speak a text in the voice of a short sample. The sound carries no watermark',
	input: z.object({
		text: z.string().trim().min(1).max(200_000),
		sampleAudio: media('audio').optional(),
		exaggeration: z.number().min(0.25).max(2).default(defaults.exaggeration),
		cfgWeight: z.number().min(0).max(1).default(defaults.cfgWeight),
		temperature: z.number().min(0.05).max(5).default(defaults.temperature),
		seed: z.number().int().min(0).max(4_294_967_295).optional(),
		chunkCharacters: z.number().int().min(50).max(4096).default(defaults.chunkCharacters),
		chunkSilence: z.number().min(0).max(5).default(defaults.chunkSilence),
		model: z.enum(['original', 'turbo']).default(defaults.model),
		format: z.enum(audioFormats).default('wav'),
		precision: z.enum(precisions).optional(),
		device: z.enum(devices).optional(),
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
		sampleAudio: {
			label: 'Voice Sample',
			hint: 'Any file with 3 to 10 seconds of the voice to clone (5 for Turbo). Leave empty for the voice of the model. Clone only voices you have the right to',
		},
		exaggeration: { label: 'Exaggeration', hint: 'How lively the voice is, 0.25 to 2. Turbo does not know it', advanced: true },
		cfgWeight: { label: 'CFG Weight', hint: 'How closely the speech follows the text, 0 to 1, where the model can apply it', advanced: true },
		temperature: { label: 'Temperature', hint: 'Lower is more even, higher more varied', advanced: true },
		seed: { label: 'Seed', hint: 'The same seed gives the same sound on one device. Leave empty for a new one each time', advanced: true },
		chunkCharacters: {
			label: 'Characters per Part',
			hint: 'Sentences are spoken in parts of this many characters; the model can speak about 40 seconds at once, and longer parts are halved',
			advanced: true,
		},
		chunkSilence: { label: 'Silence Between Parts', hint: 'In seconds', advanced: true },
		model: { label: 'Model', hint: 'Turbo is smaller and faster', choices: { original: 'Original', turbo: 'Turbo' }, advanced: true },
		format: { label: 'Format', hint: 'Format of the sound file', advanced: true },
		precision: { label: 'Precision', hint: 'Size of the model\'s numbers. Leave empty for the setting of the runtime', advanced: true },
		device: { label: 'Device', hint: 'Where the model runs. Leave empty for the setting of the runtime', advanced: true },
	},
	example: { text: 'Hello brave new world.', seed: 7 },
	async run({ sampleAudio, format, ...request }, job) {
		const sample = sampleAudio && (await job.files.local(sampleAudio, 'sampleAudio'));
		const spoken = await job.speech.chatterbox({ ...request, sample }, job);
		const audio = await deliverSpeech(spoken, { format }, job);
		const { duration, segments, seed, cfgApplied } = spoken;
		return { audio, duration, segments, seed, cfgApplied, watermark: false, engine: spoken.engine };
	},
});
