import { assAlpha, assColor, ffmpegColor, parseColor, parseKeyColor } from '../../src/color';
import { cssColors } from '../../src/css-colors';
import { toWireError } from '../../src/errors';
import { color } from '../../src/vocabulary';

describe('colours', () => {
	it.each([
		['#f80', '0xFF8800'],
		['#FF8800', '0xFF8800'],
		['0xff8800', '0xFF8800'],
		['red', '0xFF0000'],
		['Red', '0xFF0000'],
		['green', '0x008000'],
		['rebeccapurple', '0x663399'],
		['lightgoldenrodyellow', '0xFAFAD2'],
	])('%s is %s', (text, expected) => {
		expect(ffmpegColor(parseColor(text))).toBe(expected);
	});

	it('all 148 names of CSS are known, and none is refused by the contract', () => {
		expect(Object.keys(cssColors)).toHaveLength(148);
		for (const name of Object.keys(cssColors)) expect(color().safeParse(name).success).toBe(true);
	});

	it.each(['green[x];movie=/etc/passwd', 'red; movie=a', '0x123', '#12345', '', 'constructor', 'greenish', '0xff8800@0.5', '#ff88001'])('refuses %j and names the field', (text) => {
		let error: unknown;
		try {
			parseColor(text, 'style.color');
		} catch (caught) {
			error = caught;
		}
		expect(toWireError(error)).toMatchObject({ type: 'InvalidInput', field: 'style.color', message: expect.stringContaining('Expected a colour') });
	});

	it('for keying, green is the pure green of chroma screens', () => {
		expect(ffmpegColor(parseKeyColor('green'))).toBe('0x00FF00');
		expect(ffmpegColor(parseKeyColor('GREEN'))).toBe('0x00FF00');
		expect(ffmpegColor(parseKeyColor('#0f0'))).toBe('0x00FF00');
		expect(ffmpegColor(parseKeyColor('blue'))).toBe('0x0000FF');
	});

	it('in ASS blue comes first and alpha is 255 less the opacity', () => {
		expect(assColor(parseColor('#123456'))).toBe('&H00563412');
		expect(assColor(parseColor('#000'), 0.4)).toBe('&H99000000');
		expect(assAlpha(1)).toBe('00');
		expect(assAlpha(0)).toBe('FF');
	});
});
