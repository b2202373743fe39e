import { dirname } from 'node:path';
import { createLock } from './device-lock';
import { loadLibrary, type Library } from './library';
import { createProviders } from './providers';
import { createResidents } from './residents';
import { openSession, type Session } from './session';
import { allowedThreads } from './threads';
import { openTurn } from './turn';
import type { LoadRequest, Model, Onnx, Provider, Tensor } from './types';

export * from './types';
export { allowedThreads } from './threads';
export { bool, f32, floats, i64, inPrecision, integers, zeros } from './tensor';

export interface OnnxOptions {
	/** Default: the cores that the container allows. */
	threads?: number | undefined;
	/** How many models stay loaded. */
	maxResident?: number | undefined;
	/** How many jobs may wait for one device. */
	maxWaiting?: number | undefined;
	library?: () => Promise<Library>;
}

/** The seat of all ONNX models of this process: one job per device, one load per model, exactly the provider that was proved. */
export function createOnnx({
	threads = allowedThreads(),
	maxResident = 2,
	maxWaiting = 16,
	library: load = loadLibrary,
}: OnnxOptions = {}): Onnx {
	let loading: Promise<Library> | undefined;
	const library = () => (loading ??= load());
	const { verdict, deviceFor } = createProviders(library);
	const locks = { cpu: createLock('cpu', maxWaiting), cuda: createLock('cuda', maxWaiting) };
	const residents = createResidents<Session>({
		max: maxResident,
		load: async (key) => openSession(await library(), { ...splitKey(key), threads }),
		unload: (session) => session.release(),
	});

	/** The model stays resident until `give`. */
	async function open(path: string, provider: Provider, { signal, model = dirname(path) }: LoadRequest): Promise<{ model: Model; give(): void }> {
		signal.throwIfAborted();
		const place: Place = [joinKey(provider, path), joinKey(provider, model)];
		const started = performance.now();
		const { loaded, give } = residents.take(...place);
		const { inputs, outputs } = await loaded;
		const loadSeconds = (performance.now() - started) / 1000;
		if (signal.aborted) give();
		signal.throwIfAborted();
		return { model: { provider, device: provider, loadSeconds, inputs, outputs, run: (feeds) => step(place, feeds, signal) }, give };
	}

	/** Loads the model again if it left since the last step. */
	async function step(place: Place, feeds: Readonly<Record<string, Tensor>>, signal: AbortSignal) {
		signal.throwIfAborted();
		const { loaded, give } = residents.take(...place);
		try {
			return await (await loaded).run(feeds);
		} finally {
			give();
		}
	}

	return {
		async load(path, request) {
			const { model, give } = await open(path, await deviceFor(request), request);
			give();
			return model;
		},
		async use(request, work) {
			const { signal } = request;
			signal.throwIfAborted();
			const device = await deviceFor(request);
			return locks[device](signal, async () => {
				const turn = openTurn(device, (path) => open(path, device, request));
				try {
					return await work(turn);
				} finally {
					turn.end();
				}
			});
		},
		deviceFor,
		verdict,
		close: () => residents.close(),
	};
}

/** A graph and the model it belongs to, as the residents know them. */
type Place = [key: string, group: string];

const joinKey = (provider: Provider, path: string) => `${provider}:${path}`;

function splitKey(key: string): { provider: Provider; path: string } {
	const provider = key.startsWith('cuda:') ? 'cuda' : 'cpu';
	return { provider, path: key.slice(provider.length + 1) };
}
