/** From eSpeak NG's phonemes to the alphabet that Kokoro was trained with (that of the G2P library misaki). */

export type Accent = 'en-us' | 'en-gb' | 'other';

/** Diphthongs and affricates that are one letter in Kokoro's alphabet. */
const other: Record<string, string> = {
	aɪ: 'I',
	aʊ: 'W',
	dz: 'ʣ',
	dʒ: 'ʤ',
	eɪ: 'A',
	oʊ: 'O',
	əʊ: 'Q',
	ss: 'S',
	ts: 'ʦ',
	tʃ: 'ʧ',
	ɔɪ: 'Y',
	'r.': 'ɽ',
};

const english: Record<string, string> = {
	'ʔˌn\u0329': 'tn',
	'ʔn\u0329': 'tn',
	ʔ: 't',
	aɪ: 'I',
	aʊ: 'W',
	dʒ: 'ʤ',
	eɪ: 'A',
	e: 'A',
	tʃ: 'ʧ',
	ɔɪ: 'Y',
	əl: 'ᵊl',
	ʲo: 'jɔ',
	ʲə: 'jə',
	ʲ: '',
	ɚ: 'əɹ',
	ɚɹ: 'əɹ',
	r: 'ɹ',
	x: 'k',
	ç: 'k',
	ɐ: 'ə',
	ɬ: 'l',
	'\u0303': '',
	o: 'ɔ',
	ɾ: 'T',
};

const american: Record<string, string> = { ...english, oʊ: 'O', ɜːɹ: 'ɜɹ', ɜː: 'ɜɹ', ɪə: 'iə', ː: '' };
const british: Record<string, string> = { ...english, eə: 'ɛː', iə: 'ɪə', əʊ: 'Q' };

/** Pairs that are one sound only where eSpeak says so, within one unit: `t_s` is two sounds, `ts` is one. */
const tied = new Set(['aɪ', 'aʊ', 'dz', 'dʒ', 'eɪ', 'oʊ', 'əʊ', 'ss', 'ts', 'tʃ', 'ɔɪ', 'əl', 'eə']);

const tables: Record<Accent, Table> = { 'en-us': compile(american), 'en-gb': compile(british), other: compile(other) };

interface Table {
	pattern: RegExp;
	letters: Record<string, string>;
}

/** `^` ties the letters of one unit; longest key first. */
function compile(rules: Record<string, string>): Table {
	const letters = Object.fromEntries(Object.entries(rules).map(([key, letter]) => [tied.has(key) ? Array.from(key).join('^') : key, letter]));
	const keys = Object.keys(letters).sort((a, b) => b.length - a.length);
	return { pattern: new RegExp(keys.map((key) => key.replace(/[.^]/g, '\\$&')).join('|'), 'gu'), letters };
}

const ties = new RegExp([...tied].join('|'), 'gu');

/** Marks of articulation that Kokoro's alphabet does not write: dental, apical, lowered, unreleased, non-syllabic, laminal. */
const unwritten = /[\u032a\u033a\u031e\u031a\u032f\u033b\u0361]/gu;

/** One word of eSpeak NG, `_` between its units, in Kokoro's letters. */
export function toKokoro(word: string, accent: Accent): string {
	const units = word
		.replace(/\([a-z-]+\)/g, '')
		.normalize('NFD')
		.replaceAll('c\u0327', 'ç')
		.split('_')
		.map((unit) => unit.replace(ties, (pair) => Array.from(pair).join('^')));
	const { pattern, letters } = tables[accent];
	const replaced = units.join('').replace(pattern, (key) => letters[key] ?? key);
	const written = replaced.replace(/[\^-]/g, '').replace(unwritten, '');
	return accent === 'other' ? written : written.replace(/(\p{L})\u0329/gu, 'ᵊ$1').replaceAll('\u0329', '');
}
