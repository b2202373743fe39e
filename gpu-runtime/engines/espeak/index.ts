import { join } from 'node:path';
import { InvalidInput } from '../../../src/errors';
import { fastestRate, findVoice, pitchOf, rateOf, sentencePause, speakable, timedWords, type EspeakVoice } from '../../../src/speech/espeak';
import { splitLong, splitSentences } from '../../../src/text/sentences';
import { milliseconds, type Word } from '../../../src/vocabulary';
import { writeWav } from '../wav-file';
import { createHelperProcess } from './process';
import { espeakSampleRate, type HelperAnswer } from './protocol';

export interface SpeakRequest {
	text: string;
	/** A language code such as `en-us`, `de`, `pt-br`, `cmn`. */
	language: string;
	/** 0.5 to 3. */
	speed: number;
	/** 0.5 to 2. */
	pitch: number;
}

export interface SpeakSurroundings {
	signal: AbortSignal;
	/** The WAV file to make: mono, 16 bit, 22,050 Hz. */
	path: string;
	onProgress?(fraction: number): void;
}

export interface DraftSpeech {
	path: string;
	duration: number;
	words: Word[];
	voice: EspeakVoice;
	/** Above 1 where the engine cannot speak fast enough: what is left for a time stretch. */
	stretch: number;
	/** Seconds until the engine was there: next to nothing when it was warm. */
	loadSeconds: number;
}

export interface Espeak {
	speak(request: SpeakRequest, surroundings: SpeakSurroundings): Promise<DraftSpeech>;
	/** Of each text, read by itself. */
	phonemes(texts: readonly string[], language: string, signal: AbortSignal): Promise<Omit<HelperAnswer, 'samples'>[]>;
	close(): void;
}

/** Longer pieces would hold the engine, and its memory, for too long between two looks at the signal. */
const longestPiece = 600;

export function createEspeak({ helper = join(__dirname, 'helper.js') }: { helper?: string } = {}): Espeak {
	const engine = createHelperProcess(helper);

	async function speak({ text, language, speed, pitch }: SpeakRequest, { signal, path, onProgress }: SpeakSurroundings): Promise<DraftSpeech> {
		const begin = performance.now();
		const voice = findVoice(language, await engine.voices(signal));
		const loadSeconds = (performance.now() - begin) / 1000;
		const { rate, stretch } = rateOf(speed);
		const settings = { voice: voice.identifier, rate, pitch: pitchOf(pitch), want: 'sound' } as const;
		const sentences = splitSentences(text);
		const words: Word[] = [];
		let spoken = 0;
		const duration = await writeWav(path, { sampleRate: espeakSampleRate, channels: 1, encoding: 's16' }, async (wav) => {
			for (const sentence of sentences) {
				if (words.length > 0) await wav.silence((sentencePause / speed) * stretch);
				for (const piece of splitLong(sentence, longestPiece)) {
					for (const { samples, events } of await engine.ask({ ...settings, texts: [speakable(piece)] }, signal)) {
						append(words, piece, timedWords(piece, events), wav.duration);
						await wav.write(samples);
					}
				}
				onProgress?.(++spoken / sentences.length);
			}
			return wav.duration;
		});
		if (words.length === 0) {
			throw new InvalidInput('Expected a text with at least one word to speak, got none. Write some, or look at what fills it in', { code: 'nothing_to_speak', field: 'text' });
		}
		return { path, duration: milliseconds(duration), words, voice, stretch, loadSeconds };
	}

	return {
		speak,
		async phonemes(texts, language, signal) {
			const voice = findVoice(language, await engine.voices(signal));
			// The sound is not wanted, and made soonest fast and high, of few harmonics; the phonemes are the same.
			return engine.ask({ texts: texts.map(speakable), voice: voice.identifier, rate: fastestRate, pitch: pitchOf(2), want: 'phonemes' }, signal);
		},
		close: () => engine.close(),
	};
}

/** Adds the words of a piece that begins at `offset` seconds; marks that nobody speaks stay with the word before. */
function append(words: Word[], piece: string, found: readonly Word[], offset: number): void {
	const last = words.at(-1);
	if (found.length === 0 && last !== undefined) last.text = `${last.text} ${piece}`;
	for (const { text, start, end } of found) words.push({ text, start: milliseconds(start + offset), end: milliseconds(end + offset) });
}
