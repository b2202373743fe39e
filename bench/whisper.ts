import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createOnnx, f32, type Model, type Onnx } from '../gpu-runtime/engines/onnx';
import { openDecoder } from '../gpu-runtime/engines/whisper/decoder';
import { hear } from '../gpu-runtime/engines/whisper/sound';
import { transcribeSound } from '../gpu-runtime/engines/whisper/transcript';
import { readVocabulary } from '../gpu-runtime/engines/whisper/vocabulary';
import { windowFrames } from '../src/speech/whisper/mel';
import { writeWhisper } from '../test/support/models/whisper/files';
import { listeningWhisper } from '../test/support/models/whisper/listening';
import { randomWhisper } from '../test/support/models/whisper/random';
import { tones } from '../test/support/models/whisper/sounds';
import { middleBy } from './measure';
import type { Row } from './row';

const oracle = join(__dirname, '../test/support/oracle/whisper.mjs');

/** Our own time around the model, and how often the decoder runs. */
export async function run(): Promise<Row[]> {
	const folder = await mkdtemp(join(tmpdir(), 'bench-whisper-'));
	const onnx = createOnnx();
	try {
		return [await shareRow(onnx, folder), await stepsRow(onnx, folder)];
	} finally {
		await onnx.close();
		await rm(folder, { recursive: true });
	}
}

/** A model of Whisper base's size: 512 wide, 6 layers on either side, 51,865 tokens. */
async function shareRow(onnx: Onnx, folder: string) {
	await writeWhisper(folder, randomWhisper({ heads: 8, head: 64, layers: 6, filler: 51_865 - 1775, sharpness: 0.3, whole: true }));
	const noise = Float32Array.from({ length: 30 * 16_000 }, (_, i) => Math.sin(i * i * 1e-5) * Math.sin(i / 5000) * 0.3);
	const runs = [await transcribed(onnx, folder, noise), await transcribed(onnx, folder, noise), await transcribed(onnx, folder, noise)];
	const { whole, inside, steps } = middleBy(runs, (one) => one.inside / one.whole);
	const ratio = (whole - inside) / whole;
	return {
		row: "Whisper's time around session.run",
		ours: whole - inside,
		older: whole,
		ratio,
		unit: 's',
		goal: '≤ 0.1 of the whole',
		ok: ratio <= 0.1,
		note: `seconds for 30 s of noise, 5 beams, ${steps} decoder runs, random weights of Whisper base's size; the middle of 3 runs`,
	};
}

/** On a model that hears words in silence, as the real ones do: whoever searches the padding finds some. */
async function stepsRow(onnx: Onnx, folder: string) {
	const model = join(folder, 'inventing');
	await writeWhisper(model, listeningWhisper({ invents: true }));
	const clip = tones([0, 1, 2, 3, 4, 5]);
	const { steps: ours } = await transcribed(onnx, model, clip);
	const asked = [{ question: 'steps', model, sound: join(model, 'sound.f32'), out: folder }];
	const { stdout } = await promisify(execFile)(process.execPath, [oracle, JSON.stringify(asked)]);
	const older = Number((JSON.parse(stdout) as number[])[0]);
	const ratio = ours / older;
	return { row: 'decoder runs for a clip of 3 s with word times', ours, older, ratio, unit: 'runs', goal: '≤ 1/5', ok: ratio <= 1 / 5, note: 'older: Transformers.js, which goes on into the padding' };
}

async function transcribed(onnx: Onnx, folder: string, samples: Float32Array) {
	const signal = new AbortController().signal;
	const sound = join(folder, 'sound.f32');
	await writeFile(sound, Buffer.from(samples.buffer));
	const open = (name: string) => onnx.load(join(folder, 'onnx', `${name}.onnx`), { device: 'cpu', signal });
	const encoder = timed(await open('encoder_model'));
	const decoder = timed(await open('decoder_model_merged'));
	const vocabulary = { ...(await readVocabulary(folder)), contextLength: 60 }; // Random weights never come to an end by themselves.
	const start = performance.now();
	const hearing = await hear(sound, vocabulary.melBins, signal);
	await transcribeSound({
		hearing,
		listen: async (seek) => (await encoder.model.run({ input_features: f32(await hearing.window(seek), [1, vocabulary.melBins, windowFrames]) })).last_hidden_state!,
		decoder: openDecoder(decoder.model),
		vocabulary,
		language: 'en',
		translates: false,
		beamSize: 5,
		prompt: [],
		wordTimestamps: true,
		onProgress: () => undefined,
	});
	const whole = (performance.now() - start) / 1000;
	await hearing.close();
	return { whole, inside: encoder.seconds() + decoder.seconds(), steps: decoder.steps() };
}

function timed(model: Model) {
	let seconds = 0;
	let steps = 0;
	const run: Model['run'] = async (feeds) => {
		const start = performance.now();
		const outputs = await model.run(feeds);
		seconds += (performance.now() - start) / 1000;
		steps++;
		return outputs;
	};
	return { model: { ...model, run }, seconds: () => seconds, steps: () => steps };
}
