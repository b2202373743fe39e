/** @jest-environment ./test/support/node-environment.js */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createChatterbox } from '../../../../gpu-runtime/engines/chatterbox';
import { createOnnx } from '../../../../gpu-runtime/engines/onnx';
import { createModelStore } from '../../../../gpu-runtime/models/store';
import { OperationFailed } from '../../../../src/errors';
import { perform, readRequest } from '../../../../src/execute';
import type { Job } from '../../../../src/runtime';
import { producedFile } from '../../../../src/vocabulary';
import { mediaJob, type MediaJob } from '../../../support/media';
import { writeTinyChatterbox } from '../../../support/models/chatterbox';

const onnx = createOnnx({ threads: 1 });
let root: string;
let job: MediaJob;

beforeAll(async () => {
	root = await mkdtemp(join(tmpdir(), 'chatterbox-'));
	await writeTinyChatterbox(join(root, 'chatterbox'), { stopAt: 60 });
	await writeTinyChatterbox(join(root, 'chatterbox-turbo'), { stopAt: 60, turbo: true });
});
beforeEach(async () => {
	job = await mediaJob();
});
afterEach(() => job.remove());
afterAll(async () => {
	await onnx.close();
	await rm(root, { recursive: true });
});

function clone(input: Record<string, unknown>) {
	const absent = () => Promise.reject(new OperationFailed('This test has one voice'));
	const chatterbox = createChatterbox({ onnx, store: createModelStore({ folder: root, offline: true }), device: 'cpu' });
	const speech = { chatterbox, kokoro: absent, draft: absent, transcribe: absent };
	const needsNothingElse = { ...job, id: 'test', progress: () => undefined, speech } as unknown as Job;
	return perform(readRequest('generate_chatterbox_tts', input, { allowFiles: true }), needsNothingElse, job.warnings);
}

it('speaks with the voice of the model when no sample is given', async () => {
	const result = await clone({ text: 'Hello there.', seed: 7 });
	expect(result).toMatchObject({
		audio: { fileName: 'speech.wav', mimeType: 'audio/wav' },
		segments: [{ text: 'Hello there.', start: 0, words: [] }],
		seed: 7,
		cfgApplied: false,
		watermark: false,
		engine: { model: 'chatterbox', provider: 'cpu' },
		warnings: [expect.stringMatching(/CFG weight/)],
	});
});

it('makes the format that is asked for, by either model, from any sample', async () => {
	const sample = join(root, 'sample.mp3');
	await job.ffmpeg.render({ inputs: [{ path: 'sine=f=300:d=6', lavfi: true }], options: ['-c:a', 'libmp3lame'], output: sample, duration: 6 });
	const result = await clone({ text: 'Hello.', sampleAudio: { file: sample }, model: 'turbo', format: 'mp3' });
	expect(result).toMatchObject({ audio: { fileName: 'speech.mp3' }, engine: { model: 'chatterbox-turbo' }, warnings: [] });
	const { file } = producedFile.parse(result.audio);
	const { audio } = await job.ffmpeg.probe(file ?? '');
	expect(audio).toMatchObject({ codec: 'mp3', sampleRate: 24_000, channels: 1 });
});

it('takes the spelling of the older service', async () => {
	expect(await clone({ text: 'Hello.', cfg_weight: 0, exaggeration: 0.25 })).toMatchObject({ warnings: [] });
});

it.each([
	['an empty text', { text: ' ' }, 'text'],
	['too much exaggeration', { text: 'Hello.', exaggeration: 3 }, 'exaggeration'],
	['too small parts', { text: 'Hello.', chunkCharacters: 10 }, 'chunkCharacters'],
	['another model', { text: 'Hello.', model: 'large' }, 'model'],
])('refuses %s and names the field', async (_name, input, field) => {
	await expect((async () => clone(input))()).rejects.toMatchObject({ type: 'InvalidInput', field });
});
