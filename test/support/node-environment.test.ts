/** @jest-environment ./test/support/node-environment.js */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { graph, model, node, types, value } from './models/onnx-writer';

const identity = () =>
	model(graph({ nodes: [node('Neg', ['x'], ['y'])], inputs: [value('x', types.f32, ['n'])], outputs: [value('y', types.f32, ['n'])] }));

it('onnxruntime takes typed arrays made in a test, and gives some back that the test knows', async () => {
	const session = await InferenceSession.create(identity(), { executionProviders: ['cpu'] });
	const { y } = await session.run({ x: new Tensor('float32', Float32Array.of(1, 2), [2]) });
	expect(y?.data).toBeInstanceOf(Float32Array);
	expect(y?.data).toEqual(Float32Array.of(-1, -2));
});
