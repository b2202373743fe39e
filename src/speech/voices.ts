import { InvalidInput } from '../errors';

/** The voices of Kokoro 82M v1.0 and the languages they were trained on. */

export interface KokoroLanguage {
	/** As in results and requests, e.g. `en-us`. */
	language: string;
	/** Kokoro's own letter, the first of every voice name. */
	code: string;
	title: string;
	/** Other spellings that requests may use. */
	aliases: readonly string[];
	/** eSpeak NG's name of the language; null where phonemes come from elsewhere. */
	espeak: string | null;
	/** By prefix (second letter: f = female, m = male); the first is the language's usual voice. */
	voices: Readonly<Record<string, string>>;
}

export const kokoroLanguages: readonly KokoroLanguage[] = [
	{
		language: 'en-us',
		code: 'a',
		title: 'English (America)',
		aliases: ['en'],
		espeak: 'en-us',
		voices: { af: 'heart alloy aoede bella jessica kore nicole nova river sarah sky', am: 'adam echo eric fenrir liam michael onyx puck santa' },
	},
	{
		language: 'en-gb',
		code: 'b',
		title: 'English (Great Britain)',
		aliases: [],
		espeak: 'en',
		voices: { bf: 'alice emma isabella lily', bm: 'daniel fable george lewis' },
	},
	{ language: 'es', code: 'e', title: 'Spanish', aliases: ['es-es'], espeak: 'es', voices: { ef: 'dora', em: 'alex santa' } },
	{ language: 'fr', code: 'f', title: 'French', aliases: ['fr-fr'], espeak: 'fr', voices: { ff: 'siwis' } },
	{ language: 'hi', code: 'h', title: 'Hindi', aliases: ['hi-in'], espeak: 'hi', voices: { hf: 'alpha beta', hm: 'omega psi' } },
	{ language: 'it', code: 'i', title: 'Italian', aliases: ['it-it'], espeak: 'it', voices: { if: 'sara', im: 'nicola' } },
	{ language: 'pt', code: 'p', title: 'Portuguese (Brazil)', aliases: ['pt-br'], espeak: 'pt-br', voices: { pf: 'dora', pm: 'alex santa' } },
	{
		language: 'zh',
		code: 'z',
		title: 'Chinese (Mandarin)',
		aliases: ['cmn', 'zh-cn'],
		espeak: null,
		voices: { zf: 'xiaobei xiaoni xiaoxiao xiaoyi', zm: 'yunjian yunxi yunxia yunyang' },
	},
];

export interface KokoroVoice {
	/** What requests name, e.g. `af_heart`. */
	id: string;
	/** What people call it, e.g. `Heart`. */
	name: string;
	language: string;
	languageCode: string;
	gender: 'female' | 'male';
}

export const kokoroVoices: readonly KokoroVoice[] = kokoroLanguages.flatMap(({ language, code, voices }) =>
	Object.entries(voices).flatMap(([prefix, names]) =>
		names.split(' ').map((name) => ({
			id: `${prefix}_${name}`,
			name: name.charAt(0).toUpperCase() + name.slice(1),
			language,
			languageCode: code,
			gender: prefix.endsWith('f') ? ('female' as const) : ('male' as const),
		})),
	),
);

/** The language that a request names in any of its spellings. Throws InvalidInput. */
export function findKokoroLanguage(language: string, field = 'language'): KokoroLanguage {
	const wanted = language.trim().toLowerCase().replaceAll('_', '-');
	if (/^(ja|jp|j)\b/.test(wanted)) throw noJapanese(field);
	const found = kokoroLanguages.find((one) => [one.language, one.code, ...one.aliases].includes(wanted));
	if (found !== undefined) return found;
	throw new InvalidInput(`Expected a language of Kokoro (${kokoroLanguages.map((one) => one.language).join(', ')}), got "${language}". Take one of them; the draft voice speaks more than 100`, {
		code: 'unknown_language',
		field,
	});
}

const noJapanese = (field: string) =>
	new InvalidInput('Expected a language that Kokoro can be given the phonemes of here; Japanese is not one yet. Use the draft voice, which reads kana, or speech made elsewhere', {
		code: 'language_unsupported',
		field,
	});

/** A voice, or several that are mixed: their parts add up to 1. */
export interface VoiceMix {
	parts: { voice: KokoroVoice; weight: number }[];
	language: KokoroLanguage;
}

/** Reads `af_heart`, `af_heart,af_sky` (equal parts) or `af_heart(2)+af_sky(1)`; the language is the first voice's unless another of them has the one asked for. */
export function readVoice(text: string, language?: string, field = 'voice'): VoiceMix {
	const parts = text.split(/[+,]/).map((part) => readPart(part.trim(), field));
	const total = parts.reduce((sum, { weight }) => sum + weight, 0);
	const spoken = parts.map(({ voice }) => findKokoroLanguage(voice.language));
	// Plain English is either, whichever the voice was taught.
	const plain = language?.trim().toLowerCase() === 'en' ? spoken.find((one) => one.language.startsWith('en-')) : undefined;
	const wanted = language === undefined ? spoken[0] : (plain ?? findKokoroLanguage(language));
	if (wanted === undefined || !spoken.includes(wanted)) {
		const own = [...new Set(spoken.map((one) => one.language))].join(', ');
		const usual = kokoroVoices.find((voice) => voice.language === wanted?.language)?.id;
		throw new InvalidInput(`Expected the language of the voice ${text} (${own}), got "${language}". Leave the language empty, or take a voice such as ${usual}`, {
			code: 'language_mismatch',
			field: 'language',
		});
	}
	return { parts: parts.map(({ voice, weight }) => ({ voice, weight: weight / total })), language: wanted };
}

function readPart(part: string, field: string): { voice: KokoroVoice; weight: number } {
	const [, id = '', weight = '1'] = /^(\w+)\s*(?:\(\s*(\d+(?:\.\d+)?)\s*\))?$/.exec(part) ?? [];
	const voice = kokoroVoices.find((one) => one.id === id.toLowerCase());
	if (voice !== undefined && Number(weight) > 0) return { voice, weight: Number(weight) };
	if (/^j[fm]_/.test(id)) throw noJapanese(field);
	const near = kokoroVoices.filter((one) => one.id.slice(0, 2) === id.slice(0, 2) || one.id.slice(3) === id.slice(id.indexOf('_') + 1)).map((one) => one.id);
	const known = near.length > 0 ? `Take one near it: ${near.join(', ')}` : `Take one of ${kokoroVoices.map((one) => one.id).join(', ')}`;
	throw new InvalidInput(`Expected a voice such as af_heart, or a mix such as af_heart(2)+af_sky(1), got "${part}". ${known}`, { code: 'unknown_voice', field });
}
