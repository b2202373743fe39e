import { drawCaptions, type DrawRequest } from '../../../src/captions/draw';
import { parseAss } from '../../../src/captions/ass';
import { readCaptions } from '../../../src/captions/read';
import { captionEffects, captionStyle } from '../../../src/captions/style';
import { toWireError } from '../../../src/errors';
import { bundledFaces, tinyFace } from '../../support/fonts';

const words = [
	{ text: 'Hello', start: 0.29, end: 1 },
	{ text: 'brave', start: 1, end: 2 },
	{ text: 'world', start: 2.2, end: 2.55 },
];
const faces = bundledFaces();
const draw = (style: object = {}, request: Partial<DrawRequest> = {}) =>
	drawCaptions({ captions: { words }, style: captionStyle.parse(style), width: 1080, height: 1920, duration: 4, faces, ...request });
const lines = (ass: string, layer: number) => ass.split('\n').filter((line) => line.startsWith(`Dialogue: ${layer},`)).map((line) => line.split(',').slice(1, 3).concat(line.split(',').slice(9).join(',')));
const failure = (work: () => unknown) => {
	try {
		work();
	} catch (error) {
		return toWireError(error);
	}
	throw new Error('Expected a failure');
};

describe('drawing captions as ASS', () => {
	it('without an effect a caption is one line from its first word to the end of its last', () => {
		expect(lines(draw().ass, 2)).toEqual([['0:00:00.29', '0:00:02.55', '{\\fnInter}Hello brave world']]);
	});

	it('one word at a time: each on its own start and end', () => {
		expect(lines(draw({ effect: 'word_by_word' }).ass, 2)).toEqual([
			['0:00:00.29', '0:00:01.00', '{\\fnInter}Hello'],
			['0:00:01.00', '0:00:02.00', '{\\fnInter}brave'],
			['0:00:02.20', '0:00:02.55', '{\\fnInter}world'],
		]);
	});

	it('highlight: the spoken word has the other colour, and none in a pause', () => {
		expect(lines(draw({ effect: 'highlight', highlightColor: 'red' }).ass, 2)).toEqual([
			['0:00:00.29', '0:00:01.00', '{\\1c&H0000FF&}{\\fnInter}Hello{\\1c&HFFFFFF&} brave world'],
			['0:00:01.00', '0:00:02.00', '{\\fnInter}Hello {\\1c&H0000FF&}brave{\\1c&HFFFFFF&} world'],
			['0:00:02.00', '0:00:02.20', '{\\fnInter}Hello brave world'],
			['0:00:02.20', '0:00:02.55', '{\\fnInter}Hello brave {\\1c&H0000FF&}world{\\1c&HFFFFFF&}'],
		]);
	});

	it('underline: only the spoken word', () => {
		expect(lines(draw({ effect: 'underline' }).ass, 2)[1]?.[2]).toBe('{\\fnInter}Hello {\\u1}brave{\\u0} world');
	});

	it('karaoke: the parts add up to the whole, pauses included', () => {
		const [[, , text] = []] = lines(draw({ effect: 'karaoke' }).ass, 2);
		expect(text).toBe('{\\kf71}{\\fnInter}Hello {\\kf100}brave {\\k20}{\\kf35}world');
	});

	it('words read from the right are filled at once', () => {
		const arabic = tinyFace({ family: 'Arabic', characters: 'مرحبا ' });
		const { ass } = draw({ effect: 'karaoke' }, { captions: { words: [{ text: 'مرحبا', start: 0, end: 1 }] }, faces: [...faces, arabic] });
		expect(lines(ass, 2)[0]?.[2]).toBe('{\\k100}{\\fnArabic}مرحبا');
	});

	it('every effect works on captions that have no word times', () => {
		const { segments } = readCaptions('1\n00:00:00,000 --> 00:00:02,000\nHello world\n');
		for (const effect of captionEffects) expect(lines(draw({ effect }, { captions: { segments } }).ass, 2).at(-1)?.[1]).toBe('0:00:02.00');
		expect(lines(draw({ effect: 'highlight' }, { captions: { segments } }).ass, 2).map(([start]) => start)).toEqual(['0:00:00.00', '0:00:01.00']);
	});

	it('no caption is empty, and all lie inside of the picture in time and in order', () => {
		for (const effect of captionEffects) {
			const drawing = draw({ effect, lines: 2, lineLength: 8 }, { duration: 2.4 });
			const cues = parseAss(drawing.ass.replace(/\{\\k[f]?\d+\}/g, ''));
			expect(cues.every(({ text, start, end }) => text !== '' && start >= 0 && end <= 2.4 && start < end)).toBe(true);
		}
	});

	it('sizes grow with the width of the picture', () => {
		const size = (width: number) => /^Style: Text,Inter,(\d+),(?:[^,]*,){13}([\d.]+),/m.exec(draw({}, { width }).ass)?.slice(1);
		expect(size(1080)).toEqual(['120', '5']);
		expect(size(540)).toEqual(['60', '2.5']);
		expect(size(1920)).toEqual(['213', '8.9']);
	});

	it('the picture is the drawing plane', () => {
		expect(draw().ass).toContain('PlayResX: 1080\nPlayResY: 1920\n');
	});

	it('opacity is what is seen, not what is seen through', () => {
		expect(draw({ shadow: { opacity: 0.4 } }).ass).toMatch(/^Style: Shadow,Inter,120,&H99000000/m);
		expect(draw({ shadow: { opacity: 1 } }).ass).toMatch(/^Style: Shadow,Inter,120,&H00000000/m);
		expect(lines(draw({ shadow: { opacity: 0 } }).ass, 1)).toEqual([]);
		expect(draw({ box: { color: '#f00', opacity: 0.5 } }).ass).toMatch(/^Style: Box,.*,&H7F0000FF,/m);
	});

	it('text is data: what looks like a command is drawn', () => {
		const { ass } = draw({ fontSize: 40 }, { captions: { words: [{ text: '{\\fs200}a\\Nb\nDialogue: x', start: 0, end: 1 }] } });
		expect(lines(ass, 2)).toEqual([['0:00:00.00', '0:00:01.00', '{\\fnInter}\\{\\fs200\\}a\\\u2060Nb Dialogue: x']]);
	});

	it('text of another script has a font that has it, and the font is among the files', () => {
		const japanese = tinyFace({ family: 'Japanese', characters: '私は' });
		const drawing = draw({}, { captions: { words: [{ text: 'Hi', start: 0, end: 1 }, { text: '私は', start: 1, end: 2 }] }, faces: [...faces, japanese] });
		expect(lines(drawing.ass, 2)[0]?.[2]).toBe('{\\fnInter}Hi {\\fnJapanese}私は');
		expect(drawing.fonts.map(({ family }) => family)).toEqual(['Inter', 'Japanese']);
		expect(drawing.warnings).toEqual([]);
	});

	it('characters that no font has are named in a warning', () => {
		expect(draw({}, { captions: { words: [{ text: 'Hi 私', start: 0, end: 1 }] } }).warnings).toEqual([expect.stringContaining('私 (U+79C1)')]);
	});

	it('an emoji that is drawn without its skin tone is said to be', () => {
		const said = (text: string) => draw({}, { captions: { words: [{ text, start: 0, end: 1 }] }, faces: [...faces, tinyFace({ family: 'Emoji', characters: '👍' })] }).warnings;
		expect(said('Hi 👍🏽')).toEqual([expect.stringContaining('👍🏽')]);
		expect(said('Hi 👍')).toEqual([]);
	});

	it('gives the captions as SRT and VTT too, by lines whatever the effect', () => {
		const { srt, vtt } = draw({ effect: 'word_by_word', uppercase: true, lineLength: 11 });
		expect(srt).toBe('1\n00:00:00,290 --> 00:00:02,000\nHELLO BRAVE\n\n2\n00:00:02,200 --> 00:00:02,550\nWORLD\n');
		expect(vtt.startsWith('WEBVTT\n\n00:00:00.290')).toBe(true);
	});

	it('the words of a whole book take seconds, not hours', () => {
		const book = Array.from({ length: 10_000 }, (_, index) => ({ text: `word${index % 100}`, start: index / 4, end: (index + 1) / 4 }));
		const begin = process.cpuUsage();
		draw({ replace: [{ from: 'word7', to: 'seven' }] }, { captions: { words: book }, duration: 20_000 });
		expect(process.cpuUsage(begin).user / 1e6).toBeLessThan(15);
	});

	it('too many lines for the picture are said to be', () => {
		expect(draw({ lines: 5, lineLength: 5, fontSize: 400 }, { height: 800 }).warnings).toEqual([expect.stringContaining('higher than the picture')]);
	});

	it.each([
		['an unknown font', { font: 'No Such Font' }, {}, 'style.font', 'Inter'],
		['a colour that is none', { shadow: { color: 'blackish' } }, {}, 'style.shadow.color', 'colour'],
		['words out of order', {}, { captions: { words: [...words].reverse() } }, 'captions.1', 'order of time'],
		['words of a longer sound', {}, { duration: 0.5 }, 'captions', 'within the 0.5 s'],
		['nothing to show', { replace: words.map(({ text }) => ({ from: text, to: '' })) }, {}, 'captions', 'at least one word'],
	])('refuses %s and names the field', (_, style, request, field, message) => {
		expect(failure(() => draw(style, request))).toMatchObject({ type: 'InvalidInput', field, message: expect.stringContaining(message) });
	});
});
