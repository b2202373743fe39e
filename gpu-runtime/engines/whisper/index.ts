import { InvalidInput, OperationFailed } from '../../../src/errors';
import type { Speech, TranscribeRequest } from '../../../src/runtime';
import { whisperLanguage } from '../../../src/speech/whisper/languages';
import { windowFrames } from '../../../src/speech/whisper/mel';
import { softmaxOver } from '../../../src/speech/whisper/rules';
import { joinWords } from '../../../src/text/words';
import { milliseconds, type Device } from '../../../src/vocabulary';
import { nameOf, type ModelStore } from '../../models/store';
import { f32, type Model, type Onnx, type Tensor, type Turn } from '../onnx';
import { openDecoder, type Decoder } from './decoder';
import { decodeSound, hear, type Hearing } from './sound';
import { transcribeSound } from './transcript';
import { readVocabulary, type WhisperVocabulary } from './vocabulary';

export interface WhisperOptions {
	onnx: Onnx;
	store: Pick<ModelStore, 'ensure'>;
	/** Where a request names no device. */
	device: Device;
}

/** Prompt tokens that fit beside the text of a window. */
const longestPrompt = 224;
/** Share of the job's progress that is done when the model is there and loaded. */
const prepared = 0.1;

/** Speech to text with the Whisper models, by a decode loop of our own. */
export function createWhisper({ onnx, store, device: usual }: WhisperOptions): Speech['transcribe'] {
	const vocabularies = new Map<string, Promise<WhisperVocabulary>>();

	function vocabularyOf(folder: string): Promise<WhisperVocabulary> {
		const known = vocabularies.get(folder) ?? readVocabulary(folder);
		vocabularies.set(folder, known);
		known.catch(() => vocabularies.delete(folder));
		return known;
	}

	return async (request, job) => {
		const { signal } = job;
		const name = `whisper-${request.model}`;
		job.progress(0, 'Reading the sound');
		const samples = await decodeSound(request.audio, job);
		const device = await onnx.deviceFor({ device: request.device ?? usual, warn: (message) => job.warn(message) });
		const model = await store.ensure(name, {
			precision: request.precision,
			device,
			signal,
			onProgress: ({ bytes, total }) => job.progress((prepared * bytes) / total, `Downloading ${name}`),
		});
		const vocabulary = await vocabularyOf(model.folder);
		const prompt = promptTokens(request.prompt, vocabulary);
		const language = languageFor(request, vocabulary);
		if (request.task === 'translate' && request.model.includes('turbo')) job.warn(notTaught);
		const hearing = await hear(samples, vocabulary.melBins, signal);
		try {
			return await onnx.use({ device, signal, model: nameOf(model) }, async (turn) => {
				job.progress(prepared, `Loading ${name}`);
				const open = await openModel(turn, model.graph, { hearing, wordTimestamps: request.wordTimestamps });
				const found = await findLanguage({ language, vocabulary, ...open });
				const segments = await transcribeSound({
					...request,
					...open,
					hearing,
					vocabulary,
					prompt,
					language: found.language,
					translates: request.task === 'translate',
					onProgress: (fraction) => job.progress(prepared + (1 - prepared) * fraction, 'Transcribing'),
				});
				const engine = turn.report({ name: 'whisper', model, audioSeconds: hearing.duration });
				return { text: joinWords(segments), ...found, duration: milliseconds(hearing.duration), segments, engine };
			});
		} finally {
			await hearing.close();
		}
	};
}

const notTaught = 'The turbo model was not taught to translate and may answer in the language that is spoken; take small or medium to translate';

function promptTokens(prompt: string | undefined, vocabulary: WhisperVocabulary): number[] {
	const text = prompt?.trim() ?? '';
	const tokens = text === '' ? [] : vocabulary.encode(` ${text}`);
	if (tokens.length <= longestPrompt) return tokens;
	throw new InvalidInput(`prompt: Expected at most ${longestPrompt} tokens (about 150 words), got ${tokens.length}. Keep the names and terms that matter`, {
		code: 'prompt_too_long',
		field: 'prompt',
	});
}

/** The language to transcribe, undefined when it is to be detected. */
function languageFor({ language, task, model }: TranscribeRequest, { multilingual }: WhisperVocabulary): string | undefined {
	const code = language === undefined ? undefined : whisperLanguage(language);
	if (language !== undefined && code === undefined) throw unspoken(model, language);
	if (multilingual === null) {
		if (code !== undefined && code !== 'en') throw unspoken(model, code);
		if (task === 'translate') {
			throw new InvalidInput(`task: Expected transcribe with the model ${model}, which knows only English, got translate`, { code: 'not_translatable', field: 'task' });
		}
		return 'en';
	}
	if (code !== undefined && !multilingual.languages.has(code)) throw unspoken(model, code);
	return code;
}

const unspoken = (model: string, code: string) =>
	new InvalidInput(`language: Expected the code of a language that the model ${model} knows, got "${code}". Leave it empty to have the language detected; models ending in .en know only English`, {
		code: 'unknown_language',
		field: 'language',
	});

async function openModel(turn: Turn, graph: (name: string) => string, { hearing, wordTimestamps }: { hearing: Hearing; wordTimestamps: boolean }) {
	const encoder = await turn.load(graph('encoder_model'));
	const decoder = openDecoder(await turn.load(graph('decoder_model_merged')));
	if (wordTimestamps && !decoder.hasAttention) {
		throw new OperationFailed(
			'Expected a Whisper export with cross_attentions outputs, which word times need, got one without. Take a "_timestamped" export, or turn word timestamps off',
			{ code: 'model_unsupported', field: 'wordTimestamps' },
		);
	}
	const encodeAt = async (seek: number) => encode(encoder, await hearing.window(seek));
	let first: Promise<Tensor> | undefined;
	// The first window is heard for its language and again for its text.
	return { decoder, listen: (seek: number) => (seek === 0 ? (first ??= encodeAt(0)) : encodeAt(seek)) };
}

async function encode(encoder: Model, window: Float32Array): Promise<Tensor> {
	const outputs = await encoder.run({ input_features: f32(window, [1, window.length / windowFrames, windowFrames]) });
	const heard = outputs.last_hidden_state;
	if (heard === undefined) throw new OperationFailed('Expected a Whisper encoder with the output last_hidden_state, got one without', { code: 'model_unsupported' });
	return heard;
}

interface Listening {
	language: string | undefined;
	vocabulary: WhisperVocabulary;
	decoder: Decoder;
	listen(seek: number): Promise<Tensor>;
}

/** Asks the model for the language of the first 30 s, unless it is known. */
async function findLanguage({ language, vocabulary, decoder, listen }: Listening) {
	if (language !== undefined || vocabulary.multilingual === null) return { language: language ?? 'en', languageProbability: 1 };
	const { rows } = await decoder.start(await listen(0), [vocabulary.startOfTranscript]);
	const languages = [...vocabulary.multilingual.languages];
	const chances = softmaxOver(rows[0]!, languages.map(([, token]) => token));
	const best = chances.indexOf(Math.max(...chances));
	return { language: languages[best]![0], languageProbability: milliseconds(chances[best]!) };
}
