/**
 * Writes ONNX model files without a dependency: the protobuf wire format by hand. `model(graph({ … }))` gives bytes that ONNX
 * Runtime loads. Field numbers are those of onnx.proto; the defaults are IR version 8 and operator set 17.
 */
class Message {
	readonly #parts: Buffer[] = [];

	/** A number field. */
	int(field: number, value: number | bigint): this {
		return this.#tag(field, 0).#varint(value);
	}

	bytes(field: number, data: Buffer): this {
		this.#tag(field, 2).#varint(data.length).#parts.push(data);
		return this;
	}

	text(field: number, value: string): this {
		return this.bytes(field, Buffer.from(value, 'utf8'));
	}

	float(field: number, value: number): this {
		const data = Buffer.alloc(4);
		data.writeFloatLE(value);
		this.#tag(field, 5).#parts.push(data);
		return this;
	}

	message(field: number, message: Message): this {
		return this.bytes(field, message.done());
	}

	done(): Buffer {
		return Buffer.concat(this.#parts);
	}

	#tag(field: number, wire: number): this {
		return this.#varint((field << 3) | wire);
	}

	#varint(value: number | bigint): this {
		let rest = BigInt.asUintN(64, BigInt(value));
		const bytes: number[] = [];
		for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
		this.#parts.push(Buffer.from([...bytes, Number(rest)]));
		return this;
	}
}

/** ONNX element types. */
export const types = { f32: 1, i32: 6, i64: 7, bool: 9, f16: 10 } as const;
export type ElementType = (typeof types)[keyof typeof types];

type Attribute = number | string | readonly number[] | { float: number };

/** A constant (initializer). */
export function tensor(name: string, type: ElementType, dims: readonly number[], data: ArrayLike<number>): Message {
	const message = new Message();
	for (const size of dims) message.int(1, size);
	return message.int(2, type).text(8, name).bytes(9, raw(type, data));
}

function raw(type: ElementType, data: ArrayLike<number>): Buffer {
	if (type === types.i64) return Buffer.from(BigInt64Array.from(Array.from(data), BigInt).buffer);
	if (type === types.i32) return Buffer.from(Int32Array.from(data).buffer);
	if (type === types.bool) return Buffer.from(Uint8Array.from(data));
	if (type === types.f32) return Buffer.from(Float32Array.from(data).buffer);
	throw new Error(`Expected a constant of type f32, i32, i64 or bool, got element type ${type}; cast from f32 inside the graph`);
}

function attribute(name: string, value: Attribute): Message {
	const message = new Message().text(1, name);
	if (typeof value === 'number') return message.int(3, value).int(20, 2);
	if (typeof value === 'string') return message.text(4, value).int(20, 3);
	if ('float' in value) return message.float(2, value.float).int(20, 1);
	for (const item of value) message.int(8, item);
	return message.int(20, 7);
}

/** One operator of the graph. An integer attribute is a plain number, a real one `{ float }`. */
export function node(
	operator: string,
	inputs: readonly string[],
	outputs: readonly string[],
	attributes: Readonly<Record<string, Attribute>> = {},
	domain = '',
): Message {
	const message = new Message();
	for (const input of inputs) message.text(1, input);
	for (const output of outputs) message.text(2, output);
	message.text(3, `${operator}_${outputs[0] ?? ''}`).text(4, operator);
	for (const [name, value] of Object.entries(attributes)) message.message(5, attribute(name, value));
	return domain === '' ? message : message.text(7, domain);
}

/** Describes an input or output of the graph; a dimension given as a name is free. */
export function value(name: string, type: ElementType, dims: readonly (number | string)[]): Message {
	const shape = new Message();
	for (const size of dims) {
		shape.message(1, typeof size === 'string' ? new Message().text(2, size) : new Message().int(1, size));
	}
	return new Message().text(1, name).message(2, new Message().message(1, new Message().int(1, type).message(2, shape)));
}

export interface Graph {
	constants?: readonly Message[];
	nodes: readonly Message[];
	inputs?: readonly Message[];
	outputs: readonly Message[];
}

export function graph({ constants = [], nodes, inputs = [], outputs }: Graph): Message {
	const message = new Message();
	for (const item of nodes) message.message(1, item);
	message.text(2, 'graph');
	for (const item of constants) message.message(5, item);
	for (const item of inputs) message.message(11, item);
	for (const item of outputs) message.message(12, item);
	return message;
}

export function model(content: Message, { operatorSet = 17, irVersion = 8 } = {}): Buffer {
	const operators = new Message().text(1, '').int(2, operatorSet);
	return new Message().int(1, irVersion).text(2, 'synthetic').message(7, content).message(8, operators).done();
}
