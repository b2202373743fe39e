import { OperationFailed } from '../../../src/errors';
import { sampleOriginal, sampleTurbo, type Sampling } from '../../../src/speech/chatterbox/sampling';
import { halve, normalizePunctuation } from '../../../src/speech/chatterbox/text';
import { framePositions, frameText, speechTokens, vocoderTokens } from '../../../src/speech/chatterbox/tokens';
import type { Graphs, Voice } from './graphs';
import type { TextTokenizer } from './tokenizer';

export interface Speaker {
	graphs: Graphs;
	tokenizer: TextTokenizer;
	voice: Voice;
	exaggeration: number;
	cfgWeight: number;
	sampling: Sampling;
	/** Where a part counts as endless. */
	maxTokens: number;
}

/** Speaks one chunk. A part that does not come to its end within the tokens the model can do is halved and spoken again. */
export async function speakChunk(text: string, speaker: Speaker, onToken: () => void): Promise<Float32Array[]> {
	const tokens = await writeTokens(text, speaker, onToken);
	if (tokens) return [await speaker.graphs.vocode(vocoderTokens(speaker.voice.tokens, tokens), speaker.voice)];
	const halves = halve(text);
	if (!halves) {
		throw new OperationFailed(`Chatterbox came to no end with "${text}". Try another seed or voice sample, or write it differently.`, {
			code: 'speech_endless',
		});
	}
	const [first, second] = halves;
	return [...(await speakChunk(first, speaker, onToken)), ...(await speakChunk(second, speaker, onToken))];
}

/** The speech tokens of a text; null when the model did not stop in time. */
async function writeTokens(text: string, speaker: Speaker, onToken: () => void): Promise<number[] | null> {
	const { graphs, voice, exaggeration, sampling } = speaker;
	const sample = graphs.kind === 'original' ? sampleOriginal : sampleTurbo;
	const ids = promptTokens(text, speaker);
	const { data, width } = voice.features;
	const model = graphs.begin(speaker.cfgWeight);
	let rows = joined(data, await graphs.embed(ids, framePositions(ids), exaggeration));
	const written: number[] = [speechTokens.start];
	for (let step = 0; step < speaker.maxTokens; step++) {
		const token = sample(await model.feed(rows, width), written, sampling);
		onToken();
		if (token === speechTokens.stop) return spoken(text, written.slice(1));
		written.push(token);
		rows = await graphs.embed([token], [step + 1], exaggeration);
	}
	return null;
}

function promptTokens(text: string, { graphs, tokenizer }: Speaker): number[] {
	const normalized = normalizePunctuation(text, graphs.kind);
	if (graphs.kind === 'turbo') return tokenizer.encode(normalized);
	return frameText(tokenizer.encode(normalized.replaceAll(' ', '[SPACE]')));
}

function spoken(text: string, tokens: number[]): number[] {
	if (tokens.length > 0) return tokens;
	throw new OperationFailed(`Chatterbox gave no sound for "${text}". Try another seed or voice sample.`, { code: 'speech_empty' });
}

function joined(first: Float32Array, second: Float32Array): Float32Array {
	const both = new Float32Array(first.length + second.length);
	both.set(first);
	both.set(second, first.length);
	return both;
}
