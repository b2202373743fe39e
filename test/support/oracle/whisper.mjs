/**
 * Asks Transformers.js about a tiny Whisper and a sound of raw 32-bit samples, both local files:
 * `node whisper.mjs MODEL_FOLDER SOUND OUT_FOLDER QUESTION`. Answers are JSON on stdout; long arrays are raw files in OUT_FOLDER.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AutoProcessor, LogitsProcessor, LogitsProcessorList, Tensor, WhisperForConditionalGeneration, env, pipeline } from '@huggingface/transformers';

const [folder, sound, out, question] = process.argv.slice(2);
env.allowRemoteModels = false;
env.localModelPath = dirname(folder);
env.useFSCache = false;
const name = basename(folder);
const options = { device: 'cpu', dtype: 'fp32' };
const bytes = await readFile(sound);
const samples = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));

/** The rules of the original that Transformers.js leaves out: times only rise, and the first one is at most 1 s. */
class RisingTimes extends LogitsProcessor {
	constructor(prompt, begin) {
		super();
		Object.assign(this, { prompt, begin });
	}
	_call(ids, logits) {
		ids.forEach((row, i) => {
			const sampled = row.slice(this.prompt).map(Number);
			const data = logits[i].data;
			const times = sampled.filter((id) => id >= this.begin);
			if (sampled.length === 0) data.fill(-Infinity, this.begin + 51);
			else if (times.length > 0) {
				const closes = sampled.at(-1) >= this.begin && sampled.length > 1 && sampled.at(-2) < this.begin;
				data.fill(-Infinity, this.begin, closes ? times.at(-1) : times.at(-1) + 1);
			}
		});
		return logits;
	}
}

const questions = { mel, language, tokens, words };
process.stdout.write(JSON.stringify(await questions[question]()));

async function features() {
	const processor = await AutoProcessor.from_pretrained(name);
	return (await processor(samples)).input_features;
}

async function mel() {
	const { data, dims } = await features();
	await writeFile(join(out, 'mel.f32'), new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
	return { dims };
}

async function language() {
	const model = await WhisperForConditionalGeneration.from_pretrained(name, options);
	const { lang_to_id, decoder_start_token_id } = model.generation_config;
	const ids = new Tensor('int64', BigInt64Array.of(BigInt(decoder_start_token_id)), [1, 1]);
	const { logits } = await model({ input_features: await features(), decoder_input_ids: ids });
	const codes = Object.keys(lang_to_id);
	const heights = codes.map((code) => Math.exp(logits.data[lang_to_id[code]]));
	const total = heights.reduce((sum, height) => sum + height, 0);
	return Object.fromEntries(codes.map((code, i) => [code.slice(2, -2), heights[i] / total]));
}

/** Greedy tokens, when each of them starts, and the attention that tells so. */
async function tokens() {
	const model = await WhisperForConditionalGeneration.from_pretrained(name, options);
	const begin = model.generation_config.no_timestamps_token_id + 1;
	const rules = new LogitsProcessorList();
	rules.push(new RisingTimes(3, begin));
	const answer = await model.generate({
		inputs: await features(),
		language: 'en',
		task: 'transcribe',
		return_timestamps: true,
		return_token_timestamps: true,
		num_frames: Math.floor(samples.length / 320), // Taken as steps of the encoder, of two frames each.
		max_new_tokens: 40,
		logits_processor: rules,
	});
	const attention = [];
	for (const step of answer.cross_attentions) {
		for (const [layer, { data, dims }] of step.entries()) {
			attention.push({ layer, dims });
			await writeFile(join(out, `attention-${attention.length - 1}.f32`), new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
		}
	}
	return { ids: answer.sequences.tolist()[0].map(Number), starts: answer.token_timestamps.tolist()[0], attention };
}

async function words() {
	const transcribe = await pipeline('automatic-speech-recognition', name, options);
	const { chunks } = await transcribe(samples, { return_timestamps: 'word', language: 'en', task: 'transcribe', max_new_tokens: 440 });
	return chunks;
}
