import type { EspeakVoice, SpeechEvent } from '../../../src/speech/espeak';

/** What passes between the runtime and the process that holds eSpeak NG. */

export interface HelperRequest {
	/** Spoken one after the other, each by itself; the answer has one entry for each. */
	texts: readonly string[];
	/** A voice's identifier, e.g. `gmw/en-US`. */
	voice: string;
	/** Words per minute, 80 to 450. */
	rate: number;
	/** 0 to 100, usually 50. */
	pitch: number;
	want: 'sound' | 'phonemes';
}

export interface HelperAnswer {
	/** Mono, 22,050 Hz; empty when only phonemes were wanted. */
	samples: Int16Array;
	/** Phonemes with `_` between them, words with spaces, clauses with line breaks. */
	ipa: string;
	/** Those of words and clauses alone when only phonemes were wanted. */
	events: SpeechEvent[];
}

export type HelperMessage = { ready: EspeakVoice[] } | { answers: HelperAnswer[] } | { error: string };

export const espeakSampleRate = 22_050;
