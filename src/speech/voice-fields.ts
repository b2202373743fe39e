import { z } from 'zod/v4';
import type { Fields } from '../operation';
import { devices, deviceTitles, media, precisions, precisionTitles } from '../vocabulary';
import { chatterboxDefaults as defaults } from './chatterbox/defaults';
import { kokoroLanguages, kokoroVoices } from './voices';

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

const kokoroInput = {
	voice: z.string().trim().min(1).max(400).default('af_heart'),
	speed: z.number().min(0.5).max(2).default(1),
	language: z.string().trim().min(1).max(40).optional(),
	precision: z.enum(precisions).optional(),
	device: z.enum(devices).optional(),
};

const kokoroFields: Fields<typeof kokoroInput> = {
	voice: {
		label: 'Voice',
		hint: 'A voice, or a mix such as af_heart(2)+af_sky(1). The language follows from the voice',
		placeholder: 'e.g. af_heart',
		suggestions: kokoroVoices.map(({ id, name, language, gender }) => ({
			value: id,
			label: `${name} (${kokoroLanguages.find((one) => one.language === language)?.title}, ${gender})`,
		})),
	},
	speed: { label: 'Speed', hint: '1 is the usual speed, 2 is twice as fast', advanced: true },
	language: { label: 'Language', hint: 'Language of the text. It must be one of the voice. Leave empty to take that of the voice', unset: 'That of the Voice', suggestions: kokoroLanguages.map(({ language, title }) => ({ value: language, label: title })), advanced: true },
	precision: { label: 'Precision', hint: 'Precision of the model. Leave empty for the choice of the runtime', choices: precisionTitles, start: 'q8', advanced: true },
	device: { label: 'Device', hint: 'Where the model runs. Leave empty for the choice of the runtime', choices: deviceTitles, start: 'auto', advanced: true },
};

export const kokoroVoice = { input: kokoroInput, fields: kokoroFields };

const chatterboxInput = {
	sampleAudio: media('audio').optional(),
	exaggeration: z.number().min(0.25).max(2).default(defaults.exaggeration),
	cfgWeight: z.number().min(0).max(1).default(defaults.cfgWeight),
	temperature: z.number().min(0.05).max(5).default(defaults.temperature),
	seed: z.number().int().min(0).max(4_294_967_295).optional(),
	chunkCharacters: z.number().int().min(50).max(4096).default(defaults.chunkCharacters),
	chunkSilence: z.number().min(0).max(5).default(defaults.chunkSilence),
	model: z.enum(['original', 'turbo']).default(defaults.model),
	precision: z.enum(precisions).optional(),
	device: z.enum(devices).optional(),
};

const chatterboxFields: Fields<typeof chatterboxInput> = {
	sampleAudio: {
		label: 'Voice Sample',
		hint: 'Any file with 3 to 10 seconds of the voice to clone (5 for Turbo). Leave empty for the voice of the model. Clone only voices you have the right to',
	},
	exaggeration: { label: 'Exaggeration', hint: 'How lively the voice is, 0.25 to 2. Turbo does not know it', advanced: true },
	cfgWeight: { label: 'CFG Weight', hint: 'How closely the speech follows the text, 0 to 1, where the model can apply it', advanced: true },
	temperature: { label: 'Temperature', hint: 'Lower is more even, higher more varied', advanced: true },
	seed: { label: 'Seed', hint: 'The same seed gives the same sound on one device. Leave empty for a new one each time', advanced: true },
	chunkCharacters: {
		label: 'Characters per Part',
		hint: 'Sentences are spoken in parts of this many characters; the model can speak about 40 seconds at once, and longer parts are halved',
		advanced: true,
	},
	chunkSilence: { label: 'Silence Between Parts', hint: 'In seconds', advanced: true },
	model: { label: 'Model', hint: 'Turbo is smaller and faster', choices: { original: 'Original', turbo: 'Turbo' }, advanced: true },
	precision: { label: 'Precision', hint: 'Precision of the model. Leave empty for the choice of the runtime', choices: precisionTitles, start: 'q4', advanced: true },
	device: { label: 'Device', hint: 'Where the model runs. Leave empty for the choice of the runtime', choices: deviceTitles, start: 'auto', advanced: true },
};

export const chatterboxVoice = { input: chatterboxInput, fields: chatterboxFields };
