import { placeOf } from '../../../src/captions/place';
import { captionPositions, captionStyle } from '../../../src/captions/style';

const size = { width: 1080, height: 1920, fontSize: 120, bleed: 5 };
const place = (style: object, room = size) => placeOf(captionStyle.parse(style), room);

describe('where captions stand', () => {
	it('top, center and bottom are at 20, 45 and 75 % of the height', () => {
		expect(place({ position: 'top' })).toMatchObject({ alignment: 8 });
		expect(place({ position: 'top' }).marginVertical(1)).toBe(384);
		expect(place({ position: 'center' }).marginVertical(2)).toBe(864 - 120);
		expect(place({ position: 'bottom' })).toMatchObject({ alignment: 2 });
		expect(place({ position: 'bottom' }).marginVertical(3)).toBe(480);
	});

	it('x and y move the edge that is held', () => {
		expect(place({ position: 'top_left', x: 10, y: 30 })).toMatchObject({ alignment: 7, marginLeft: 108, marginRight: 54 });
		expect(place({ position: 'top_left', x: 10, y: 30 }).marginVertical(1)).toBe(576);
		expect(place({ position: 'bottom_right', x: 90 })).toMatchObject({ alignment: 3, marginLeft: 54, marginRight: 108 });
		const { marginLeft, marginRight } = place({ position: 'center', x: 30 });
		expect(marginLeft + (1080 - marginRight)).toBe(2 * 324);
	});

	it('whatever is asked, the text keeps a fifth of the width and stays inside with its stroke', () => {
		for (const position of captionPositions)
			for (const x of [0, 50, 100])
				for (const y of [0, 50, 100]) {
					const { lineWidth, marginLeft, marginRight, marginVertical } = place({ position, x, y });
					expect(lineWidth).toBeGreaterThanOrEqual(0.19 * 1080);
					expect(Math.min(marginLeft, marginRight, marginVertical(3))).toBeGreaterThanOrEqual(5);
					expect(marginVertical(3) + 360).toBeLessThanOrEqual(1915);
				}
	});
});
