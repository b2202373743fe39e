import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOnnx } from '../../gpu-runtime/engines/onnx';
import { createWhisper } from '../../gpu-runtime/engines/whisper';
import { createModelStore } from '../../gpu-runtime/models/store';
import { encodeSamples, wavHeader } from '../../src/audio/wav';
import type { Job } from '../../src/runtime';
import { sampleRate } from '../../src/speech/whisper/mel';
import type { Engine, Segment, Word } from '../../src/vocabulary';
import { mediaJob, runOperation } from './media';
import { writeWhisper, type TinyWhisper } from './models/whisper/files';

export interface Transcribed {
	text: string;
	language: string;
	languageProbability: number;
	duration: number;
	segments: Segment[];
	words: Word[];
	srt: string;
	vtt: string;
	engine: Engine;
	warnings: string[];
}

/** The transcribe operation over the real engine, store, ffmpeg and onnxruntime; only the weights are tiny. */
export async function whisperStand() {
	const folder = await mkdtemp(join(tmpdir(), 'whisper-'));
	const onnx = createOnnx({ threads: 1 });
	const models = join(folder, 'models');
	const transcribe = createWhisper({ onnx, store: createModelStore({ folder: models, offline: true }), device: 'cpu' });

	async function sound(samples: Float32Array, name = 'sound.wav'): Promise<string> {
		const path = join(folder, name);
		const data = encodeSamples(samples, 'f32');
		await writeFile(path, Buffer.concat([wavHeader({ sampleRate, channels: 1, encoding: 'f32' }, data.length), data]));
		return path;
	}

	/** Runs the operation on samples or a file; `progress` and `signal` as in a job. */
	async function run(audio: Float32Array | string, input: Record<string, unknown> = {}, options: Partial<Pick<Job, 'progress' | 'signal'>> = {}): Promise<Transcribed> {
		const job = await mediaJob({}, options.signal);
		try {
			const file = typeof audio === 'string' ? audio : await sound(audio);
			const answer = await runOperation('transcribe', { audio: { file }, ...input }, { ...job, ...options, speech: { transcribe } } as typeof job);
			return answer as unknown as Transcribed;
		} finally {
			await job.remove();
		}
	}

	return {
		folder,
		sound,
		run,
		/** Puts a model where the store looks for one of that size. */
		install: (model: string, tiny: TinyWhisper) => writeWhisper(join(models, `whisper-${model}`), tiny),
		remove: (model: string) => rm(join(models, `whisper-${model}`), { recursive: true }),
		async close() {
			await onnx.close();
			await rm(folder, { recursive: true });
		},
	};
}
