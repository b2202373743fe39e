import { isFirm, isSilent } from '../../../src/speech/whisper/attempt';
import { textOf } from '../../../src/speech/whisper/bytes';
import { spacelessLanguages } from '../../../src/speech/whisper/languages';
import { framesPerSecond, windowFrames } from '../../../src/speech/whisper/mel';
import { cutWindow } from '../../../src/speech/whisper/segments';
import { milliseconds, type Segment } from '../../../src/vocabulary';
import type { Tensor } from '../onnx';
import { decodeWindow } from './attempts';
import type { Decoder } from './decoder';
import type { Hearing } from './sound';
import type { WhisperVocabulary } from './vocabulary';
import { timeCuts, type WordedCut } from './word-times';

export interface TranscriptRequest {
	hearing: Hearing;
	/** What the encoder makes of the window from frame `seek` on. */
	listen(seek: number): Promise<Tensor>;
	decoder: Decoder;
	vocabulary: WhisperVocabulary;
	language: string;
	translates: boolean;
	beamSize: number;
	/** Tokens to stand before the first window. */
	prompt: readonly number[];
	wordTimestamps: boolean;
	onProgress(fraction: number): void;
}

/** Frames. Less than a tenth of a second at the end holds no word, but a model that is asked about it may invent one. */
const shortestRest = 10;

/** Walks through a sound window by window, each told what was said before it, and gives what is said as segments. */
export async function transcribeSound(request: TranscriptRequest): Promise<Segment[]> {
	const { hearing, decoder, vocabulary, wordTimestamps, translates, language } = request;
	const opening = openingOf(request);
	const segments: Segment[] = [];
	let history = request.prompt;
	let silentSince = 0;
	for (let seek = 0; seek < hearing.frames && (seek === 0 || hearing.frames - seek >= shortestRest); ) {
		request.onProgress(seek / hearing.frames);
		const window = { seek, frames: Math.min(windowFrames, hearing.frames - seek) };
		const heard = await request.listen(seek);
		const before = history.length > 0 ? [vocabulary.startOfPrevious, ...history] : [];
		const prompt = [...before, ...opening];
		const attempt = await decodeWindow({
			...request,
			prompt,
			transcriptAt: before.length,
			start: await decoder.start(heard, prompt),
			onStep: (tokens) => request.onProgress((seek + heardFrames(tokens, vocabulary)) / hearing.frames),
		});
		if (isSilent(attempt)) {
			seek += window.frames;
			continue;
		}
		const { cuts, advance, told } = cutWindow(attempt.tokens, vocabulary.rules.timestampBegin, window);
		const spaceless = !translates && spacelessLanguages.has(language);
		const worded = wordTimestamps
			? await timeCuts({ decoder, vocabulary, heard, window, cuts, opening, spaceless, silentSince })
			: cuts.map((cut) => ({ ...cut, words: [] }));
		const said = worded.filter((cut) => {
			const segment = segmentOf(cut, { vocabulary, from: segments.at(-1)?.end ?? 0, to: hearing.duration });
			const holds = segment.start < segment.end && segment.text !== '';
			if (holds) segments.push(segment);
			return holds;
		});
		history = isFirm(attempt) ? [...history, ...said.flatMap(({ tokens }) => tokens)].slice(1 - vocabulary.contextLength / 2) : [];
		const lastWord = said.findLast(({ words }) => words.length > 0);
		silentSince = lastWord?.end ?? silentSince;
		const afterWords = lastWord === undefined || told ? 0 : Math.round(lastWord.end * framesPerSecond);
		seek = afterWords > seek ? afterWords : seek + (advance > 0 ? advance : window.frames);
	}
	return segments;
}

/** What every transcript begins with: language and task, unless the model knows but one of each. */
export function openingOf({ vocabulary, language, translates }: Pick<TranscriptRequest, 'vocabulary' | 'language' | 'translates'>): number[] {
	const { startOfTranscript, multilingual } = vocabulary;
	const token = multilingual?.languages.get(language);
	if (multilingual === null || token === undefined) return [startOfTranscript];
	return [startOfTranscript, token, translates ? multilingual.translate : multilingual.transcribe];
}

/** How far into the window a text has come, by its last time. */
function heardFrames(tokens: readonly number[], { rules }: WhisperVocabulary): number {
	const last = tokens.findLast((token) => token >= rules.timestampBegin) ?? rules.timestampBegin;
	return (last - rules.timestampBegin) * 2;
}

const spokenText = (tokens: readonly number[], { rules, bytesOf }: WhisperVocabulary) =>
	textOf(tokens.filter((token) => token < rules.endOfText), bytesOf).trim();

/** A segment as it leaves the engine: rounded, in order, and never beyond the sound. */
function segmentOf(cut: WordedCut, { vocabulary, from, to }: { vocabulary: WhisperVocabulary; from: number; to: number }): Segment {
	const within = (time: number, least: number) => milliseconds(Math.min(to, Math.max(least, time)));
	const start = within(cut.start, from);
	let last = start;
	const spoken = cut.words.map(({ text, ...times }) => ({ ...times, text: text.trim() })).filter(({ text }) => text !== '');
	const words = spoken.map((word) => {
		const begins = within(word.start, last);
		last = within(word.end, begins);
		return { text: word.text, start: begins, end: last };
	});
	return { text: spokenText(cut.tokens, vocabulary), start, end: within(cut.end, last), words };
}
