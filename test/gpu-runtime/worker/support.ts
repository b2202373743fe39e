import { setTimeout as sleep } from 'node:timers/promises';
import { startWorker, createWorkerLog, type Worker, type WorkerExecuteOptions, type WorkerOptions } from '../../../gpu-runtime/worker';
import { envelope } from '../../../src/execute';
import { createFakePlatform, type FakePlatform, type FakePlatformOptions } from '../../support/fake-platform';

/** The worker's usual pauses, much shorter. */
export const quick = {
	hold: 5,
	takeGrace: 0.05,
	drain: 0.5,
	takeRetry: { min: 0.02, max: 0.2 },
	busy: 0.1,
	postRetry: { min: 0.01, max: 0.05 },
	progressGap: 0.05,
};

export type Work = (input: Record<string, unknown>, options: WorkerExecuteOptions, name: string) => Promise<Record<string, unknown>>;

export interface Setup {
	platform: FakePlatform;
	worker: Worker;
	/** Lines of the log, as written. */
	lines: string[];
	send(input: Record<string, unknown>, more?: object): FakeJob;
	ended(job: FakeJob): Promise<FakeJob>;
}
type FakeJob = ReturnType<FakePlatform['jobs']['submit']>;

/** Runs a test with a worker on a platform of its own; without a heartbeat, which needs the built package. */
export async function withWorker(work: Work, test: (setup: Setup) => Promise<void>, options: Partial<Omit<WorkerOptions, 'env'>> & { platform?: FakePlatformOptions; env?: (platform: FakePlatform) => Record<string, string | undefined>; sync?: boolean } = {}) {
	const platform = await createFakePlatform({ longPoll: 300, ...options.platform });
	const lines: string[] = [];
	try {
		const worker = startWorker({
			log: createWorkerLog({ write: (line) => lines.push(line), level: 'debug', secrets: [platform.workerKey] }),
			...options,
			executor: { execute: (name, input, given) => envelope(async () => ({ ...(await work(input, given, name)), warnings: [] })) },
			timing: { ...quick, ...options.timing },
			env: { ...platform.env('w1'), RUNPOD_WEBHOOK_PING: undefined, ...options.env?.(platform) },
		});
		const send = (input: Record<string, unknown>, more: object = {}) => platform.jobs.submit({ input: { operation: 'echo', ...input }, ...more }, options.sync ?? false);
		try {
			await test({ platform, worker, lines, send, ended: (job) => ended(platform, job) });
		} finally {
			await worker.stop();
		}
	} finally {
		await platform.close();
	}
}

export async function ended(platform: FakePlatform, job: FakeJob): Promise<FakeJob> {
	const isOver = await platform.jobs.waitFor(() => (platform.jobs.isFinal(job.status) ? true : undefined), 10_000, new AbortController().signal);
	if (!isOver) throw new Error(`Job ${job.id} is still ${job.status}`);
	return job;
}

export async function until(test: () => boolean, what = 'the condition') {
	for (const end = Date.now() + 30_000; !test(); await sleep(5)) if (Date.now() > end) throw new Error(`Waited in vain for ${what}`);
}

/** Bodies that were posted for a job, in order. */
export const bodiesOf = (platform: FakePlatform, { id }: { id: string }) =>
	platform.seen('job-done').filter(({ headers }) => headers['x-request-id'] === id).map(({ body }) => body);

export const echo: Work = async (input) => ({ echo: input });

/** Ends with the signal's reason, or after `seconds`. */
export async function dwell(seconds: number, signal: AbortSignal) {
	await sleep(seconds * 1000, undefined, { signal }).catch(() => signal.throwIfAborted());
}
