import type { InferenceSession } from 'onnxruntime-node';
import { messageOf, OperationFailed } from '../../../src/errors';
import type { Library } from './library';
import { fromNative, toNative } from './tensor';
import type { Provider, Socket, Tensor } from './types';

export interface Session {
	readonly inputs: readonly Socket[];
	readonly outputs: readonly Socket[];
	run(feeds: Readonly<Record<string, Tensor>>): Promise<Record<string, Tensor>>;
	release(): Promise<void>;
}

export interface SessionOptions {
	path: string;
	provider: Provider;
	threads: number;
}

/** Opens a model on exactly one provider. */
export async function openSession(library: Library, { path, provider, threads }: SessionOptions): Promise<Session> {
	const session = await create(library, path, {
		executionProviders: [provider],
		intraOpNumThreads: threads,
		interOpNumThreads: 1,
		// Waiting threads that spin burn three times the CPU for the same speed.
		extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
	});
	return {
		inputs: session.inputMetadata.map(socket),
		outputs: session.outputMetadata.map(socket),
		run: (feeds) => run(library, session, path, feeds),
		release: () => session.release(),
	};
}

async function create(library: Library, path: string, options: InferenceSession.SessionOptions) {
	try {
		return await library.InferenceSession.create(path, options);
	} catch (cause) {
		throw new OperationFailed(
			`Expected a model that onnxruntime can open in ${path}, got: ${messageOf(cause)}. Check it with "ai-agent-tools models verify" and download it again.`,
			{ code: 'model_unreadable', cause },
		);
	}
}

async function run(library: Library, session: InferenceSession, path: string, feeds: Readonly<Record<string, Tensor>>) {
	const native = Object.fromEntries(Object.entries(feeds).map(([name, tensor]) => [name, toNative(library, tensor)]));
	try {
		const results = await session.run(native);
		return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, fromNative(name, tensor)]));
	} catch (cause) {
		throw new OperationFailed(`The model ${path} failed in a step: ${messageOf(cause)}`, { code: 'model_failed', cause });
	}
}

const socket = (metadata: InferenceSession.ValueMetadata): Socket =>
	metadata.isTensor
		? { name: metadata.name, type: metadata.type, shape: metadata.shape }
		: { name: metadata.name, type: 'unknown', shape: [] };
