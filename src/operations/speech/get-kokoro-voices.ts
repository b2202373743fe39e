import { z } from 'zod/v4';
import { defineOperation } from '../../operation';
import { findKokoroLanguage, kokoroLanguages, kokoroVoices } from '../../speech/voices';

const voice = z.object({ id: z.string(), name: z.string(), language: z.string(), languageCode: z.string(), gender: z.enum(['female', 'male']) });

export const getKokoroVoices = defineOperation({
	name: 'get_kokoro_voices',
	group: 'speech',
	title: 'Get Many Voices',
	action: 'Get many voices',
	summary: 'List the voices of Kokoro with their languages',
	light: true,
	staysHere: true,
	legacy: { result: ({ voices }) => ({ voices: voices.map((one) => ({ ...one, voice_id: one.id, lang_code: one.languageCode })), total_count: voices.length }) },
	input: z.object({ language: z.string().trim().min(1).max(40).optional() }),
	output: z.object({ voices: z.array(voice) }),
	fields: {
		language: {
			label: 'Language',
			hint: 'Only voices of this language. Leave empty for all',
			placeholder: 'e.g. en-us',
			unset: 'All',
			suggestions: kokoroLanguages.map(({ language, title }) => ({ value: language, label: title })),
		},
	},
	example: { language: 'en-gb' },
	async run({ language }) {
		const only = language === undefined ? undefined : findKokoroLanguage(language).language;
		return { voices: kokoroVoices.filter((one) => only === undefined || one.language === only) };
	},
});
