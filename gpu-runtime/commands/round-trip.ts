import type { Job, Speech, Spoken } from '../../src/runtime';
import { chatterboxDefaults } from '../../src/speech/chatterbox/defaults';
import { wordErrorRate } from '../../src/speech/word-error-rate';
import type { Device, Engine } from '../../src/vocabulary';

export const voices = ['kokoro', 'chatterbox', 'chatterbox-turbo'] as const;
export type RoundTripVoice = (typeof voices)[number];

export interface RoundTripOptions {
	speech: Speech;
	/** Runs something as a job with a scratch folder of its own. */
	withJob<T>(run: (job: Job) => Promise<T>): Promise<T>;
	voices: readonly RoundTripVoice[];
	devices: readonly Device[];
	/** The Whisper model that listens. */
	whisper: string;
	print(line: string): void;
}

const text = 'The quick brown fox jumps over the lazy dog. Speech and text go around in a circle, and every word should come back.';

/** Share of words that may come back wrong from a clear voice. */
export const accepted = 0.15;

/** Speaks, listens to what was spoken and compares the words, on every device; the times stand side by side. Returns whether all came back well. */
export async function roundTrip({ speech, withJob, voices: chosen, devices, whisper, print }: RoundTripOptions): Promise<boolean> {
	let well = true;
	for (const voice of chosen) {
		for (const device of devices) {
			await withJob(async (job) => {
				const spoken = await speak(voice, device, speech, job);
				const request = { audio: spoken.path, task: 'transcribe', model: whisper, beamSize: 5, wordTimestamps: true, device } as const;
				const heard = await speech.transcribe(request, job);
				const rate = wordErrorRate(text, heard.text);
				well &&= rate <= accepted;
				print(row(spoken.engine, `${spoken.duration.toFixed(1)} s of speech`));
				print(row(heard.engine, `word error rate ${rate.toFixed(3)}${rate > accepted ? ` (expected at most ${accepted})` : ''}: ${heard.text}`));
			});
		}
	}
	return well;
}

function speak(voice: RoundTripVoice, device: Device, speech: Speech, job: Job): Promise<Spoken> {
	if (voice === 'kokoro') return speech.kokoro({ text, voice: 'af_heart', speed: 1, device }, job);
	return speech.chatterbox({ ...chatterboxDefaults, text, seed: 1, model: voice === 'chatterbox' ? 'original' : 'turbo', device }, job);
}

const row = ({ name, model, precision, provider, loadSeconds, inferenceSeconds, realTimeFactor }: Engine, result: string) =>
	[
		name.padEnd(10),
		model.padEnd(22),
		precision.padEnd(5),
		provider.padEnd(5),
		`load ${loadSeconds.toFixed(2)} s`,
		`run ${inferenceSeconds.toFixed(2)} s`,
		`real-time factor ${realTimeFactor.toFixed(3)}`,
		result,
	].join('  ');
