import type { Device, Engine } from '../../../src/vocabulary';

/** What a model really runs on. */
export const providers = ['cpu', 'cuda'] as const;
export type Provider = (typeof providers)[number];

/** A number array with its shape. `float16` holds the raw bits, `bool` one byte for each value. */
export type Tensor =
	| { readonly type: 'float32'; readonly data: Float32Array; readonly dims: readonly number[] }
	| { readonly type: 'float16'; readonly data: Uint16Array; readonly dims: readonly number[] }
	| { readonly type: 'int64'; readonly data: BigInt64Array; readonly dims: readonly number[] }
	| { readonly type: 'int32'; readonly data: Int32Array; readonly dims: readonly number[] }
	| { readonly type: 'bool'; readonly data: Uint8Array; readonly dims: readonly number[] };
export type TensorType = Tensor['type'];

/** One input or output of a model; a dimension that may vary is a name. */
export interface Socket {
	readonly name: string;
	readonly type: string;
	readonly shape: readonly (number | string)[];
}

/** A loaded model as one request sees it: the session behind it is shared with all others that ask for the same file. */
export interface Model {
	readonly provider: Provider;
	readonly device: Provider;
	/** Seconds that this request waited for the model; 0 when it was resident. */
	readonly loadSeconds: number;
	readonly inputs: readonly Socket[];
	readonly outputs: readonly Socket[];
	/** One step. Checks the request's signal first, so that a loop of steps can be cancelled. */
	run(feeds: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>>;
}

export interface LoadRequest {
	device: Device;
	/** What its graphs count as among the resident models, e.g. a name and a precision. Default: the folder of a graph. */
	model?: string | undefined;
	signal: AbortSignal;
	/** Told when `auto` had to fall back to the CPU, e.g. `job.warn`. */
	warn?: ((message: string) => void) | undefined;
}

/** What a job may do while the device is its own. Models loaded here stay resident until its end. */
export interface Turn {
	readonly device: Provider;
	load(path: string): Promise<Model>;
	/** What to say about the work so far in the result's `engine`. */
	report(facts: { name: string; model: Pick<Engine, 'precision' | 'revision'> & { name: string }; audioSeconds: number }): Engine;
}

export type Verdict = { readonly works: true } | { readonly works: false; readonly reason: string };

export interface Onnx {
	/** A model without a turn: it may leave between two steps, and is loaded again then. */
	load(path: string, request: LoadRequest): Promise<Model>;
	/** Waits for the device, one job at a time in the order of asking, and gives it back when `work` has ended. */
	use<T>(request: LoadRequest, work: (turn: Turn) => Promise<T>): Promise<T>;
	/** What a request will run on: `auto` takes CUDA where it works; `cuda` where it does not is an error. */
	deviceFor(request: Pick<LoadRequest, 'device' | 'warn'>): Promise<Provider>;
	/** Whether a provider works on this machine, proved with a tiny model once per process. */
	verdict(provider: Provider): Promise<Verdict>;
	/** Lets every model go. */
	close(): Promise<void>;
}
