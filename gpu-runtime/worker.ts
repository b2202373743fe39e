import { OperationFailed } from '../src/errors';
import { readWorkerEnvironment, type WorkerEnvironment } from './worker/environment';
import type { Executor } from './worker/executor';
import { isFit, type FitnessCheck } from './worker/fitness';
import { startHeartbeat } from './worker/heartbeat';
import { runJob, type RunningJob, type TakenJob } from './worker/job';
import type { WorkerLog } from './worker/log';
import { takeJobs, watchStops, type Slots } from './worker/loops';
import { pause, workerTiming, type WorkerTiming } from './worker/timing';

export { createWorkerLog } from './worker/log';
export { hasSpace } from './worker/fitness';
export type { Executor, WorkerExecuteOptions } from './worker/executor';

export interface WorkerOptions {
	/** The process's environment, in which RunPod tells where its jobs are. */
	env: Record<string, string | undefined>;
	executor: Executor;
	log: WorkerLog;
	/** Jobs at a time; default 1. */
	concurrency?: number;
	/** Of this package, told to the platform. */
	version?: string;
	timing?: Partial<WorkerTiming>;
}

export interface Worker {
	readonly jobIds: readonly string[];
	/** Takes no more jobs, finishes those it has and closes. Resolves to whether all of them could be finished. */
	stop(): Promise<boolean>;
	/** Ends all jobs with this error at once, and closes. */
	fail(error: Error): Promise<void>;
}

/** RunPod's serverless worker: takes jobs from its queue, runs them and posts what they made. */
export function startWorker({ env, executor, log, concurrency = 1, version = '0', ...rest }: WorkerOptions): Worker {
	const environment = readWorkerEnvironment(env);
	const timing = { ...workerTiming, ...rest.timing };
	const jobs = new Map<string, RunningJob>();
	const { draining, cut, closed } = { draining: new AbortController(), cut: new AbortController(), closed: new AbortController() };
	const heartbeat = environment.pingUrl === undefined ? undefined : startHeartbeat({ url: environment.pingUrl, key: environment.key, interval: environment.pingInterval, version }, log);
	const slots = createSlots(() => concurrency - jobs.size, concurrency);
	const context = { environment, executor, version, log, timing };

	function accept(taken: TakenJob) {
		if (jobs.has(taken.id)) return log('warn', 'Taken a second time while it runs; ignored', taken.id);
		const job = runJob(taken, context);
		jobs.set(taken.id, job);
		heartbeat?.tell([...jobs.keys()]);
		void job.finished.then(() => {
			jobs.delete(taken.id);
			heartbeat?.tell([...jobs.keys()]);
			slots.announce();
		});
	}

	const taking = (async () => {
		await heartbeat?.first;
		await takeJobs({ ...context, slots, accept, draining: draining.signal, cut: cut.signal });
	})();
	const watching = watchStops({ ...context, cancel: (id) => jobs.get(id)?.cancel(), closed: closed.signal });

	async function close() {
		closed.abort();
		await watching;
		await heartbeat?.stop();
	}

	const failAll = (error: Error) => Promise.all([...jobs.values()].map((job) => job.fail(error)));

	return {
		get jobIds() {
			return [...jobs.keys()];
		},
		async stop() {
			draining.abort();
			const cutLater = setTimeout(() => cut.abort(), timing.takeGrace * 1000);
			await taking;
			clearTimeout(cutLater);
			const isDone = await finishedWithin(timing.drain, jobs);
			if (!isDone) await failAll(new OperationFailed('The worker was shut down before the job had ended', { code: 'worker_stopped', retryable: true }));
			await close();
			return isDone;
		},
		async fail(error) {
			draining.abort();
			cut.abort();
			await failAll(error);
			await close();
		},
	};
}

function createSlots(free: () => number, all: number): Slots & { announce(): void } {
	const waiting = new Set<() => void>();
	return {
		free,
		isBusy: () => free() < all,
		announce: () => waiting.forEach((wake) => wake()),
		freed: (signal) =>
			new Promise((resolve) => {
				const wake = () => {
					waiting.delete(wake);
					signal.removeEventListener('abort', wake);
					resolve();
				};
				waiting.add(wake);
				signal.addEventListener('abort', wake);
			}),
	};
}

async function finishedWithin(seconds: number, jobs: ReadonlyMap<string, RunningJob>): Promise<boolean> {
	const stop = new AbortController();
	const finished = Promise.all([...jobs.values()].map((job) => job.finished)).then(() => true);
	const isDone = await Promise.race([finished, pause(seconds, stop.signal).then(() => false)]);
	stop.abort();
	return isDone;
}

/**
 * A worker as a whole process: checks itself, works until it is told to end (SIGTERM, SIGINT) and answers with the
 * exit code. A second signal ends it at once; an exception nobody caught ends it after its jobs were told.
 */
export async function runWorker(options: WorkerOptions & { checks?: readonly FitnessCheck[] }): Promise<number> {
	const environment: WorkerEnvironment = readWorkerEnvironment(options.env);
	if (!(await isFit(options.checks ?? [], environment, options.log))) return 1;
	const worker = startWorker(options);
	return new Promise((resolve) => {
		let isStopping = false;
		const onSignal = (signal: string) => {
			if (isStopping) return resolve(1);
			isStopping = true;
			options.log('info', `${signal}: taking no more jobs, ${worker.jobIds.length} to finish`);
			void worker.stop().then((isDone) => resolve(isDone ? 0 : 1));
		};
		const onCrash = (error: unknown) => {
			const reason = error instanceof Error ? error.message : String(error);
			options.log('error', `Crashed: ${reason}`);
			void worker.fail(new OperationFailed(`The worker crashed: ${reason}`, { code: 'worker_crashed', retryable: true, cause: error })).finally(() => resolve(1));
		};
		process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
		process.on('uncaughtException', onCrash).on('unhandledRejection', onCrash);
	});
}
