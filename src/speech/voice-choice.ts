import { z } from 'zod/v4';
import type { Job, Spoken } from '../runtime';
import { chatterboxVoice, draftVoice, kokoroVoice } from './voice-fields';

/** A voice for an operation that speaks on the way to something else: an engine and its own settings. */
export const voiceChoice = z
	.discriminatedUnion('engine', [
		z.object({ engine: z.literal('kokoro'), ...kokoroVoice.input }),
		z.object({ engine: z.literal('chatterbox'), ...chatterboxVoice.input }),
		z.object({ engine: z.literal('draft'), ...draftVoice.input }),
	])
	.prefault({ engine: 'kokoro' });

export const voiceChoiceWords = {
	label: 'Voice Engine',
	hint: 'Kokoro and Chatterbox are speech models; the draft voice needs no model and sounds synthetic',
	choices: { kokoro: 'Kokoro (Natural)', chatterbox: 'Chatterbox (Cloned Voice)', draft: 'Draft Voice (Synthetic, No Model)' },
	variants: {
		kokoro: kokoroVoice.fields,
		chatterbox: chatterboxVoice.fields,
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
			return job.speech.chatterbox({ text, ...rest, sample }, job);
		}
	}
}
