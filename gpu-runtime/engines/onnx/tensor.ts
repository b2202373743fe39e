import type { Tensor as NativeTensor } from 'onnxruntime-node';
import { OperationFailed } from '../../../src/errors';
import type { Library } from './library';
import type { Tensor } from './types';

export const f32 = (data: Float32Array | readonly number[], dims: readonly number[]): Tensor => ({
	type: 'float32',
	data: data instanceof Float32Array ? data : Float32Array.from(data),
	dims,
});

export const i64 = (values: ArrayLike<number>, dims: readonly number[]): Tensor => ({
	type: 'int64',
	data: BigInt64Array.from({ length: values.length }, (_, index) => BigInt(values[index] ?? 0)),
	dims,
});

export const bool = (value: boolean): Tensor => ({ type: 'bool', data: Uint8Array.of(value ? 1 : 0), dims: [1] });

/** Floats in the precision that an input wants. */
export function inPrecision(type: string, data: Float32Array, dims: readonly number[]): Tensor {
	if (type === 'float32') return { type, data, dims };
	if (type === 'float16') return { type, data: Uint16Array.from(data, floatToHalf), dims };
	throw new OperationFailed(`Expected a model input of type float32 or float16, got ${type}`, { code: 'model_unsupported' });
}

/** Zeros; with a 0 among the dimensions, the empty cache that a decoder starts with. */
export function zeros(type: string, dims: readonly number[]): Tensor {
	const size = dims.reduce((product, dim) => product * dim, 1);
	return inPrecision(type, new Float32Array(size), dims);
}

/** The values of a float tensor of either precision. */
export function floats(tensor: Tensor | undefined, name: string): Float32Array {
	if (tensor?.type === 'float32') return tensor.data;
	if (tensor?.type === 'float16') return Float32Array.from(tensor.data, halfToFloat);
	throw unexpected(name, 'float', tensor?.type);
}

/** The values of an integer tensor as plain numbers. */
export function integers(tensor: Tensor | undefined, name: string): number[] {
	if (tensor?.type === 'int64' || tensor?.type === 'int32') return Array.from<number | bigint, number>(tensor.data, Number);
	throw unexpected(name, 'integer', tensor?.type);
}

const unexpected = (name: string, wanted: string, got = 'none') =>
	new OperationFailed(`Expected the model to give ${wanted} values for "${name}", got ${got}`, { code: 'model_unsupported' });

function halfToFloat(bits: number): number {
	const sign = bits & 0x8000 ? -1 : 1;
	const exponent = (bits >> 10) & 0x1f;
	const fraction = bits & 0x3ff;
	if (exponent === 0) return sign * fraction * 2 ** -24;
	if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
	return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const scratch = new DataView(new ArrayBuffer(4));

/** To the nearest half, of two as near to the even one. */
function floatToHalf(value: number): number {
	scratch.setFloat32(0, value);
	const bits = scratch.getUint32(0);
	const sign = (bits >>> 16) & 0x8000;
	const exponent = ((bits >>> 23) & 0xff) - 112;
	const fraction = bits & 0x7fffff;
	if (exponent >= 31) return sign | 0x7c00 | (Number.isNaN(value) ? 0x200 : 0);
	if (exponent <= 0) return sign | roundToEven(Math.abs(value) * 2 ** 24);
	// A carry into the exponent is right, up to infinity.
	return sign | roundToEven(((exponent << 23) | fraction) / 2 ** 13);
}

function roundToEven(value: number): number {
	const below = Math.floor(value);
	if (value - below === 0.5) return below + (below % 2);
	return Math.round(value);
}

export const toNative = (library: Library, { type, data, dims }: Tensor): NativeTensor => new library.Tensor(type, data, dims);

export function fromNative(name: string, native: NativeTensor): Tensor {
	const { type, data, dims } = native;
	if (Array.isArray(data)) throw unexpected(name, 'number', type);
	return view(name, type, data, [...dims]);
}

function view(name: string, type: string, data: ArrayBufferView & { length: number }, dims: number[]): Tensor {
	const { buffer, byteOffset, length } = data;
	switch (type) {
		case 'float32':
			return { type, data: new Float32Array(buffer, byteOffset, length), dims };
		case 'float16':
			return { type, data: new Uint16Array(buffer, byteOffset, length), dims }; // A Float16Array in newer Node versions: the same bits.
		case 'int64':
			return { type, data: new BigInt64Array(buffer, byteOffset, length), dims };
		case 'int32':
			return { type, data: new Int32Array(buffer, byteOffset, length), dims };
		case 'bool':
			return { type, data: new Uint8Array(buffer, byteOffset, length), dims };
		default:
			throw unexpected(name, 'float or integer', type);
	}
}
