import { readFile } from 'node:fs/promises';
import { OperationFailed, toWireError } from '../src/errors';
import { inItsWords, type Envelope, type Result } from '../src/execute';
import { placeFiles } from '../src/produced';
import type { S3Config } from '../src/runpod/protocol';
import { configOfJob, type StorageConfig } from '../src/storage/config';
import { resultKey } from '../src/storage/keys';
import type { ProducedFile } from '../src/vocabulary';
import type { Runtime } from './runtime';
import { withScratch } from './scratch';
import { openStorage } from './storage';

export interface ExecutorOptions {
	runtime: Runtime;
	scratchRoot: string;
	/** Where results go; without it they go to `keep`, and without that into the answer itself while they are small. */
	storage?: StorageConfig | undefined;
	/** Bytes of a file that may travel in the answer. */
	maxInline: number;
	/** Bytes that may be fetched from storage. */
	maxDownload: number;
	/** Seconds that links to results live. */
	linkLife: number;
}

export interface TravelOptions {
	jobId: string;
	signal: AbortSignal;
	/** Bytes of JSON that the answer may have. */
	maxResult: number;
	/** Storage lent by the caller to this job alone. */
	s3Config?: S3Config | undefined;
	onProgress(fraction: number, activity: string): void;
	/** Takes a finished file into a store of our own and says where it can be fetched. */
	keep?: ((file: LocalFile) => Promise<{ url: string }>) | undefined;
	/** Brings a url that is a file of our own into place; false when it is none. */
	takeOwn?: ((url: string, path: string) => Promise<boolean>) | undefined;
}

type LocalFile = ProducedFile & { file: string };

/** Runs operations for callers on other machines: no local file goes in, and every file that was made is put where they can fetch it. */
export function createExecutor({ runtime, scratchRoot, maxInline, maxDownload, linkLife, ...options }: ExecutorOptions) {
	async function execute(name: string, input: Record<string, unknown>, job: TravelOptions): Promise<Envelope> {
		try {
			const storage = job.s3Config ? configOfJob(job.s3Config) : options.storage;
			return await withScratch(scratchRoot, async (folder) => {
				const { jobId: id, signal, onProgress, takeOwn } = job;
				const answer = await runtime.execute(name, input, { id, folder, signal, onProgress, takeOwn, storage, allowFiles: false });
				return answer.status === 'error' ? answer : { ...answer, result: await deliver(answer.result, job, storage, (result) => inItsWords(name, input, result)) };
			});
		} catch (error) {
			return { status: 'error', error: toWireError(job.signal.aborted ? job.signal.reason : error) };
		}
	}

	async function deliver(result: Result, job: TravelOptions, storage: StorageConfig | undefined, complete: (result: Result) => Result): Promise<Result> {
		const warnings = [...result.warnings];
		const open = storage && openStorage(storage, maxDownload);
		try {
			const store = open?.forJob(job.signal);
			const placed = await placeFiles(result, async ({ file, ...facts }) => {
				if (!store || !storage) return job.keep ? { ...facts, ...(await job.keep({ file, ...facts })) } : inline({ file, ...facts }, maxInline);
				const key = resultKey({ prefix: storage.keyPrefix, date: new Date(), jobId: job.jobId, fileName: facts.fileName });
				const stored = await store.put(file, { key, ...facts });
				// A result is good by its key, where the provider has no links.
				const link = await store.link(stored, linkLife).catch((error: Error) => void warnings.push(`There is no link: ${error.message}`));
				return { ...facts, key: stored.key, ...(link && { url: link.url }) };
			});
			const answer = complete({ ...result, ...(placed as Result), warnings });
			refuseLarge(answer, job.maxResult);
			return answer;
		} finally {
			await open?.close();
		}
	}

	return { execute };
}

export type TravelExecutor = ReturnType<typeof createExecutor>;

async function inline({ file, ...facts }: LocalFile, max: number): Promise<ProducedFile> {
	if (facts.size > max)
		throw new OperationFailed(`${facts.fileName} has ${facts.size} bytes, and at most ${max} can travel in an answer. Set up S3 storage on this runtime, or lend the job one, so that files travel by reference`, { code: 'no_storage' });
	return { ...facts, base64: await readFile(file, 'base64') };
}

function refuseLarge(result: Result, max: number) {
	const size = Buffer.byteLength(JSON.stringify(result));
	if (size > max) throw new OperationFailed(`Expected a result of at most ${max} bytes, got ${size}. Set up S3 storage on this runtime, so that files travel by reference`, { code: 'result_too_large' });
}
