import { readFile } from 'node:fs/promises';
import { OperationFailed, toWireError } from '../../src/errors';
import type { Envelope, Result } from '../../src/execute';
import { placeFiles } from '../../src/produced';
import type { Storage } from '../../src/runtime';
import { configOfJob } from '../../src/storage/config';
import type { ProducedFile } from '../../src/vocabulary';
import type { Runtime } from '../runtime';
import { withScratch } from '../scratch';
import type { Settings } from '../settings';
import { openStorage } from '../storage';
import type { Executor, WorkerExecuteOptions } from './executor';

/** Seconds that a link to a result lives. */
const linkLife = 3600;

type Made = ProducedFile & { file: string };

/** Runs a worker's jobs on the runtime: in a scratch folder each, their files going to storage, or inline where there is none. */
export function createRuntimeExecutor(runtime: Runtime, settings: Settings): Executor {
	const execute: Executor['execute'] = (name, input, options) =>
		withScratch(settings.AI_AGENT_TOOLS_SCRATCH, async (folder): Promise<Envelope> => {
			const { jobId: id, signal, s3Config, onProgress } = options;
			const lent = s3Config && configOfJob(s3Config);
			const answer = await runtime.execute(name, input, { id, folder, signal, allowFiles: false, storage: lent, onProgress });
			if (answer.status === 'error') return answer;
			const config = lent ?? settings.storage;
			if (!config) return { ...answer, result: await placed(answer.result, inlined(settings.AI_AGENT_TOOLS_MAX_INLINE, options)) };
			const open = openStorage(config, settings.AI_AGENT_TOOLS_MAX_DOWNLOAD);
			try {
				return { ...answer, result: await placed(answer.result, stored(open.forJob(signal), answer.result.warnings)) };
			} finally {
				await open.close();
			}
		});

	return {
		execute: (name, input, options) => execute(name, input, options).catch((error: unknown): Envelope => ({ status: 'error', error: toWireError(options.signal.aborted ? options.signal.reason : error) })),
	};
}

const placed = async (result: Result, place: (file: Made) => Promise<unknown>) => (await placeFiles(result, place)) as Result;

/** A file by its key, and by a link where the storage gives one: a finished job does not fail for want of a link. */
const stored = (storage: Storage, warnings: string[]) => async ({ file, ...facts }: Made) => {
	const { key, bucket } = await storage.put(file, facts);
	const link = await storage.link({ key, bucket }, linkLife).catch((error: Error) => {
		warnings.push(`There is no link to ${facts.fileName}: ${error.message}`);
		return {};
	});
	return { ...facts, key, bucket, ...link };
};

/** Files inside the answer itself, as long as they are small and the whole answer may travel. */
function inlined(maxInline: number, { maxResult }: WorkerExecuteOptions) {
	let room = maxResult * 0.95;
	return async ({ file, ...facts }: Made) => {
		room -= Math.ceil(facts.size / 3) * 4;
		if (facts.size > maxInline || room < 0)
			throw new OperationFailed(
				`${facts.fileName} of ${facts.size} bytes is too large to travel inside the answer. Set S3_BUCKET_NAME, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY on the worker, or send an s3Config with the job`,
				{ code: 'no_storage' },
			);
		return { ...facts, base64: await readFile(file, 'base64') };
	};
}
