import type { Envelope } from '../../src/execute';
import type { StorageConfig } from '../../src/storage/config';
import type { Host } from '../../gpu-runtime/host';
import type { RemoteTarget } from '../../gpu-runtime/remote';
import type { fetchRemotely as FetchRemotely, LaterResult, SubmittedJob } from '../../gpu-runtime/remote-later';

/** The only door from the nodes to the runtime. Everything heavy is loaded here, on first use. */

export interface BackendJob {
	operation: string;
	input: unknown;
	folder: string;
	signal: AbortSignal;
	onProgress(fraction: number, activity: string): void;
	/** Storage chosen in the node. */
	storage?: StorageConfig | undefined;
}

interface Shared {
	host: Host;
	scratchRoot: string;
}

/** n8n may load a package twice; the runtime is one per process all the same. */
const place = globalThis as { [key: symbol]: Promise<Shared> | undefined };
const key = Symbol.for('n8n-nodes-ai-agent-tools.runtime');

export async function embedded(job: BackendJob): Promise<Envelope> {
	const { host } = await shared();
	return host.run(job);
}

/** The same on another machine; `onHint` is told why a job may be waiting. */
export async function remote(job: BackendJob, target: RemoteTarget, onHint: (hint: string) => void): Promise<Envelope> {
	const { runRemotely } = await import('../../gpu-runtime/remote.js');
	return runRemotely({ ...job, onHint }, target);
}

/** Sends a job to another machine and does not wait for it; `webhook` is called at its end. */
export async function submit(job: BackendJob, target: RemoteTarget, webhook?: string): Promise<SubmittedJob> {
	const { submitRemotely } = await import('../../gpu-runtime/remote-later.js');
	return submitRemotely(job, target, webhook);
}

/** Fetches what `submit` sent; `isPatient`: waits for its end. */
export async function fetchLater(sent: SubmittedJob, job: Parameters<typeof FetchRemotely>[1], target: RemoteTarget): Promise<LaterResult> {
	const { fetchRemotely } = await import('../../gpu-runtime/remote-later.js');
	return fetchRemotely(sent, job, target);
}

/** Gives `work` a private scratch folder that is removed in every ending. */
export async function withJobFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
	const { scratchRoot } = await shared();
	const { withScratch } = await import('../../gpu-runtime/scratch.js');
	return withScratch(scratchRoot, work);
}

/** Process id of the embedded runtime, where one runs. */
export const pidOfRuntime = async () => (await place[key])?.host.pid();

/** Ends the embedded runtime, for tests and for programs other than n8n. */
export async function closeRuntime(): Promise<void> {
	const running = place[key];
	place[key] = undefined;
	await (await running)?.host.close();
}

function shared(): Promise<Shared> {
	place[key] ??= start().catch((error: unknown) => {
		place[key] = undefined;
		throw error;
	});
	return place[key];
}

async function start(): Promise<Shared> {
	const { embeddedHost } = await import('../../gpu-runtime/host.js');
	return embeddedHost();
}
