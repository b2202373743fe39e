import { cutWindow } from '../../../../src/speech/whisper/segments';

const begin = 100;
const at = (seconds: number) => begin + Math.round(seconds / 0.02);
const window = { seek: 500, frames: 3000 };

it('a pair of times cuts, and the next window begins at the last pair', () => {
	const { cuts, advance, told } = cutWindow([at(0), 1, 2, at(2), at(2), 3, at(4.5), at(4.5)], begin, window);
	expect(cuts.map(({ start, end }) => [start, end])).toEqual([[5, 7], [7, 9.5]]);
	expect({ advance, told }).toEqual({ advance: 450, told: false });
});

it('what stands after the last pair is left for the next window', () => {
	const { cuts, advance } = cutWindow([at(0), 1, at(2), at(2), 9, 9], begin, window);
	expect(cuts).toHaveLength(1);
	expect(advance).toBe(200);
});

it('a single time at the end tells that the window is done with', () => {
	const { cuts, advance, told } = cutWindow([at(0), 1, at(2), at(2.5), 2, at(4)], begin, window);
	expect(cuts.map(({ start, end }) => [start, end])).toEqual([[5, 7], [7.5, 9]]);
	expect({ advance, told }).toEqual({ advance: 3000, told: true });
});

it('without a pair there is one segment, from its first time to its last or else to the end of the sound in the window', () => {
	expect(cutWindow([at(0.5), 1, at(2)], begin, window)).toMatchObject({ cuts: [{ start: 5.5, end: 7 }] });
	expect(cutWindow([at(0), 1, at(2)], begin, window)).toMatchObject({ cuts: [{ start: 5, end: 7 }], advance: 3000, told: true });
	expect(cutWindow([at(0), 1], begin, { seek: 500, frames: 250 })).toMatchObject({ cuts: [{ start: 5, end: 7.5 }], advance: 250, told: false });
});

it('the advance counts the sound, never the padding', () => {
	expect(cutWindow([at(0), 1, at(2)], begin, { seek: 0, frames: 300 }).advance).toBe(300);
});
