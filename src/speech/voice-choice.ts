import { z } from 'zod/v4';
import type { Job, Spoken } from '../runtime';
import { media } from '../vocabulary';
import { draftVoice } from './voice-fields';

const kokoroInput = {
	voice: z.string().trim().min(1).max(200).default('af_heart'),
	speed: z.number().min(0.5).max(2).default(1),
};
const chatterboxInput = {
	sampleAudio: media('audio').optional(),
	exaggeration: z.number().min(0.25).max(2).default(0.5),
	seed: z.number().int().min(0).max(4_294_967_295).optional(),
	model: z.enum(['original', 'turbo']).default('original'),
};

/** A voice for an operation that speaks on the way to something else: an engine and its own settings. */
export const voiceChoice = z
	.discriminatedUnion('engine', [
		z.object({ engine: z.literal('kokoro'), ...kokoroInput }),
		z.object({ engine: z.literal('chatterbox'), ...chatterboxInput }),
		z.object({ engine: z.literal('draft'), ...draftVoice.input }),
	])
	.prefault({ engine: 'kokoro' });

export const voiceChoiceWords = {
	label: 'Voice Engine',
	hint: 'Kokoro and Chatterbox are speech models; the draft voice needs no model and sounds synthetic',
	choices: { kokoro: 'Kokoro (Natural)', chatterbox: 'Chatterbox (Cloned Voice)', draft: 'Draft Voice (Synthetic, No Model)' },
	variants: {
		kokoro: {
			voice: { label: 'Voice', hint: 'A voice, or a mix such as af_heart(2)+af_sky(1)' },
			speed: { label: 'Speed', hint: '1 is the usual speed' },
		},
		chatterbox: {
			sampleAudio: { label: 'Voice Sample', hint: 'At least 3 seconds of the voice to clone' },
			exaggeration: { label: 'Exaggeration', hint: 'How lively the voice is: 0.25 to 2' },
			seed: { label: 'Seed', hint: 'The same seed gives the same speech on one machine' },
			model: { label: 'Model', hint: 'Turbo is faster', choices: { original: 'Original', turbo: 'Turbo' } },
		},
		draft: draftVoice.fields,
	},
};

/** Speaks with the chosen voice. */
export async function speak({ text, voice }: { text: string; voice: z.output<typeof voiceChoice> }, job: Job): Promise<Spoken> {
	switch (voice.engine) {
		case 'kokoro':
			return job.speech.kokoro({ text, ...voice }, job);
		case 'draft':
			return job.speech.draft({ text, ...voice }, job);
		case 'chatterbox': {
			const { sampleAudio, ...rest } = voice;
			const sample = sampleAudio && (await job.files.local(sampleAudio, 'speech.sampleAudio'));
			return job.speech.chatterbox({ text, ...rest, sample, cfgWeight: 0.5, temperature: 0.8, chunkCharacters: 300, chunkSilence: 0.35 }, job);
		}
	}
}
