import { withChineseNumbers } from '../../../../src/speech/phonemes/chinese-numbers';
import { pinyinPhonemes } from '../../../../src/speech/phonemes/pinyin';
import { kokoroVocabulary } from '../../../support/models/kokoro';

const initials = ['', ...'b p m f d t n l g k h j q x zh ch sh r z c s'.split(' ')];
const endings = 'a ai an ang ao e ei en eng er i ia ian iang iao ie in ing iong iu o ong ou u ua uai uan uang ui un uo ü üe üan ün ue'.split(' ');

describe('pinyin', () => {
	test.each(Object.entries({ ni3: 'ni↓', hao3: 'xau↓', zhong1: 'ꭧʊ→ŋ', guo2: 'kwo↗', lü4: 'ly↘', lv4: 'ly↘', yuan2: 'ɥɛ↗n', jun1: 'ʨy→n', xiong2: 'ɕjʊ↗ŋ', gui4: 'kwei↘', lun2: 'lwə↗n', wu3: 'u↓', yi1: 'i→', you3: 'jou↓', er2: 'ɚ↗', zi0: 'ʦɨ', ri4: 'ɻɨ↘', bo2: 'pwo↗', weng1: 'wə→ŋ', de5: 'tɤ', ng2: 'ŋ↗' }))('%s is %s', (syllable, phonemes) => {
		expect(pinyinPhonemes(syllable)).toBe(phonemes);
	});

	test('every syllable that can be made has letters of the model only', () => {
		const made = initials.flatMap((initial) => endings.map((ending) => pinyinPhonemes(`${initial}${ending}4`)));
		expect(made.filter((one) => one !== undefined).length).toBeGreaterThan(400);
		for (const letter of made.join('')) expect(kokoroVocabulary).toHaveProperty([letter]);
	});

	test('what is no syllable has no phonemes', () => {
		expect(['xyz', '', 'A b', '3'].map(pinyinPhonemes)).toEqual([undefined, undefined, undefined, undefined]);
	});
});

test.each([
	['2024年10月5日', '二零二四年十月五日'],
	['110个', '一百一十个'],
	['1005', '一千零五'],
	['20030', '二万零三十'],
	['1,234,567', '一百二十三万四千五百六十七'],
	['100000000', '一亿'],
	['0', '零'],
	['007', '零零七'],
	['13812345678', '一三八一二三四五六七八'],
	['3.14', '三点一四'],
	['50%', '百分之五十'],
	['没有数字', '没有数字'],
])('%s is read as %s', (text, reading) => {
	expect(withChineseNumbers(text)).toBe(reading);
});

test('four digits are a year when the year sign follows', () => {
	expect(withChineseNumbers('1998', '年')).toBe('一九九八');
	expect(withChineseNumbers('1998', '元')).toBe('一千九百九十八');
});
