import { toKokoro } from '../../../../src/speech/phonemes/substitutions';

describe('eSpeak NG\'s phonemes in Kokoro\'s letters', () => {
	test.each([
		['h_ə_l_ˈoʊ', 'həlˈO'],
		['w_ˈɜː_l_d', 'wˈɜɹld'],
		['b_ˈɜː_ɹ_i', 'bˈɜɹi'],
		['dʒ_ˈʌ_dʒ', 'ʤˈʌʤ'],
		['tʃ_ˈeɪ_n_dʒ', 'ʧˈAnʤ'],
		['t_ʃ', 'tʃ'],
		['ˈaɪ_ɚ', 'ˈIəɹ'],
		['b_ˈʌ_ɾ_ɚ', 'bˈʌTəɹ'],
		['b_ˈʌ_ʔ_n\u0329', 'bˈʌtn'],
		['ˈæ_p_əl', 'ˈæpᵊl'],
		['l_ˈɑː_x', 'lˈɑk'],
		['ɹ_ˈɪ_ð_m\u0329', 'ɹˈɪðᵊm'],
		['b_ˈɔɪ', 'bˈY'],
		['n_ˈɔːɹ_θ', 'nˈɔɹθ'],
		['aɪ_d_ˈiː_ə', 'Idˈiə'],
	])('American: %s is %s', (espeak, kokoro) => {
		expect(toKokoro(espeak, 'en-us')).toBe(kokoro);
	});

	test.each([
		['ð_ˈeə', 'ðˈɛː'],
		['n_ˈəʊ', 'nˈQ'],
		['h_ˈiə', 'hˈɪə'],
		['k_ˈɑː', 'kˈɑː'],
		['d_ˈeɪ', 'dˈA'],
	])('British: %s is %s', (espeak, kokoro) => {
		expect(toKokoro(espeak, 'en-gb')).toBe(kokoro);
	});

	test.each([
		['ˈaɪ', 'ˈI'],
		['p_ˈi_ts_a', 'pˈiʦa'],
		['b_ɔ̃_ʒ_ˈu_ʁ', 'bɔ̃ʒˈuʁ'],
		['k_ˈõ', 'kˈo\u0303'],
		['(en)_ɡ_ˈuː_ɡ_əl_(hi)', 'ɡˈuːɡəl'],
		['ˈʌ_r._aː', 'ˈʌɽaː'],
		['t̪_ˈa', 'tˈa'],
		['ç', 'ç'],
		['r_e', 're'],
	])('other languages: %s is %s', (espeak, kokoro) => {
		expect(toKokoro(espeak, 'other')).toBe(kokoro);
	});
});
