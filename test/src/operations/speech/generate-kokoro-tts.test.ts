/** @jest-environment ./test/support/node-environment.js */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEspeak } from '../../../../gpu-runtime/engines/espeak';
import { createKokoro } from '../../../../gpu-runtime/engines/kokoro';
import { createOnnx } from '../../../../gpu-runtime/engines/onnx';
import { createModelStore } from '../../../../gpu-runtime/models/store';
import type { Engine, ProducedFile, Segment, Word } from '../../../../src/vocabulary';
import { dist } from '../../../support/dist';
import { mediaJob, runOperation, type MediaJob } from '../../../support/media';
import { writeTinyKokoro } from '../../../support/models/kokoro';

const espeak = createEspeak({ helper: dist('gpu-runtime/engines/espeak/helper.js') });
const onnx = createOnnx({ threads: 1 });
let models: string;
let job: MediaJob;

beforeAll(async () => {
	models = await mkdtemp(join(tmpdir(), 'models-'));
	await writeTinyKokoro(join(models, 'kokoro'));
});
beforeEach(async () => {
	job = await mediaJob();
});
afterEach(() => job.remove());
afterAll(async () => {
	espeak.close();
	await onnx.close();
	await rm(models, { recursive: true });
});

interface Answer {
	audio: ProducedFile;
	duration: number;
	voice: string;
	language: string;
	words: Word[];
	segments: Segment[];
	engine: Engine;
}

async function speak(input: Record<string, unknown>): Promise<Answer> {
	const kokoro = createKokoro({ onnx, espeak, store: createModelStore({ folder: models, offline: true }), device: 'cpu' });
	const withSpeech = { ...job, speech: { kokoro } };
	return (await runOperation('generate_kokoro_tts', input, withSpeech)) as unknown as Answer;
}

const text = 'Hello brave new world. The second sentence is here!';

describe('generate_kokoro_tts', () => {
	test('gives sound, words, a segment for each sentence, the language of the voice and what really ran', async () => {
		const answer = await speak({ text, voice: 'bf_emma' });
		expect(answer).toMatchObject({ voice: 'bf_emma', language: 'en-gb', engine: { name: 'kokoro', precision: 'fp32', provider: 'cpu' } });
		expect(answer.segments.map((segment) => segment.text)).toEqual(['Hello brave new world.', 'The second sentence is here!']);
		expect(answer.segments.flatMap(({ words }) => words)).toEqual(answer.words);
		expect(await job.ffmpeg.probe(answer.audio.file ?? '')).toMatchObject({ duration: expect.closeTo(answer.duration, 2), audio: { sampleRate: 24_000, channels: 1 } });
	});

	test.each([
		['wav', 2, 'pcm_s16le'],
		['mp3', 1, 'mp3'],
	])('makes %s with %i channels', async (format, channels, codec) => {
		const { audio } = await speak({ text, format, channels });
		expect(await job.ffmpeg.probe(audio.file ?? '')).toMatchObject({ audio: { codec, channels } });
	});

	test.each([
		[{ text: ' ' }, 'text'],
		[{ text, voice: 'af_nobody' }, 'voice'],
		[{ text, language: 'fr' }, 'language'],
		[{ text, speed: 0.4 }, 'speed'],
		[{ text, channels: 3 }, 'channels'],
		[{ text: 'a'.repeat(3_000_000) }, 'text'],
	])('%# is refused with the field at fault', async (input, field) => {
		await expect(speak(input)).rejects.toMatchObject({ type: 'InvalidInput', field });
	});
});
