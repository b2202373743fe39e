/** Mandarin syllables in pinyin as Kokoro's letters. Tones are arrows behind the vowel; the neutral tone has none. */

const initials: Record<string, string> = {
	b: 'p', p: 'pʰ', m: 'm', f: 'f', d: 't', t: 'tʰ', n: 'n', l: 'l', g: 'k', k: 'kʰ', h: 'x',
	j: 'ʨ', q: 'ʨʰ', x: 'ɕ', zh: 'ꭧ', ch: 'ꭧʰ', sh: 'ʂ', r: 'ɻ', z: 'ʦ', c: 'ʦʰ', s: 's',
};

/** `0` is where the tone goes. */
const finals: Record<string, string> = {
	a: 'a0', ai: 'ai0', an: 'a0n', ang: 'a0ŋ', ao: 'au0', e: 'ɤ0', ei: 'ei0', en: 'ə0n', eng: 'ə0ŋ', er: 'ɚ0', ê: 'ɛ0',
	i: 'i0', ia: 'ja0', ian: 'jɛ0n', iang: 'ja0ŋ', iao: 'jau0', ie: 'je0', in: 'i0n', ing: 'i0ŋ', iong: 'jʊ0ŋ', iou: 'jou0', io: 'jɔ0',
	o: 'ɔ0', ong: 'ʊ0ŋ', ou: 'ou0', u: 'u0', ua: 'wa0', uai: 'wai0', uan: 'wa0n', uang: 'wa0ŋ', uei: 'wei0', uen: 'wə0n', ueng: 'wə0ŋ', uo: 'wo0',
	ü: 'y0', üe: 'ɥe0', üan: 'ɥɛ0n', ün: 'y0n',
};

const nasals: Record<string, string> = { m: 'm0', n: 'n0', ng: 'ŋ0', hm: 'xm0', hng: 'xŋ0' };
const tones = ['', '→', '↗', '↓', '↘', ''];

/** Kokoro's letters for a syllable with its tone as a digit (`ni3`, `lü4` or `lv4`); undefined when it is no syllable. */
export function pinyinPhonemes(syllable: string): string | undefined {
	const [, letters = '', tone = '0'] = /^([a-zêüv]+)([0-5])?$/u.exec(syllable.toLowerCase().replaceAll('u:', 'ü')) ?? [];
	const shape = nasals[letters] ?? shapeOf(letters.replaceAll('v', 'ü'));
	return shape?.replace('0', tones[Number(tone)] ?? '');
}

function shapeOf(letters: string): string | undefined {
	const [, initial = '', rest = ''] = /^([zcs]h|[bpmfdtnlgkhjqxrzcs]?)(.*)$/u.exec(spelledOut(letters)) ?? [];
	// The vowel of zhi, chi, shi, ri, zi, ci, si is a buzz, and that of bo, po, mo, fo a full wo.
	if (rest === 'i' && /^([zcs]h?|r)$/u.test(initial)) return `${initials[initial]}ɨ0`;
	if (rest === 'o' && initial !== '') return `${initials[initial]}wo0`;
	const final = finals[rest];
	return final === undefined ? undefined : `${initials[initial] ?? ''}${final}`;
}

/** Pinyin's shortened spellings written out: yi → i, wu → u, yu → ü, ju → jü, liu → liou, gui → guei, lun → luen. */
function spelledOut(letters: string): string {
	return letters
		.replace(/^yu/u, 'ü')
		.replace(/^y(?=i)/u, '')
		.replace(/^y/u, 'i')
		.replace(/^w(?=u)/u, '')
		.replace(/^w/u, 'u')
		.replace(/^([jqx])u/u, '$1ü')
		.replace(/iu$/u, 'iou')
		.replace(/ui$/u, 'uei')
		.replace(/(?<=[^jqxy])un$/u, 'uen');
}
