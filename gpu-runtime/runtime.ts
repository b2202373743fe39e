import { requireOffered } from '../src/capabilities';
import { TimedOut } from '../src/errors';
import { envelope, perform, readRequest, type Envelope } from '../src/execute';
import type { Job } from '../src/runtime';
import type { StorageConfig } from '../src/storage/config';
import { createEngines } from './engines';
import { createFiles } from './files';
import { createQueue } from './jobs';
import type { Settings } from './settings';
import { noStorage, openStorage, type OpenStorage } from './storage';

export interface ExecuteOptions {
	id: string;
	/** The job's scratch folder; made and removed by the caller, so that results can be taken out of it. */
	folder: string;
	signal: AbortSignal;
	/** Whether `{ file }` is accepted: only on the private channels of one machine. */
	allowFiles: boolean;
	/** Storage for this job alone, instead of the one of the settings. */
	storage?: StorageConfig | undefined;
	/** Brings a url that is a file of our own into place; false when it is none. */
	takeOwn?: ((url: string, path: string) => Promise<boolean>) | undefined;
	onProgress?: (fraction: number, activity: string) => void;
}

export interface Runtime {
	/** Runs one operation. Never throws: failures are in the envelope. Produced files lie in the scratch folder. */
	execute(name: string, input: unknown, options: ExecuteOptions): Promise<Envelope>;
	/** What an operation would get, for commands that use the engines themselves. */
	job(options: ExecuteOptions): Job;
	readonly counts: { running: number; waiting: number };
	/** Ends engines and helper processes. */
	close(): Promise<void>;
}

/** The composition root: one per process. Engines load on first use. */
export function createRuntime(settings: Settings): Runtime {
	const engines = createEngines(settings);
	const openFor = (config: StorageConfig) => openStorage(config, settings.AI_AGENT_TOOLS_MAX_DOWNLOAD);
	const ownStorage = settings.storage ? openFor(settings.storage) : noStorage;
	const queue = createQueue({ concurrency: settings.AI_AGENT_TOOLS_CONCURRENCY, limit: settings.AI_AGENT_TOOLS_QUEUE });

	const execute = (name: string, input: unknown, options: ExecuteOptions) =>
		envelope(async () => {
			const request = readRequest(name, input, options);
			requireOffered(request.operation, settings.AI_AGENT_TOOLS_CAPABILITIES);
			const work = () => limited(settings.AI_AGENT_TOOLS_TIME_LIMIT, options.signal, async (signal) => {
				const warnings: string[] = [];
				const lent = options.storage && openFor(options.storage);
				try {
					return await perform(request, jobOf({ ...options, signal }, lent ?? ownStorage, warnings), warnings);
				} finally {
					await lent?.close();
				}
			});
			return request.operation.light ? work() : queue.run(work, options.signal);
		});

	function jobOf({ id, folder, signal, storage: lent, onProgress, takeOwn }: ExecuteOptions, open: OpenStorage, warnings: string[]): Job {
		const storage = open.forJob(signal);
		const files = createFiles({
			folder,
			maxInline: settings.AI_AGENT_TOOLS_MAX_INLINE,
			async download(url, path, field) {
				if (!(await takeOwn?.(url, path))) await engines.download(url, path, field, signal);
			},
			async fetchObject({ key = '', bucket }, path, field) {
				await storage.fetch({ key, bucket, field }, path);
			},
		});
		const warn = (message: string) => void warnings.push(message);
		return {
			id,
			signal,
			files,
			storage,
			...engines.forJob({ folder, storage: lent, signal, warn }),
			progress: (fraction, activity) => onProgress?.(Math.min(1, Math.max(0, fraction)), activity),
			warn,
		};
	}

	return {
		execute,
		job: (options) => jobOf(options, ownStorage, []),
		get counts() {
			return queue.counts;
		},
		async close() {
			await Promise.all([engines.close(), ownStorage.close()]);
		},
	};
}

/** Runs `work` with a signal that also ends at the time limit, in seconds. */
async function limited<T>(limit: number, outer: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
	const stop = new AbortController();
	const forward = () => stop.abort(outer.reason);
	const timer = setTimeout(() => stop.abort(new TimedOut(`Expected the job to end within ${limit} s. Make it smaller, or raise AI_AGENT_TOOLS_TIME_LIMIT`)), limit * 1000);
	if (outer.aborted) forward();
	outer.addEventListener('abort', forward, { once: true });
	try {
		return await work(stop.signal);
	} catch (error) {
		// Whatever broke because the job was stopped, the stop is the reason.
		throw stop.signal.aborted ? stop.signal.reason : error;
	} finally {
		clearTimeout(timer);
		outer.removeEventListener('abort', forward);
	}
}
