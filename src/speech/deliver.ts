import { type AudioFormat, encoderOf, encoderOptions } from '../audio/formats';
import type { Job, Spoken } from '../runtime';
import type { ProducedFile } from '../vocabulary';

/** Turns what a voice made into the file that was asked for; a mono WAV is it already, and needs no ffmpeg. */
export async function deliverSpeech(spoken: Spoken, { format, channels = 1 }: { format: AudioFormat; channels?: number }, job: Job): Promise<ProducedFile> {
	const facts = { fileName: `speech.${format}`, duration: spoken.duration };
	if (format === 'wav' && channels === 1) return job.files.result(spoken.path, facts);
	await job.ffmpeg.need([encoderOf(format)]);
	const path = job.files.path(facts.fileName);
	await job.ffmpeg.render({
		inputs: [{ path: spoken.path }],
		options: [...encoderOptions(format, { channels }), '-ac', String(channels)],
		output: path,
		duration: spoken.duration,
	});
	return job.files.result(path, facts);
}
