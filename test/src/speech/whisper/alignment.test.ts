import { firstColumns, medianFilter, tokenStarts } from '../../../../src/speech/whisper/alignment';

it('the way through a matrix is the cheapest monotone one', () => {
	const cost = Float32Array.of(0, 0, 9, 9, 9, 9, 9, 0, 9, 9, 9, 9, 9, 0, 0);
	expect(firstColumns(cost, 3, 5)).toEqual([0, 2, 3]);
});

it('more rows than columns still end at the last cell', () => {
	expect(firstColumns(new Float32Array(6), 3, 2)).toHaveLength(3);
	expect(firstColumns(new Float32Array(3), 3, 1)).toEqual([0, 0, 0]);
});

it('the median takes single spikes out and mirrors at the ends', () => {
	expect([...medianFilter(Float32Array.of(0, 0, 0, 9, 0, 0, 0, 0), 7)]).toEqual(new Array(8).fill(0));
	expect([...medianFilter(Float32Array.of(5, 1, 2, 3, 4, 6), 3)]).toEqual([1, 2, 2, 3, 4, 4]);
	expect([...medianFilter(Float32Array.of(3, 1), 7)]).toEqual([3, 1]);
});

it('a token starts where the attention of the row that predicts it begins', () => {
	const [rows, columns] = [5, 100];
	const values = new Float32Array(rows * columns);
	for (const [row, from, to] of [[0, 0, 5], [1, 0, 40], [2, 40, 70], [3, 70, 100]] as const) values.fill(1, row * columns + from, row * columns + to);
	const starts = tokenStarts([{ rows, columns, values }], 1, 4);
	[0, 0.8, 1.4].forEach((second, k) => expect(Math.abs(starts[k]! - second)).toBeLessThanOrEqual(0.02));
});

it('columns nobody looks at, all alike, do no harm', () => {
	expect(tokenStarts([{ rows: 3, columns: 10, values: new Float32Array(30) }], 1, 3).every(Number.isFinite)).toBe(true);
});
