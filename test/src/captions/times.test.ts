import { fitTimes } from '../../../src/captions/times';
import { toWireError } from '../../../src/errors';
import type { Segment } from '../../../src/vocabulary';

const segment = (...words: [text: string, start: number, end: number][]): Segment => ({
	text: words.map(([text]) => text).join(' '),
	start: words[0]?.[1] ?? 0,
	end: words.at(-1)?.[2] ?? 0,
	words: words.map(([text, start, end]) => ({ text, start, end })),
});
const fit = (segments: Segment[], duration: number) => fitTimes(segments, duration, 'captions');

describe('bringing captions into the time of the picture', () => {
	it('leaves good times alone', () => {
		const good = [segment(['a', 0, 0.5], ['b', 0.7, 1]), segment(['c', 1, 2])];
		expect(fit(good, 2)).toEqual({ segments: good, warnings: [] });
	});

	it('cuts the last word at the end of the picture', () => {
		expect(fit([segment(['a', 0, 6])], 2).segments[0]?.words).toEqual([{ text: 'a', start: 0, end: 2 }]);
	});

	it('says what begins just after the end and is left out', () => {
		const { segments, warnings } = fit([segment(['a', 0, 1], ['b', 2.2, 2.4])], 2);
		expect(segments[0]?.words.map(({ text }) => text)).toEqual(['a']);
		expect(warnings).toEqual(['1 word begins after the end of the picture at 2 s and is not shown']);
	});

	it('refuses captions of something longer', () => {
		let error: unknown;
		try {
			fit([segment(['a', 0, 1]), segment(['late', 9, 10])], 2);
		} catch (caught) {
			error = caught;
		}
		expect(toWireError(error)).toMatchObject({ type: 'InvalidInput', field: 'captions', message: expect.stringMatching(/2 s.*"late" at 9 s/) });
	});

	it('of two captions at once the earlier ends where the later begins, with a warning', () => {
		const { segments, warnings } = fit([segment(['a', 0, 3]), segment(['b', 2, 4])], 4);
		expect(segments.map(({ words }) => words[0]?.end)).toEqual([2, 4]);
		expect(warnings).toEqual(['1 caption overlaps the next one in time and ends where that begins']);
	});

	it('words do not overlap, and one without length is seen for a frame where there is room', () => {
		expect(fit([segment(['a', 0, 1], ['b', 0.5, 0.5], ['c', 1, 2])], 2).segments[0]?.words).toEqual([
			{ text: 'a', start: 0, end: 0.5 },
			{ text: 'b', start: 0.5, end: 0.54 },
			{ text: 'c', start: 1, end: 2 },
		]);
	});
});
