import { readAhead } from '../../../src/read-ahead';
import type { Job, KokoroRequest, Speech } from '../../../src/runtime';
import { longestInput } from '../../../src/speech/kokoro-chunks';
import { openScript, type Script } from '../../../src/speech/kokoro-script';
import { styleFor } from '../../../src/speech/kokoro-style';
import { type Span, tokenTimes, wordsFromTokens } from '../../../src/speech/kokoro-times';
import { spelling, tokenIds } from '../../../src/speech/kokoro-vocabulary';
import type { Token } from '../../../src/speech/phonemes/tokens';
import { readVoice } from '../../../src/speech/voices';
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
/** Share of the job's progress that is done when the model is there. */
const prepared = 0.1;

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
		job.progress(prepared, 'Reading the text');
		const { language } = mix;
		const passages = readAhead(read(request.text, { language, lexicon: assets.lexicon, signal }));
		const limit = language.language.startsWith('en-') ? longestInput : longestForeign;
		const script = openScript(passages, { vocabulary: assets.vocabulary, limit });
		try {
			// The device is taken when there is something to speak.
			const first = await script.chunks.next();
			return await onnx.use({ device, signal, model: nameOf(model) }, (turn) => speak({ request, job, model, assets, script, first, turn }));
		} finally {
			await script.chunks.return(undefined);
		}
	};
}

interface Work {
	request: KokoroRequest;
	job: Job;
	model: ReadyModel;
	assets: Assets;
	script: Script;
	first: Awaited<ReturnType<Script['chunks']['next']>>;
	turn: Turn;
}

async function speak({ request, job, model, assets, script, first, turn }: Work) {
	job.progress(prepared, 'Loading kokoro');
	const run = openGraph(await turn.load(model.graph('model')));
	const path = job.files.path('kokoro-speech.wav');
	const timed: { token: Token; time: Span | undefined }[] = [];
	let isTimed = true;
	const duration = await writeWav(path, { sampleRate, channels: 1, encoding: 's16' }, async (wav) => {
		for (let next = first; !next.done; next = await script.chunks.next()) {
			const { tokens, read } = next.value;
			const ids = tokenIds(tokens, assets.vocabulary);
			const { samples, durations } = await run({ ids, style: styleFor(codePoints(spelling(tokens)), assets.voices), speed: request.speed });
			isTimed &&= durations !== undefined;
			const times = tokenTimes(tokens, durations ?? [], samples.length, sampleRate);
			for (const [k, token] of tokens.entries()) timed.push({ token, time: later(times[k], wav.duration) });
			await wav.write(samples);
			job.progress(prepared + (1 - prepared) * read, 'Speaking');
		}
		return milliseconds(wav.duration);
	});
	if (script.unknown.size > 0) job.warn(`The model knows no sound for ${[...script.unknown].join(' ')}, so it was left out of the words that have it`);
	if (!isTimed) job.warn('This export of Kokoro does not tell how long each sound lasts, so there are no word times. Use the timestamped one');
	return {
		path,
		duration,
		words: isTimed ? wordsFromTokens(script.words, timed, duration) : null,
		engine: turn.report({ name: 'kokoro', model, audioSeconds: duration }),
	};
}

const later = (time: Span | undefined, offset: number) => time && { start: time.start + offset, end: time.end + offset };
