import { deservesRetry, drawnTexts, leastBad, temperatures, type Attempt } from '../../../src/speech/whisper/attempt';
import { textOf } from '../../../src/speech/whisper/bytes';
import { applyRules, probability, type TokenRules } from '../../../src/speech/whisper/rules';
import { bestPath, expandBeams, expandSamples, seededRandom, type Path } from '../../../src/speech/whisper/search';
import type { Decoder, Step } from './decoder';
import type { WhisperVocabulary } from './vocabulary';

export interface SearchRequest {
	decoder: Decoder;
	/** The decoder after the prompt. */
	start: Step;
	rules: TokenRules;
	/** 0 searches with `width` beams; above it `width` texts are drawn. */
	temperature: number;
	width: number;
	maxTokens: number;
	/** Told after every step, with the likeliest text so far. */
	onStep?: ((tokens: readonly number[]) => void) | undefined;
}

/** Grows texts token by token until `width` of them have ended; an end counts in the score, but is no token of the path. */
export async function searchText({ decoder, start, rules, temperature, width, maxTokens, onStep }: SearchRequest): Promise<Path> {
	const { endOfText } = rules;
	const random = seededRandom(Math.round(temperature * 1000));
	const none: Path = { tokens: [], score: 0 };
	let paths: Path[] = temperature > 0 ? new Array<Path>(width).fill(none) : [none];
	let rows = paths.map(() => start.rows.at(-1)!.slice());
	let cache = start.cache;
	const ended: Path[] = [];
	for (let length = 1; ; length++) {
		for (const [i, { tokens }] of paths.entries()) applyRules(rows[i]!, tokens, rules);
		const grown = temperature > 0 ? expandSamples(paths, rows, { temperature, random, endOfText }) : expandBeams(paths, rows, width, endOfText);
		ended.push(...grown.ended.slice(0, width - ended.length));
		paths = grown.paths;
		if (ended.length === width || paths.length === 0 || length === maxTokens) break;
		onStep?.(paths[0]!.tokens);
		const parents = length === 1 ? grown.parents.map(() => 0) : grown.parents;
		({ rows, cache } = await decoder.next(cache, parents, paths.map(({ tokens }) => tokens.at(-1)!)));
	}
	const unfinished = [...paths].sort((a, b) => b.score - a.score).slice(0, width - ended.length);
	return bestPath([...ended, ...unfinished]);
}

export interface WindowRequest extends Pick<SearchRequest, 'decoder' | 'onStep'> {
	vocabulary: WhisperVocabulary;
	/** What the decoder is told before it begins; `transcriptAt` is where in it the transcript starts. */
	prompt: readonly number[];
	transcriptAt: number;
	start: Step;
	beamSize: number;
}

/** Decodes one window, at rising temperatures until the text is good. */
export async function decodeWindow(request: WindowRequest): Promise<Attempt> {
	const { vocabulary, prompt, transcriptAt, start, beamSize, decoder, onStep } = request;
	const { rules, contextLength, noSpeech } = vocabulary;
	const silence = probability(start.rows[transcriptAt]!, noSpeech);
	const maxTokens = Math.min(contextLength / 2, contextLength - prompt.length);
	const attempts: Attempt[] = [];
	for (const temperature of temperatures) {
		const width = temperature > 0 ? drawnTexts : beamSize;
		const { tokens, score } = await searchText({ decoder, start, rules, temperature, width, maxTokens, onStep });
		const text = textOf(tokens.filter((token) => token < rules.endOfText), vocabulary.bytesOf);
		const attempt = { tokens, text, averageLogProb: score / (tokens.length + 1), noSpeech: silence, temperature };
		if (!deservesRetry(attempt)) return attempt;
		attempts.push(attempt);
	}
	return leastBad(attempts);
}
