import { InvalidInput } from '../../../src/errors';
import type { Job, KokoroRequest, Speech } from '../../../src/runtime';
import { chunkTokens, longestInput } from '../../../src/speech/kokoro-chunks';
import { styleFor } from '../../../src/speech/kokoro-style';
import { type Span, tokenTimes, wordsFromTokens } from '../../../src/speech/kokoro-times';
import { knownTokens, spelling, tokenIds } from '../../../src/speech/kokoro-vocabulary';
import type { Pronunciation, Token } from '../../../src/speech/phonemes/tokens';
import { readVoice, type VoiceMix } from '../../../src/speech/voices';
import { codePoints } from '../../../src/text/words';
import { type Device, milliseconds } from '../../../src/vocabulary';
import { nameOf, type ModelStore, type ReadyModel } from '../../models/store';
import type { Espeak } from '../espeak';
import type { Onnx, Turn } from '../onnx';
import { writeWav } from '../wav-file';
import { type Assets, readAssets, voiceFile } from './assets';
import { openGraph } from './graph';
import { createReader } from './pronunciation';

export interface KokoroOptions {
	onnx: Onnx;
	store: Pick<ModelStore, 'ensure'>;
	espeak: Pick<Espeak, 'phonemes'>;
	/** Where a request names no device. */
	device: Device;
}

const sampleRate = 24_000;
/** Outside English the model was taught on shorter texts, and sounds hurried in long ones. */
const longestForeign = 400;
/** Shares of the job's progress: the model is there; the text is read. */
const prepared = 0.1;
const understood = 0.2;

/** Text to speech with Kokoro 82M, the time of every word from the model's own durations. */
export function createKokoro({ onnx, store, espeak, device: usual }: KokoroOptions): Speech['kokoro'] {
	const read = createReader(espeak);

	return async (request, job) => {
		const { signal } = job;
		const mix = readVoice(request.voice, request.language);
		const device = await onnx.deviceFor({ device: request.device ?? usual, warn: (message) => job.warn(message) });
		const model = await store.ensure('kokoro', {
			precision: request.precision,
			device,
			extras: mix.parts.map(({ voice }) => voiceFile(voice.id)),
			signal,
			onProgress: ({ bytes, total }) => job.progress((prepared * bytes) / total, 'Downloading kokoro'),
		});
		const assets = await readAssets(model, mix);
		const text = await read(request.text, {
			language: mix.language,
			lexicon: assets.lexicon,
			signal,
			onProgress: (fraction) => job.progress(prepared + (understood - prepared) * fraction, 'Reading the text'),
		});
		const chunks = chunksOf(text, assets, mix, job);
		return onnx.use({ device, signal, model: nameOf(model) }, (turn) =>
			speak({ request, job, model, assets, text, chunks, turn }),
		);
	};
}

function chunksOf({ tokens }: Pronunciation, { vocabulary }: Assets, { language }: VoiceMix, job: Job): Token[][] {
	const { tokens: known, unknown } = knownTokens(tokens, vocabulary);
	if (!known.some(({ word }) => word !== undefined)) {
		throw new InvalidInput('Expected a text with at least one word to speak, got none', { code: 'nothing_to_speak', field: 'text' });
	}
	if (unknown.length > 0) job.warn(`The model knows no sound for ${unknown.join(' ')}, so it was left out of the words that have it`);
	return chunkTokens(known, language.language.startsWith('en-') ? longestInput : longestForeign);
}

interface Work {
	request: KokoroRequest;
	job: Job;
	model: ReadyModel;
	assets: Assets;
	text: Pronunciation;
	chunks: Token[][];
	turn: Turn;
}

async function speak({ request, job, model, assets, text, chunks, turn }: Work) {
	job.progress(understood, 'Loading kokoro');
	const run = openGraph(await turn.load(model.graph('model')));
	const path = job.files.path('kokoro-speech.wav');
	const timed: { token: Token; time: Span | undefined }[] = [];
	let isTimed = true;
	const duration = await writeWav(path, { sampleRate, channels: 1, encoding: 's16' }, async (wav) => {
		for (const [i, chunk] of chunks.entries()) {
			const ids = tokenIds(chunk, assets.vocabulary);
			const { samples, durations } = await run({ ids, style: styleFor(codePoints(spelling(chunk)), assets.voices), speed: request.speed });
			isTimed &&= durations !== undefined;
			const times = tokenTimes(chunk, durations ?? [], samples.length, sampleRate);
			for (const [k, token] of chunk.entries()) timed.push({ token, time: later(times[k], wav.duration) });
			await wav.write(samples);
			job.progress(understood + ((1 - understood) * (i + 1)) / chunks.length, 'Speaking');
		}
		return milliseconds(wav.duration);
	});
	if (!isTimed) job.warn('This export of Kokoro does not tell how long each sound lasts, so there are no word times. Use the timestamped one');
	return {
		path,
		duration,
		words: isTimed ? wordsFromTokens(text.words, timed, duration) : null,
		engine: turn.report({ name: 'kokoro', model: 'kokoro', precision: model.precision, audioSeconds: duration }),
	};
}

const later = (time: Span | undefined, offset: number) => time && { start: time.start + offset, end: time.end + offset };
