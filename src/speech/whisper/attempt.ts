import { deflateSync } from 'node:zlib';

/** What one decoding of a window came to. */
export interface Attempt {
	/** Text and times, without the end token. */
	tokens: readonly number[];
	text: string;
	/** Mean log-probability of the tokens, the end token included. */
	averageLogProb: number;
	/** How likely the model finds it that nobody speaks in this window. */
	noSpeech: number;
	temperature: number;
}

/** Tried in this order until an attempt is good; above 0 tokens are drawn by chance. */
export const temperatures = [0, 0.2, 0.4, 0.6, 0.8, 1] as const;

/** Above 0 this many texts are drawn, and the best is taken. */
export const drawnTexts = 5;

/** A text that loops shrinks by more than this. */
const highestCompression = 2.4;
const lowestLogProb = -1;
const likelySilent = 0.6;
/** A text found only above this temperature is no ground to build the next one on. */
const shakyTemperature = 0.5;

/** Size of the text in UTF-8 by its size after zlib: high when the text repeats itself. */
export function compressionRatio(text: string): number {
	const bytes = Buffer.from(text, 'utf8');
	return bytes.length / deflateSync(bytes).length;
}

/** Whether the window holds no speech, whatever text came out. */
export const isSilent = ({ noSpeech, averageLogProb }: Attempt) => noSpeech > likelySilent && averageLogProb <= lowestLogProb;

/** Whether to try again at the next temperature: the text loops, or the model does not believe in it. */
export function deservesRetry(attempt: Attempt): boolean {
	if (isSilent(attempt)) return false;
	return loops(attempt) || attempt.averageLogProb < lowestLogProb;
}

/** The likeliest of the attempts when none was good, of those that do not loop if there are any. */
export function leastBad(attempts: readonly Attempt[]): Attempt {
	const straight = attempts.filter((attempt) => !loops(attempt));
	return (straight.length > 0 ? straight : attempts).reduce((best, other) => (other.averageLogProb > best.averageLogProb ? other : best));
}

/** Whether the text may stand before the next window as what was said so far. */
export const isFirm = ({ temperature }: Attempt) => temperature <= shakyTemperature;

const loops = ({ text }: Attempt) => compressionRatio(text) > highestCompression;
