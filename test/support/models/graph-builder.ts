import { type ElementType, graph, model, node, tensor, types, value } from './onnx-writer';

type Attributes = Parameters<typeof node>[3];

/** Puts a graph together step by step: every step gives the name of what it made. */
export class GraphBuilder {
	readonly #constants: ReturnType<typeof tensor>[] = [];
	readonly #nodes: ReturnType<typeof node>[] = [];
	readonly #inputs: ReturnType<typeof value>[] = [];
	readonly #outputs: ReturnType<typeof value>[] = [];
	#names = 0;

	input(name: string, type: ElementType, dims: readonly (number | string)[]): string {
		this.#inputs.push(value(name, type, dims));
		return name;
	}

	constant(type: ElementType, dims: readonly number[], data: ArrayLike<number>): string {
		const name = this.#fresh();
		this.#constants.push(tensor(name, type, dims, data));
		return name;
	}

	/** A whole number without dimensions. */
	integer = (number: number) => this.constant(types.i64, [], [number]);
	integers = (...numbers: number[]) => this.constant(types.i64, [numbers.length], numbers);
	real = (number: number) => this.constant(types.f32, [], [number]);

	op(operator: string, inputs: readonly string[], attributes: Attributes = {}): string {
		const name = this.#fresh();
		this.#nodes.push(node(operator, inputs, [name], attributes));
		return name;
	}

	output(name: string, from: string, type: ElementType, dims: readonly (number | string)[]): void {
		this.#nodes.push(node('Identity', [from], [name]));
		this.#outputs.push(value(name, type, dims));
	}

	cast = (from: string, to: ElementType) => this.op('Cast', [from], { to });

	/** Length of one dimension, as a number without dimensions. */
	size = (of: string, axis: number) => this.op('Gather', [this.op('Shape', [of]), this.integer(axis)]);

	/** A shape whose parts may be found only at run time. */
	shape = (...parts: (number | string)[]) =>
		this.op('Concat', parts.map((part) => (typeof part === 'number' ? this.integers(part) : this.op('Unsqueeze', [part, this.integers(0)]))), { axis: 0 });

	reshape = (from: string, ...parts: (number | string)[]) => this.op('Reshape', [from, this.shape(...parts)]);

	/** Elements `start` to before `end` along an axis; `end` is a name of a number or a number. */
	slice = (from: string, axis: number, start: number, end: number | string) =>
		this.op('Slice', [from, this.integers(start), this.shape(end), this.integers(axis)]);

	done = () => model(graph({ constants: this.#constants, nodes: this.#nodes, inputs: this.#inputs, outputs: this.#outputs }));

	#fresh = () => `v${this.#names++}`;
}
