import { randomInt } from 'node:crypto';
import { messageOf, OperationFailed, ToolError } from '../../../src/errors';
import type { ChatterboxRequest, Job, Speech } from '../../../src/runtime';
import { chatterboxDefaults } from '../../../src/speech/chatterbox/defaults';
import { randomFrom } from '../../../src/speech/chatterbox/sampling';
import { groupSentences, splitSentences } from '../../../src/text/sentences';
import { milliseconds, type Device, type Segment } from '../../../src/vocabulary';
import { nameOf, type ModelStore, type ReadyModel } from '../../models/store';
import type { Onnx, Turn } from '../onnx';
import { writeWav } from '../wav-file';
import { openGraphs, type Graphs } from './graphs';
import { speakChunk, type Speaker } from './speaking';
import { readTokenizer, type TextTokenizer } from './tokenizer';
import { createVoices, sampleRate } from './voice';

export interface ChatterboxOptions {
	onnx: Onnx;
	store: Pick<ModelStore, 'ensure'>;
	/** Where a request names no device. */
	device: Device;
	/** Speech tokens after which a part counts as endless, by default those of the 40 s that the models can do. */
	maxTokens?: number;
}

/** Share of the job's progress that the download has. */
const downloaded = 0.1;
/** Speech tokens that a character takes, about: 25 a second at 15 characters a second. */
const tokensPerCharacter = 25 / 15;

/** Speech in the voice of a sample, by the Chatterbox models and a sampling loop of our own. */
export function createChatterbox({ onnx, store, device: usual, maxTokens = 1000 }: ChatterboxOptions): Speech['chatterbox'] {
	const voiceFor = createVoices();

	return async (request, job) => {
		const { signal } = job;
		const name = request.model === 'turbo' ? 'chatterbox-turbo' : 'chatterbox';
		const device = await onnx.deviceFor({ device: request.device ?? usual, warn: (message) => job.warn(message) });
		const ready = await store.ensure(name, {
			precision: request.precision,
			device,
			signal,
			onProgress: ({ bytes, total }) => job.progress((downloaded * bytes) / total, `Downloading ${name}`),
		});
		const tokenizer = await readTokenizer(ready.folder);
		return onnx.use({ device, signal, model: nameOf(ready) }, async (turn) => {
			job.progress(downloaded, `Loading ${name}`);
			const graphs = await openGraphs(turn, ready);
			warnOfLimits(request, graphs, tokenizer, job);
			const voice = await voiceFor(request.sample, { graphs, ready, job });
			const seed = request.seed ?? randomInt(2 ** 32);
			const sampling = { temperature: request.temperature, random: randomFrom(seed) };
			return speakAll({ request, job, turn, ready, seed, speaker: { ...request, graphs, tokenizer, voice, sampling, maxTokens } });
		});
	};
}

/** Says what the model cannot do of what was asked for. */
function warnOfLimits({ text, cfgWeight, exaggeration }: ChatterboxRequest, { kind, guided }: Graphs, tokenizer: TextTokenizer, job: Job): void {
	const unknown = tokenizer.unknown(text);
	if (unknown.length > 0) job.warn(`Chatterbox has no sound for ${unknown.join(' ')}`);
	if (kind === 'turbo') {
		const changed = cfgWeight !== chatterboxDefaults.cfgWeight || exaggeration !== chatterboxDefaults.exaggeration;
		if (changed) job.warn('Chatterbox Turbo knows no exaggeration and no CFG weight; both were ignored');
	} else if (!guided && cfgWeight > 0) job.warn('The published export of Chatterbox cannot apply the CFG weight; it was ignored');
}

interface Speaking {
	request: ChatterboxRequest;
	job: Job;
	turn: Turn;
	ready: ReadyModel;
	seed: number;
	speaker: Speaker;
}

async function speakAll({ request, job, turn, ready, seed, speaker }: Speaking) {
	const chunks = groupSentences(splitSentences(request.text), request.chunkCharacters);
	const path = job.files.path('chatterbox.wav');
	const onToken = progressOf(request.text, job);
	const { segments, duration } = await writeWav(path, { sampleRate, channels: 1, encoding: 's16' }, async (wav) => {
		const spoken: Segment[] = [];
		for (const [index, text] of chunks.entries()) {
			if (index > 0) await wav.silence(request.chunkSilence);
			const start = milliseconds(wav.duration);
			const parts = await speakChunk(text, speaker, onToken).catch((error: unknown) => {
				throw inChunk(error, index + 1, chunks.length);
			});
			for (const part of parts) await wav.write(part);
			spoken.push({ text, start, end: milliseconds(wav.duration), words: [] });
		}
		return { segments: spoken, duration: milliseconds(wav.duration) };
	});
	return {
		path,
		duration,
		words: null,
		segments,
		engine: turn.report({ name: 'chatterbox', model: ready, audioSeconds: duration }),
		seed,
		cfgApplied: speaker.graphs.guided && request.cfgWeight > 0,
	};
}

/** Tells each percent of the tokens that a text will take, about. */
function progressOf(text: string, job: Job): () => void {
	const expected = text.length * tokensPerCharacter;
	let [tokens, told] = [0, -1];
	return () => {
		const percent = Math.min(99, Math.floor((100 * ++tokens) / expected));
		if (percent > told) job.progress(downloaded + ((1 - downloaded) * percent) / 100, 'Speaking');
		told = percent;
	};
}

function inChunk(error: unknown, number: number, count: number): unknown {
	if (!(error instanceof ToolError) || error.type !== 'OperationFailed') return error;
	return new OperationFailed(`Part ${number} of ${count} could not be spoken: ${messageOf(error)}`, { code: error.code, cause: error });
}
