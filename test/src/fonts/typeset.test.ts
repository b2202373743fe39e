import { findFace } from '../../../src/fonts/families';
import { createTypesetter } from '../../../src/fonts/typeset';
import { toWireError } from '../../../src/errors';
import { bundledFaces, tinyFace } from '../../support/fonts';

const latin = tinyFace({ family: 'Latin', characters: 'abcdefghijklmnopqrstuvwxyz ABC.,!' });
const hebrew = tinyFace({ family: 'Hebrew', characters: 'שלוםעabc ' });
const japanese = tinyFace({ family: 'Japanese', characters: '私は学生。' });
const emoji = tinyFace({ family: 'Emoji', characters: 'abc😀👍👩❤👧' });
const faces = [latin, hebrew, japanese, emoji];
const families = (text: string, all = faces) => createTypesetter(latin, all).runs(text).map((run) => [run.text, run.face.family]);

describe('choosing a face for every part of a text', () => {
	it('the main face draws all it can', () => {
		expect(families('abc, abc!')).toEqual([['abc, abc!', 'Latin']]);
	});

	it('another script goes to a face that has it, and back again', () => {
		expect(families('ab שלום cd')).toEqual([['ab ', 'Latin'], ['שלום', 'Hebrew'], [' cd', 'Latin']]);
		expect(families('私は学生。')).toEqual([['私は学生。', 'Japanese']]);
	});

	it('an emoji between letters does not take the letters with it', () => {
		expect(families('ab😀c')).toEqual([['ab', 'Latin'], ['😀', 'Emoji'], ['c', 'Latin']]);
	});

	it('joiners, selectors and skin tones that would be drawn as boxes are left out', () => {
		expect(families('❤\uFE0F')).toEqual([['❤', 'Emoji']]);
		expect(families('👩\u200D👧')).toEqual([['👩👧', 'Emoji']]);
		expect(families('👍🏽')).toEqual([['👍', 'Emoji']]);
	});

	it('characters that no face has are named, once, and drawn by the main face', () => {
		const typesetter = createTypesetter(latin, faces);
		expect(typesetter.runs('a𓀀𓀀b')).toEqual([{ text: 'a𓀀𓀀b', face: latin }]);
		expect([...typesetter.missing]).toEqual(['𓀀']);
	});

	it('of several faces the one nearest in weight is taken', () => {
		const bold = { ...latin, family: 'Bold', bold: true };
		const thin = tinyFace({ family: 'Thin', characters: 'של' });
		const heavy = tinyFace({ family: 'Heavy', characters: 'של', bold: true });
		expect(createTypesetter(bold, [thin, heavy]).runs('של')[0]?.face.family).toBe('Heavy');
		expect(createTypesetter(latin, [heavy, thin]).runs('של')[0]?.face.family).toBe('Thin');
	});

	it.each([
		['你好', 'Noto SC'],
		['私は学生', 'Noto JP'],
		['안녕', 'Noto KR'],
	])('%s is drawn with the shapes of its country, where a font has several', (text, family) => {
		const all = ['HK', 'JP', 'KR', 'SC'].map((shapes) => tinyFace({ family: `Noto ${shapes}`, characters: '你好私は学生안녕' }));
		expect(families(text, all)).toEqual([[text, family]]);
	});

	it('keeps account of the faces it used', () => {
		const typesetter = createTypesetter(latin, faces);
		typesetter.runs('ab של');
		expect([...typesetter.used].map((face) => face.family)).toEqual(['Latin', 'Hebrew']);
	});

	it('a width is measured in font sizes', () => {
		expect(createTypesetter(latin, faces).width('abab')).toBeCloseTo((4 * 0.6) / 1.2);
	});
});

describe('finding a family', () => {
	it('takes the face of the asked style, whatever the letter case of the name', () => {
		expect(findFace(bundledFaces(), 'inter', { bold: true, italic: false }, 'style.font')).toMatchObject({ family: 'Inter', bold: true });
		expect(findFace(bundledFaces(), 'INTER', { bold: false, italic: true }, 'style.font')).toMatchObject({ family: 'Inter', bold: false });
	});

	it.each(['Arial Nonexistent', 'Inter\n[Fonts]', 'Inter{\\fs200}'])('refuses %j and names the known families', (family) => {
		let error: unknown;
		try {
			findFace(bundledFaces(), family, { bold: true, italic: false }, 'style.font');
		} catch (caught) {
			error = caught;
		}
		expect(toWireError(error)).toMatchObject({ type: 'InvalidInput', field: 'style.font', code: 'unknown_font', message: expect.stringContaining('(Inter)') });
	});
});
