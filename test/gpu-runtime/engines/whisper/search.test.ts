/** @jest-environment ./test/support/node-environment.js */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOnnx, f32, type Model } from '../../../../gpu-runtime/engines/onnx';
import { searchText } from '../../../../gpu-runtime/engines/whisper/attempts';
import { openDecoder } from '../../../../gpu-runtime/engines/whisper/decoder';
import { readVocabulary, type WhisperVocabulary } from '../../../../gpu-runtime/engines/whisper/vocabulary';
import { createMel, largest, melWindow, mirrorStart, quietest } from '../../../../src/speech/whisper/mel';
import { writeWhisper } from '../../../support/models/whisper/files';
import { listeningWhisper } from '../../../support/models/whisper/listening';
import { randomWhisper } from '../../../support/models/whisper/random';
import { tones } from '../../../support/models/whisper/sounds';
import { idOf } from '../../../support/models/whisper/vocabulary';
import { bruteForce, noisyWindow } from './reference';

const onnx = createOnnx({ threads: 1 });
const signal = new AbortController().signal;
const opening = ['startoftranscript', 'en', 'transcribe'].map(idOf);
const earlier = [idOf('startofprev'), idOf('ĠHello'), idOf('Ġbig')];
let folder: string;

interface Loaded {
	encoder: Model;
	decoder: Model;
	vocabulary: WhisperVocabulary;
}
async function load(name: string, tiny: Parameters<typeof writeWhisper>[1]): Promise<Loaded> {
	const path = join(folder, name);
	await writeWhisper(path, tiny);
	const graph = (file: string) => onnx.load(join(path, 'onnx', file), { device: 'cpu', signal });
	return { encoder: await graph('encoder_model.onnx'), decoder: await graph('decoder_model_merged.onnx'), vocabulary: await readVocabulary(path) };
}

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'whisper-search-'));
});
afterAll(async () => {
	await onnx.close();
	await rm(folder, { recursive: true });
});

async function search({ encoder, decoder, vocabulary }: Loaded, window: ReturnType<typeof f32>, { prompt = opening, width = 1, temperature = 0, maxTokens = 14 } = {}) {
	const { last_hidden_state: heard } = await encoder.run({ input_features: window });
	const own = openDecoder(decoder);
	const found = await searchText({ decoder: own, start: await own.start(heard!, prompt), rules: vocabulary.rules, temperature, width, maxTokens });
	return { found, heard: heard! };
}

describe.each([1, 2])('on random weights (%i) the cached, batched search finds what the plain one finds', (seed) => {
	it.each([
		[1, opening],
		[1, [...earlier, ...opening]],
		[3, opening],
		[5, [...earlier, ...opening]],
	])('with %i beams after %j', async (width, prompt) => {
		const loaded = await load(`random-${seed}-${width}-${prompt.length}`, randomWhisper({ seed }));
		for (const sound of [11, 12]) {
			const { found, heard } = await search(loaded, noisyWindow(sound), { prompt, width });
			const plain = await bruteForce(loaded.decoder, heard).search(prompt, width, 14);
			expect(found.tokens).toEqual(plain.tokens);
			expect(found.score).toBeCloseTo(plain.score, 3);
		}
	});
});

it('the sound, the seed of the weights and the text before all change what is found', async () => {
	const loaded = await load('random', randomWhisper({ seed: 1 }));
	const other = await load('other', randomWhisper({ seed: 2 }));
	const texts = await Promise.all([
		search(loaded, noisyWindow(11)),
		search(loaded, noisyWindow(12)),
		search(loaded, noisyWindow(11), { prompt: [...earlier, ...opening] }),
		search(other, noisyWindow(11)),
	]);
	expect(new Set(texts.map(({ found }) => found.tokens.join())).size).toBe(4);
});

it('drawn texts are the same every time', async () => {
	const loaded = await load('drawn', randomWhisper({ seed: 1 }));
	const draw = async () => (await search(loaded, noisyWindow(11), { width: 5, temperature: 0.8 })).found;
	expect(await draw()).toEqual(await draw());
});

it('one beam falls for a token after which nothing is likely, two and more find the better text', async () => {
	const loaded = await load('trap', listeningWhisper({ trapAt: 1 }));
	const frames = createMel(80).frames(mirrorStart(tones([0, 1, 2, null])), 190);
	const window = f32(melWindow(frames, 80, largest(frames, quietest)), [1, 80, 3000]);
	const texts = async (width: number) => (await search(loaded, window, { width })).found.tokens.filter((token) => token < idOf('endoftext'));
	expect((await texts(1))[1]).toBe(idOf('Ġtest'));
	for (const width of [2, 5]) expect(await texts(width)).toEqual(['ĠHello', 'Ġbig', 'Ġworld'].map(idOf));
});
