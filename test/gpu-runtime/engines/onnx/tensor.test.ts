/** @jest-environment ./test/support/node-environment.js */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOnnx, f32, floats, i64, inPrecision, integers, zeros } from '../../../../gpu-runtime/engines/onnx';
import { graph, model, node, types, value } from '../../../support/models/onnx-writer';

const onnx = createOnnx({ threads: 1 });
let folder: string;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'tensor-'));
	const cast = (from: 'f32' | 'f16', to: 'f32' | 'f16') =>
		model(
			graph({
				nodes: [node('Cast', ['x'], ['y'], { to: types[to] })],
				inputs: [value('x', types[from], ['n'])],
				outputs: [value('y', types[to], ['n'])],
			}),
		);
	await writeFile(join(folder, 'to-half.onnx'), cast('f32', 'f16'));
	await writeFile(join(folder, 'to-float.onnx'), cast('f16', 'f32'));
});
afterAll(async () => {
	await onnx.close();
	await rm(folder, { recursive: true });
});

const run = async (file: string, x: ReturnType<typeof f32>) => {
	const loaded = await onnx.load(join(folder, file), { device: 'cpu', signal: new AbortController().signal });
	return (await loaded.run({ x })).y;
};

it('half precision is made and read as onnxruntime does', async () => {
	const edges = [0, -0, 1, -2.5, 65_504, 65_519, 65_520, 1e9, -1e9, Infinity, 6e-8, 3e-8, 2.98e-8, 6.1e-5, 6.097e-5, 1.00048828125, 1.00146484375];
	const values = Float32Array.from([...edges, ...Array.from({ length: 3000 }, (_, n) => Math.sin(n) * 10 ** ((n % 16) - 9))]);
	const half = await run('to-half.onnx', f32(values, [values.length]));
	expect(inPrecision('float16', values, [values.length])).toEqual(half);
	const back = await run('to-float.onnx', half!);
	expect(floats(half, 'half')).toEqual(floats(back, 'back'));
	expect(floats(inPrecision('float16', Float32Array.of(NaN), [1]), 'nan')[0]).toBeNaN();
});

it('an empty cache has its shape and no values, in either precision', () => {
	expect(zeros('float32', [1, 2, 0, 4])).toEqual({ type: 'float32', data: new Float32Array(0), dims: [1, 2, 0, 4] });
	expect(zeros('float16', [1, 2, 0, 4]).data).toHaveLength(0);
	expect(() => zeros('int8', [1])).toThrow('Expected a model input of type float32 or float16, got int8');
});

it('whole numbers go in and come out as plain numbers', () => {
	expect(integers(i64([1, -2, 3], [3]), 'x')).toEqual([1, -2, 3]);
});

it('an output of another type, or none, is named', () => {
	expect(() => floats(i64([1], [1]), 'logits')).toThrow('Expected the model to give float values for "logits", got int64');
	expect(() => integers(undefined, 'durations')).toThrow('Expected the model to give integer values for "durations", got none');
});
