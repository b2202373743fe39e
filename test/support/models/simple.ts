import { writeFile } from 'node:fs/promises';
import { graph, model, node, types, value } from './onnx-writer';

const vector = (name: string) => value(name, types.f32, ['n']);

/** `y = -x`, the smallest model there is. */
export const negation = () => model(graph({ nodes: [node('Neg', ['x'], ['y'])], inputs: [vector('x')], outputs: [vector('y')] }));

export const writeNegation = (path: string) => writeFile(path, negation());
