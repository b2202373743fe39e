import { timeStep } from './segments';

/** How much each token looks at each moment of the sound: a matrix of `rows` (tokens) by `columns` (steps of 0.02 s). */
export interface Attention {
	rows: number;
	columns: number;
	values: Float32Array;
}

const medianWidth = 7;

/**
 * When each token starts, in seconds: the heads' attention is levelled over the tokens, smoothed over time, averaged, and the
 * cheapest way through it is taken. Row k of the result is for row `from + k` of the heads; the row at `to` only ends the last.
 */
export function tokenStarts(heads: readonly Attention[], from: number, to: number): number[] {
	const columns = heads[0]!.columns;
	const cost = new Float32Array((to - from) * columns);
	for (const head of heads) {
		const level = levelled(head);
		for (let row = from; row < to; row++) {
			const smooth = medianFilter(level.subarray(row * columns, (row + 1) * columns), medianWidth);
			for (let column = 0; column < columns; column++) cost[(row - from) * columns + column]! -= smooth[column]! / heads.length;
		}
	}
	return firstColumns(cost, to - from, columns).map((column) => column * timeStep);
}

/** Every column with mean 0 and deviation 1 over the tokens. */
function levelled({ rows, columns, values }: Attention): Float32Array {
	const mean = new Float64Array(columns);
	const scale = new Float64Array(columns);
	const level = new Float32Array(values.length);
	const each = (change: (column: number, at: number) => void) => {
		for (let row = 0, at = 0; row < rows; row++) for (let column = 0; column < columns; column++, at++) change(column, at);
	};
	each((column, at) => (mean[column]! += values[at]! / rows));
	each((column, at) => (scale[column]! += (values[at]! - mean[column]!) ** 2 / rows));
	for (let column = 0; column < columns; column++) scale[column] = scale[column]! > 0 ? 1 / Math.sqrt(scale[column]!) : 0;
	each((column, at) => (level[at] = (values[at]! - mean[column]!) * scale[column]!));
	return level;
}

/** Each value becomes the median of its neighbourhood of `width` values, mirrored at the ends; shorter rows stay as they are. */
export function medianFilter(row: Float32Array, width: number): Float32Array {
	const side = (width - 1) / 2;
	const last = row.length - 1;
	if (last < side) return row;
	const wide = new Float32Array(row.length + 2 * side);
	wide.set(row, side);
	for (let k = 1; k <= side; k++) {
		wide[side - k] = row[k]!;
		wide[side + last + k] = row[last - k]!;
	}
	const sorted = wide.slice(0, width).sort();
	const filtered = new Float32Array(row.length);
	filtered[0] = sorted[side]!;
	for (let i = 1; i < row.length; i++) {
		exchange(sorted, wide[i - 1]!, wide[i + width - 1]!);
		filtered[i] = sorted[side]!;
	}
	return filtered;
}

/** Puts a value in the place of another in a sorted row. */
function exchange(sorted: Float32Array, leaving: number, coming: number): void {
	let place = 0;
	while (place < sorted.length - 1 && sorted[place]! < leaving) place++;
	for (; place > 0 && sorted[place - 1]! > coming; place--) sorted[place] = sorted[place - 1]!;
	for (; place < sorted.length - 1 && sorted[place + 1]! < coming; place++) sorted[place] = sorted[place + 1]!;
	sorted[place] = coming;
}

/** Dynamic time warping: the first column of every row on the cheapest monotone way from the first cell to the last. */
export function firstColumns(cost: Float32Array, rows: number, columns: number): number[] {
	const width = columns + 1;
	const steps = new Uint8Array((rows + 1) * width);
	let above = new Float64Array(width).fill(Infinity);
	let current = new Float64Array(width);
	above[0] = 0;
	for (let row = 1; row <= rows; row++) {
		current[0] = Infinity;
		for (let column = 1; column <= columns; column++) {
			const diagonal = above[column - 1]!;
			const down = above[column]!;
			const right = current[column - 1]!;
			const step = diagonal < down && diagonal < right ? Diagonal : down < diagonal && down < right ? Down : Right;
			steps[row * width + column] = step;
			current[column] = cost[(row - 1) * columns + column - 1]! + (step === Diagonal ? diagonal : step === Down ? down : right);
		}
		[above, current] = [current, above];
	}
	return walkBack(steps, rows, columns);
}

const Diagonal = 0;
const Down = 1;
const Right = 2;

function walkBack(steps: Uint8Array, rows: number, columns: number): number[] {
	const first = new Array<number>(rows).fill(0);
	let row = rows;
	let column = columns;
	while (row > 0 && column > 0) {
		first[row - 1] = column - 1;
		const step = steps[row * (columns + 1) + column];
		if (step !== Right) row--;
		if (step !== Down) column--;
	}
	return first;
}
