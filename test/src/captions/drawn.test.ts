import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drawCaptions } from '../../../src/captions/draw';
import { drawUserAss } from '../../../src/captions/user-ass';
import { captionPositions, captionStyle } from '../../../src/captions/style';
import type { Word } from '../../../src/vocabulary';
import { bundledFaces, tinyFace } from '../../support/fonts';
import { drawFrames, type Box } from '../../support/frames';

/** The pictures themselves, drawn by the bundled ffmpeg. */
const size = { width: 540, height: 960 };
const folder = mkdtempSync(join(tmpdir(), 'tiny-fonts-'));
afterAll(() => rmSync(folder, { recursive: true }));

const faces = [
	...bundledFaces(),
	tinyFace({ family: 'Hebrew', characters: 'שלוםע' }, folder),
	tinyFace({ family: 'Japanese', characters: '私は学生で。' }, folder),
	tinyFace({ family: 'Emoji', characters: '😀👩👧👍' }, folder),
];
const words: Word[] = [
	{ text: 'Hello', start: 0.29, end: 1 },
	{ text: 'brave', start: 1, end: 2 },
	{ text: 'world', start: 2.2, end: 2.55 },
];
const spoken = (text: string): Word[] => text.split(' ').map((word, index) => ({ text: word, start: index / 10, end: (index + 1) / 10 }));
const draw = (style: object, times: readonly number[], said = words) =>
	drawFrames(drawCaptions({ captions: { words: said }, style: captionStyle.parse({ shadow: { opacity: 0 }, ...style }), ...size, duration: 10, faces }), times, size);
const one = (style: object, text: string, at = 0.05): Box => {
	const [frame] = draw(style, [at], spoken(text));
	const box = frame?.drawn();
	if (!box) throw new Error('Expected something to be drawn');
	return box;
};
const middle = ({ top, bottom }: Box) => (top + bottom) / 2;

