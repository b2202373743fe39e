import { captionStyle, captionStyleFields } from '../../../src/captions/style';
import { fieldsOf } from '../../../src/fields';

describe('the style of captions', () => {
	it('nothing given means the documented defaults', () => {
		expect(captionStyle.parse({})).toEqual({
			lines: 1,
			lineLength: 0,
			fontSize: 120,
			font: 'Inter',
			bold: true,
			italic: false,
			color: '#fff',
			position: 'bottom',
			effect: 'none',
			highlightColor: '#ffd400',
			shadow: { color: '#000', opacity: 0.4, blur: 10 },
			stroke: { color: '#000', size: 5 },
			box: false,
			uppercase: false,
			replace: [],
			hidePunctuation: false,
		});
	});

	it('a part of a shadow, stroke or box leaves the rest of it at its defaults', () => {
		const style = captionStyle.parse({ shadow: { opacity: 1 }, stroke: { size: 0 }, box: {} });
		expect(style.shadow).toEqual({ color: '#000', opacity: 1, blur: 10 });
		expect(style.stroke).toEqual({ color: '#000', size: 0 });
		expect(style.box).toEqual({ color: '#000', opacity: 0.6, padding: 20 });
	});

	it.each([
		{ lines: 0 }, { lines: 6 }, { lineLength: -1 }, { lineLength: 201 }, { fontSize: 7 }, { fontSize: 401 }, { font: '' }, { color: 'red; movie=x' },
		{ position: 'middle' }, { x: 101 }, { y: -1 }, { shadow: { blur: 21 } }, { shadow: { opacity: 1.1 } }, { stroke: { size: 21 } }, { effect: 'sparkle' }, { box: true },
	])('refuses %j', (style) => expect(captionStyle.safeParse(style).success).toBe(false));

	it('every field has words for forms', () => {
		expect(fieldsOf(captionStyle, captionStyleFields).map(({ key }) => key).sort()).toEqual(Object.keys(captionStyle.shape).sort());
	});
});
