import { OperationFailed } from '../../../src/errors';
import type { Tensor } from '../onnx';

/** The rows of a float tensor in another order, some perhaps more than once. `reuse` is memory for them that may be written over. */
export function pickRows(tensor: Tensor, picked: readonly number[], reuse?: Tensor): Tensor {
	const size = tensor.data.length / (tensor.dims[0] ?? 1);
	const dims = [picked.length, ...tensor.dims.slice(1)];
	const length = picked.length * size;
	if (tensor.type === 'float32') {
		const into = reuse?.type === 'float32' && reuse.data.length === length ? reuse.data : new Float32Array(length);
		return { type: 'float32', data: gather(into, tensor.data, picked, size), dims };
	}
	if (tensor.type === 'float16') {
		const into = reuse?.type === 'float16' && reuse.data.length === length ? reuse.data : new Uint16Array(length);
		return { type: 'float16', data: gather(into, tensor.data, picked, size), dims };
	}
	throw unfit(tensor);
}

function gather<T extends Float32Array | Uint16Array>(into: T, from: T, picked: readonly number[], size: number): T {
	for (const [row, parent] of picked.entries()) into.set(from.subarray(parent * size, (parent + 1) * size), row * size);
	return into;
}

/**
 * Gives as many rows as wanted of tensors whose rows are all alike. What was made of one row before is used again, and its memory
 * for the next window: with a real model and five beams it is half a gigabyte, which must not be made anew for every attempt.
 */
export function createRepeater(): (name: string, tensor: Tensor, rows: number) => Tensor {
	const made = new Map<string, { from: Tensor; wide: Tensor }>();
	return (name, tensor, rows) => {
		const have = tensor.dims[0] ?? 1;
		if (have >= rows) return firstRows(tensor, rows);
		const before = made.get(name);
		const from = have === 1 ? tensor : firstRows(tensor, 1);
		if (before?.from === from && (before.wide.dims[0] ?? 0) >= rows) return firstRows(before.wide, rows);
		const wide = pickRows(from, new Array<number>(rows).fill(0), before?.wide);
		made.set(name, { from, wide });
		return wide;
	};
}

function firstRows(tensor: Tensor, rows: number): Tensor {
	const have = tensor.dims[0] ?? 1;
	if (have === rows) return tensor;
	const length = (tensor.data.length / have) * rows;
	const dims = [rows, ...tensor.dims.slice(1)];
	if (tensor.type === 'float32') return { type: 'float32', data: tensor.data.subarray(0, length), dims };
	if (tensor.type === 'float16') return { type: 'float16', data: tensor.data.subarray(0, length), dims };
	throw unfit(tensor);
}

const unfit = ({ type }: Tensor) => new OperationFailed(`Expected a decoder whose cache is of float32 or float16, got ${type}`, { code: 'model_unsupported' });