describe('drawn captions', () => {
	it('are there from the first word to the end of the last, to the hundredth of a second', () => {
		const frames = draw({}, [0.28, 0.29, 2.54, 2.55]);
		expect(frames.map((frame) => frame.drawn() !== undefined)).toEqual([false, true, true, false]);
	});

	it('one word at a time: nothing in a pause, and each in the middle', () => {
		const [hello, brave, pause] = draw({ effect: 'word_by_word' }, [0.5, 1.5, 2.1]).map((frame) => frame.drawn());
		expect(pause).toBeUndefined();
		for (const box of [hello, brave]) expect(((box?.left ?? 0) + (box?.right ?? 0)) / 2).toBeCloseTo(270, -1);
		expect((brave?.right ?? 0) - (brave?.left ?? 0)).toBeLessThan(220);
	});

	it('highlight: the colour is on the spoken word, in its time alone', () => {
		const [before, first, second, pause, third] = draw({ effect: 'highlight', highlightColor: '#f00' }, [0.1, 0.5, 1.5, 2.1, 2.4]).map((frame) => frame.colored('#f00'));
		expect(before).toBeUndefined();
		expect(pause).toBeUndefined();
		expect(first?.right).toBeLessThan(second?.left ?? 0);
		expect(second?.right).toBeLessThan(third?.left ?? 0);
	});

	it('karaoke: the colour grows through a word and stays on what was spoken', () => {
		const frames = draw({ effect: 'karaoke', highlightColor: '#f00' }, [0.3, 1, 1.5, 2.1, 2.54]).map((frame) => frame.colored('#f00'));
		const edges = frames.map((box) => box?.right ?? 0);
		expect([...edges].sort((a, b) => a - b)).toEqual(edges);
		expect(new Set(edges).size).toBe(5);
		expect(frames.at(-1)?.left).toBe(frames[1]?.left);
	});

	it('underline: only under the spoken word', () => {
		const [none, first, second] = [draw({}, [0.5])[0], ...draw({ effect: 'underline' }, [0.5, 1.5])].map((frame) => frame?.colored('white')?.pixels ?? 0);
		expect(first).toBeGreaterThan((none ?? 0) + 100);
		expect(second).toBeGreaterThan((none ?? 0) + 100);
	});

	it('top, center and bottom are at their heights, and lines are added away from the held edge', () => {
		const held = (position: string, text: string) => one({ position, lines: 3, lineLength: 5 }, text);
		expect(held('top', 'Hxxxg').top).toBeGreaterThan(960 * 0.2);
		expect(held('top', 'Hxxxg Hxxxg Hxxxg').top).toBe(held('top', 'Hxxxg').top);
		expect(middle(held('center', 'Hxxxg'))).toBeCloseTo(960 * 0.45, -1);
		expect(middle(held('center', 'Hxxxg Hxxxg Hxxxg'))).toBeCloseTo(960 * 0.45, -1);
		expect(held('bottom', 'Hxxxg').bottom).toBeLessThan(960 * 0.75);
		expect(held('bottom', 'Hxxxg Hxxxg Hxxxg').bottom).toBe(held('bottom', 'Hxxxg').bottom);
	});

	it('nine anchors, also at the very edge, keep the text inside of the picture and on its side', () => {
		for (const position of captionPositions)
			for (const edge of [{ x: 0, y: 0 }, { x: 100, y: 100 }]) {
				const box = one({ position, ...edge, lines: 2, fontSize: 80, stroke: { size: 10 } }, 'Some words that fill more than one line');
				expect(box.left).toBeGreaterThan(0);
				expect(box.top).toBeGreaterThan(0);
				expect(box.right).toBeLessThan(539);
				expect(box.bottom).toBeLessThan(959);
			}
		const side = (position: string) => one({ position }, 'Hi');
		expect(side('left').left).toBeLessThan(40);
		expect(side('right').right).toBeGreaterThan(500);
	});

	it('long lines wrap inside of the margins, also where no space is', () => {
		for (const text of ['Every one of these words stands on a line with others until it is full', 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerk', '学生は学生で私は学生で。私は学生で。学生は私で', 'W'.repeat(60)]) {
			const box = one({ lines: 5, lineLength: 200 }, text);
			expect(box.left).toBeGreaterThanOrEqual(27 - 3);
			expect(box.right).toBeLessThanOrEqual(540 - 27 + 3);
			expect(box.bottom - box.top).toBeGreaterThan(60);
		}
	});

	it('stroke, box and shadow reach as far as they should', () => {
		const plain = one({ stroke: { size: 0 } }, 'Hello');
		const stroked = one({ stroke: { size: 20, color: 'red' } }, 'Hello');
		expect(plain.left - stroked.left).toBeGreaterThanOrEqual(9);
		expect(plain.left - stroked.left).toBeLessThanOrEqual(12);
		const boxed = draw({ stroke: { size: 0 }, box: { color: '#f00', opacity: 1, padding: 40 } }, [0.5])[0]?.colored('#f00');
		const text = draw({ stroke: { size: 0 } }, [0.5])[0]?.drawn();
		expect((text?.left ?? 0) - (boxed?.left ?? 0)).toBeGreaterThan(15);
		expect((boxed?.right ?? 0) - (text?.right ?? 0)).toBeGreaterThan(15);
		const sharp = one({ stroke: { size: 0 }, shadow: { opacity: 1, blur: 0, color: 'red' } }, 'Hello');
		const blurred = one({ stroke: { size: 0 }, shadow: { opacity: 1, blur: 20, color: 'red' } }, 'Hello');
		expect(sharp.bottom).toBeGreaterThan(plain.bottom);
		expect(blurred.bottom).toBeGreaterThan(sharp.bottom + 5);
		expect(blurred.top).toBeLessThan(plain.top);
	});

	it('a box that is half seen through is one even colour, also over lines and changes of colour and font', () => {
		const [frame] = draw({ effect: 'highlight', lines: 3, lineLength: 6, box: { color: '#f00', opacity: 0.5, padding: 20 } }, [0.05], spoken('Hello 私は Hello'));
		const box = frame?.drawn();
		const even = frame?.colored('#800040');
		// Colours of video have half of its resolution.
		for (const side of ['left', 'top', 'right', 'bottom'] as const) expect(Math.abs((even?.[side] ?? 0) - (box?.[side] ?? 0))).toBeLessThanOrEqual(2);
		expect(frame?.colored('#bf0020')).toBeUndefined();
	});

	it('braces, backslashes and line breaks are drawn and change nothing', () => {
		const plain = one({ fontSize: 60 }, 'Hxfsg');
		const box = one({ fontSize: 60 }, '{\\fs200}Hx');
		expect(box.bottom - box.top).toBeLessThan((plain.bottom - plain.top) * 1.3);
		expect(one({ fontSize: 60 }, 'a\\Nb').bottom).toBe(one({ fontSize: 60 }, 'a\\Mb').bottom);
	});

	it('words written from right to left stand in that order', () => {
		const [first, second] = draw({ effect: 'highlight', highlightColor: '#f00', fontSize: 80 }, [0.05, 0.15], spoken('שלום עולם')).map((frame) => frame.colored('#f00'));
		expect(first?.left).toBeGreaterThan(second?.right ?? 540);
	});

	it('scripts and emoji that the font lacks are drawn with others, beyond the first plane too', () => {
		for (const text of ['שלום', '私は', '😀', '👩\u200D👧', '👍🏽']) {
			const [frame] = draw({ stroke: { size: 0 } }, [0.05], spoken(text));
			expect(frame?.drawn()?.pixels).toBeGreaterThan(500);
		}
		// Skin tone and joiner leave no trace beside the emoji.
		const width = (text: string) => { const { left, right } = one({ stroke: { size: 0 } }, text); return right - left; };
		expect(width('👍🏽')).toBe(width('👍'));
		expect(width('👩\u200D👧')).toBe(width('👩👧'));
	});
});

describe("a user's own ASS", () => {
	const ass = (events: string) =>
		`[Script Info]\nPlayResX: 540\nPlayResY: 960\n\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize, PrimaryColour, Alignment\nStyle: Default,Comic Unknown,60,&H000000FF,5\n\n[Fonts]\nfontname: evil.ttf\n0000\n\n[Graphics]\nfilename: a.bmp\n\n[Events]\nFormat: Layer, Start, End, Style, Text\n${events}\n`;

	it('keeps its looks, loses what it embeds, and its unknown fonts are replaced and named', () => {
		const drawing = drawUserAss({ ass: ass('Dialogue: 0,0:00:00.00,0:00:01.00,Default,Hello {\\fnAnother\\b1}you'), faces });
		expect(drawing.ass).not.toMatch(/\[Fonts\]|\[Graphics\]|evil|Unknown|Another/);
		expect(drawing.warnings).toEqual([expect.stringContaining('[Fonts], [Graphics]'), expect.stringContaining('Comic Unknown, Another')]);
		expect(drawing.srt).toContain('Hello you');
		const [frame] = drawFrames(drawing, [0.5], size);
		expect(middle(frame?.colored('#f00') as Box)).toBeCloseTo(480, -1);
	});

	it('characters that its font lacks are drawn with another, or named where none has them', () => {
		const drawing = drawUserAss({ ass: ass('Dialogue: 0,0:00:00.00,0:00:01.00,Default,Hi {\\b1}私は\\N{\\p1}m 0 0 l 9 9{\\p0}한'), faces });
		expect(drawing.ass).toContain('Hi {\\b1}{\\fnJapanese}私は{\\fnInter}\\N{\\p1}m 0 0 l 9 9{\\p0}한\n');
		expect(drawing.fonts.map(({ family }) => family)).toEqual(['Inter', 'Inter', 'Japanese']);
		expect(drawing.warnings).toContainEqual(expect.stringContaining('한 (U+D55C)'));
		const [frame] = drawFrames(drawing, [0.5], size);
		expect(frame?.drawn()?.pixels).toBeGreaterThan(2000);
	});

	it('what it says after a command of its own is left as it is', () => {
		const text = '{\\an8\\pos(270,100)\\k20}Hello, {\\r\\fs20}\\{you\\}\\hthere';
		expect(drawUserAss({ ass: ass(`Dialogue: 0,0:00:00.00,0:00:01.00,Default,${text}`), faces }).ass).toContain(`,Default,${text}\n`);
	});

	it('one of more than two million characters is refused', () => {
		expect(() => drawUserAss({ ass: ass('') + 'x'.repeat(2_000_001), faces })).toThrow('at most 2000000 characters');
	});
});
