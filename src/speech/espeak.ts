import { InvalidInput } from '../errors';
import { splitWords } from '../text/words';
import { milliseconds, type Word } from '../vocabulary';

/** What eSpeak NG says about its own speech, and what follows from it. */

/** `position` counts code points of the text from 1, also for non-ASCII text; `time` is in ms; `id` is the phoneme, empty for a pause. */
export interface SpeechEvent {
	type: string;
	position: number;
	time: number;
	id: string;
}

export interface EspeakVoice {
	name: string;
	/** What selects the voice for certain, e.g. `roa/fr`; language codes do not always. */
	identifier: string;
	/** Lower case; a smaller priority is a better match. */
	languages: { code: string; priority: number }[];
}

/** Text without what eSpeak NG would take for a command (tags, entities, phoneme brackets, end of string); as many code points as before. */
export function speakable(text: string): string {
	return text
		.replace(/[\p{Cc}\p{Cs}<]/gu, ' ')
		.replace(/\[\[/g, '[(')
		.replace(/&(#?\w+);/g, '&$1,');
}

/**
 * The time of every word from the events of one synthesis. A word that has no event of its own (a clitic, a mark between
 * spaces) joins the word before, and that span gets one time; several events inside one word (a number) are one time too.
 */
export function timedWords(text: string, events: readonly SpeechEvent[]): Word[] {
	const words = splitWords(text);
	const spans: { first: number; start: number; end: number | undefined }[] = [];
	for (const { type, position, time, id } of events) {
		const last = spans.at(-1);
		if (type === 'word') {
			const index = words.findLastIndex(({ start }) => start < position);
			if (last === undefined || index > last.first) {
				if (last !== undefined) last.end ??= time;
				spans.push({ first: last === undefined ? 0 : index, start: time, end: undefined });
			} else last.end = undefined;
		} else if (last !== undefined && type === 'phoneme') {
			last.end = id === '' ? (last.end ?? time) : undefined;
		} else if (last !== undefined && type === 'end') last.end ??= time;
	}
	const characters = Array.from(text);
	return spans.map(({ first, start, end = start }, i) => {
		const next = spans[i + 1];
		const span = characters.slice(words[first]?.start ?? 0, next === undefined ? characters.length : words[next.first]?.start);
		return { text: span.join('').trim(), start: milliseconds(start / 1000), end: milliseconds(end / 1000) };
	});
}

/** The voice for a language code; several dialects may answer to one, the best match wins. */
export function findVoice(language: string, voices: readonly EspeakVoice[], field = 'language'): EspeakVoice {
	const code = normal(language);
	const found = voices
		.flatMap((voice) => voice.languages.filter((entry) => entry.code === code).map(({ priority }) => ({ voice, priority })))
		.sort((a, b) => a.priority - b.priority)[0];
	if (found !== undefined) return found.voice;
	const near = nearLanguages(code, voices);
	const ways = near.length > 0 ? `Did you mean ${near.join(', ')}?` : 'Use a code such as en-us, de, fr, es, pt-br, ar, hi, cmn.';
	throw new InvalidInput(`Expected a language that eSpeak NG speaks, got "${language}". ${ways}`, { code: 'unknown_language', field });
}

const normal = (language: string) => language.trim().toLowerCase().replaceAll('_', '-');

/** Codes of the same language, of a voice with that name, else with the same beginning. */
function nearLanguages(code: string, voices: readonly EspeakVoice[]): string[] {
	const primary = code.split('-')[0] ?? '';
	const all = voices.flatMap(({ name, languages }) => languages.map((language) => ({ code: language.code, name: normal(name) })));
	const matches = [
		...all.filter((entry) => entry.code.split('-')[0] === primary),
		...all.filter((entry) => primary.length > 2 && entry.name.startsWith(primary.slice(0, 4))),
		...all.filter((entry) => entry.code.startsWith(code.slice(0, 2)) && code !== ''),
		...all.filter((entry) => entry.code.startsWith(code.slice(0, 1)) && code !== ''),
	];
	return [...new Set(matches.map((entry) => entry.code))].slice(0, 8);
}

/** Words per minute at speed 1, and the fastest eSpeak NG can do; beyond that it silently stays there. */
const usualRate = 175;
export const fastestRate = 450;

/** eSpeak's rate for a speed (1 = usual), and the factor that is left for a time stretch. */
export function rateOf(speed: number): { rate: number; stretch: number } {
	const wanted = usualRate * speed;
	const rate = Math.round(Math.min(wanted, fastestRate));
	return { rate, stretch: Math.max(1, wanted / fastestRate) };
}

/** eSpeak's pitch, 0 to 100: 0.5 is its lowest (about 0.7 of the usual frequency), 1 the usual, 2 its highest (about 1.6). */
export const pitchOf = (pitch: number) => Math.round(Math.min(100, Math.max(0, 50 + 50 * Math.log2(pitch))));

/** eSpeak's own pause between sentences at speed 1, in seconds; it leaves it out at the end of a text. */
export const sentencePause = 0.3;

