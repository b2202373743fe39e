import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { InvalidInput, OperationFailed } from '../../../src/errors';
import { soundOf } from '../../../src/ffmpeg/expected';
import type { Job } from '../../../src/runtime';
import type { ReadyModel } from '../../models/store';
import type { Graphs, Voice } from './graphs';

export const sampleRate = 24_000;

/** Seconds of a sample that the models listen to. */
const used = 10;
/** Seconds that a sample must have. */
const least = { original: 3, turbo: 5 } as const;
/** LUFS of the voices that Turbo was trained with. */
const turboLoudness = -27;
const field = 'sampleAudio';

/** What the encoder heard in the samples of the last jobs, as most workflows speak with one voice again and again. */
export function createVoices(keep = 8) {
	const heard = new Map<string, Voice>();

	return async (sample: string | undefined, { graphs, ready, job }: { graphs: Graphs; ready: ReadyModel; job: Job }): Promise<Voice> => {
		const path = sample ?? defaultVoice(ready);
		const key = [await hashOf(path), ready.name, ready.precision, graphs.kind].join(' ');
		const known = heard.get(key);
		const voice = known ?? (await graphs.hear(await decodeSample(path, graphs.kind, job)));
		heard.delete(key);
		heard.set(key, voice);
		const [oldest] = heard.keys();
		if (heard.size > keep && oldest !== undefined) heard.delete(oldest);
		return voice;
	};
}

function defaultVoice(ready: ReadyModel): string {
	const path = ready.file('default_voice.wav');
	if (path !== undefined) return path;
	throw new InvalidInput(`${field}: Expected a voice sample, as the model ${ready.name} brings no voice of its own. Give a recording of a few seconds`, { field, code: 'sample_missing' });
}

async function hashOf(path: string): Promise<string> {
	const hash = createHash('sha256');
	await pipeline(createReadStream(path), hash);
	return hash.digest('hex');
}

/** Mono samples of at most `used` seconds, at the loudness that the model knows. */
async function decodeSample(path: string, kind: Graphs['kind'], job: Job): Promise<Float32Array> {
	const { ffmpeg, files } = job;
	const audio = soundOf(await ffmpeg.probe(path, field), field);
	const inputs = [{ path }];
	const select = ['-map', `0:${audio.index}`, '-t', String(used)];
	const gain = kind === 'turbo' ? turboLoudness - loudnessIn(await ffmpeg.analyse({ inputs, options: [...select, '-af', 'ebur128', '-f', 'null'] })) : 0;
	const output = files.path('voice.f32');
	await ffmpeg.render({
		inputs,
		options: [...select, '-af', `volume=${gain}dB`, '-ac', '1', '-ar', String(sampleRate), '-c:a', 'pcm_f32le', '-f', 'f32le'],
		output,
	});
	const samples = samplesOf(await readFile(output));
	const seconds = samples.length / sampleRate;
	if (seconds < least[kind]) {
		throw new InvalidInput(`${field}: Expected a voice sample of at least ${least[kind]} s for Chatterbox ${kind}, got ${seconds.toFixed(1)} s. Give a longer recording`, {
			field,
			code: 'sample_too_short',
		});
	}
	if (audio.duration > used + 0.05) job.warn(`Of the voice sample of ${audio.duration.toFixed(1)} s the first ${used} s were used`);
	return samples;
}

/** The last summary of ffmpeg's ebur128 filter, `I: -23.0 LUFS`. */
function loudnessIn(log: string): number {
	const found = Number([...log.matchAll(/\bI:\s*(-?[\d.]+) LUFS/g)].at(-1)?.[1]);
	if (Number.isNaN(found)) throw new OperationFailed(`Expected the loudness of the voice sample from ffmpeg, got ${log.slice(-200)}. Give another recording`);
	if (found <= -70) throw new InvalidInput(`${field}: Expected a voice sample with a voice, got silence. Give a recording in which somebody speaks`, { field, code: 'sample_silent' });
	return found;
}

const samplesOf = (bytes: Buffer) => new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
