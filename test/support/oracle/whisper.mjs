/**
 * Asks Transformers.js about tiny Whispers and sounds of raw 32-bit samples, all local files. The first argument is a JSON list of
 * `{ question, model, sound, out }`; the answers are a JSON list on stdout, and long arrays are raw files in the folder `out`.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { AutoProcessor, LogitsProcessor, LogitsProcessorList, Tensor, WhisperForConditionalGeneration, env, pipeline } from '@huggingface/transformers';

env.allowRemoteModels = false;
env.useFSCache = false;
const options = { device: 'cpu', dtype: 'fp32' };

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

const questions = { mel, language, tokens, words, steps };
const answers = [];
for (const { question, model, sound, out } of JSON.parse(process.argv[2])) {
	env.localModelPath = dirname(model);
	const bytes = await readFile(sound);
	const samples = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
	answers.push(await questions[question]({ name: basename(model), samples, keep: (file, array) => writeFile(join(out, file), bytesOf(array)) }));
}
process.stdout.write(JSON.stringify(answers));

function bytesOf({ buffer, byteOffset, byteLength }) {
	return new Uint8Array(buffer, byteOffset, byteLength);
}

async function features({ name, samples }) {
	const processor = await AutoProcessor.from_pretrained(name);
	return (await processor(samples)).input_features;
}

async function mel(asked) {
	const { data, dims } = await features(asked);
	await asked.keep('mel.f32', data);
	return { dims };
}

async function language(asked) {
	const model = await WhisperForConditionalGeneration.from_pretrained(asked.name, options);
	const { lang_to_id, decoder_start_token_id } = model.generation_config;
	const ids = new Tensor('int64', BigInt64Array.of(BigInt(decoder_start_token_id)), [1, 1]);
	const { logits } = await model({ input_features: await features(asked), decoder_input_ids: ids });
	const codes = Object.keys(lang_to_id);
	const heights = codes.map((code) => Math.exp(logits.data[lang_to_id[code]]));
	const total = heights.reduce((sum, height) => sum + height, 0);
	return Object.fromEntries(codes.map((code, i) => [code.slice(2, -2), heights[i] / total]));
}

/** Greedy tokens, when each of them starts, and the attention that tells so. */
async function tokens(asked) {
	const model = await WhisperForConditionalGeneration.from_pretrained(asked.name, options);
	const rules = new LogitsProcessorList();
	rules.push(new RisingTimes(3, model.generation_config.no_timestamps_token_id + 1));
	const answer = await model.generate({
		inputs: await features(asked),
		language: 'en',
		task: 'transcribe',
		return_timestamps: true,
		return_token_timestamps: true,
		num_frames: Math.floor(asked.samples.length / 320), // Taken as steps of the encoder, of two frames each.
		max_new_tokens: 40,
		logits_processor: rules,
	});
	const attention = [];
	for (const step of answer.cross_attentions) {
		for (const [layer, { data, dims }] of step.entries()) {
			await asked.keep(`attention-${attention.length}.f32`, data);
			attention.push({ layer, dims });
		}
	}
	return { ids: answer.sequences.tolist()[0].map(Number), starts: answer.token_timestamps.tolist()[0], attention };
}

async function words({ name, samples }) {
	const transcribe = await pipeline('automatic-speech-recognition', name, options);
	const { chunks } = await transcribe(samples, { return_timestamps: 'word', language: 'en', task: 'transcribe', max_new_tokens: 440 });
	return chunks;
}

/** How often the decoder runs for word times. */
async function steps({ name, samples }) {
	const transcribe = await pipeline('automatic-speech-recognition', name, options);
	const session = transcribe.model.sessions.decoder_model_merged;
	const run = session.run.bind(session);
	let count = 0;
	session.run = (...feeds) => {
		count++;
		return run(...feeds);
	};
	await transcribe(samples, { return_timestamps: 'word', language: 'en', task: 'transcribe' });
	return count;
}
