import { z } from 'zod/v4';
import type { Fields } from '../operation';

/** The settings of each voice, written once for the operation of its own and for every operation that speaks. */

const draftInput = {
	language: z.string().trim().min(2).max(40).default('en-us'),
	speed: z.number().min(0.5).max(3).default(1),
	pitch: z.number().min(0.5).max(2).default(1),
};

const draftFields: Fields<typeof draftInput> = {
	language: {
		label: 'Language',
		hint: 'A language code of eSpeak NG, which speaks more than 100 languages',
		placeholder: 'e.g. en-us',
		suggestions: [
			{ value: 'en-us', label: 'English (America)' },
			{ value: 'en-gb', label: 'English (Great Britain)' },
			{ value: 'de', label: 'German' },
			{ value: 'fr', label: 'French' },
			{ value: 'es', label: 'Spanish' },
			{ value: 'pt-br', label: 'Portuguese (Brazil)' },
			{ value: 'it', label: 'Italian' },
			{ value: 'ru', label: 'Russian' },
			{ value: 'ar', label: 'Arabic' },
			{ value: 'hi', label: 'Hindi' },
			{ value: 'cmn', label: 'Chinese (Mandarin)' },
			{ value: 'ja', label: 'Japanese (kana)' },
		],
	},
	speed: { label: 'Speed', hint: '1 is the usual speed, 2 is twice as fast', advanced: true },
	pitch: { label: 'Pitch', hint: '1 is the usual voice, 0.5 its deepest and 2 its highest', advanced: true },
};

export const draftVoice = { input: draftInput, fields: draftFields };
