import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Cancelled, TimedOut, toWireError, type WireError } from '../../src/errors';
import type { Envelope } from '../../src/execute';
import { policyBounds, retention, type FinalStatus, type JobRequest, type JobState, type JobStatus } from '../../src/runpod/protocol';

export interface ServedJob {
	id: string;
	status: JobStatus;
	request: JobRequest;
	/** Where the client reached us, for links to results. */
	origin: string;
	/** Whether it waits behind others. */
	isLight: boolean;
	isSync: boolean;
	/** Milliseconds since the epoch. */
	submitted: number;
	started?: number | undefined;
	finished?: number | undefined;
	/** Progress while it runs, the envelope at the end. */
	output?: unknown;
	error?: WireError | undefined;
	retries: number;
	isStreamed: boolean;
	stop: AbortController;
	timers: { ttl?: NodeJS.Timeout; execution?: NodeJS.Timeout; retention?: NodeJS.Timeout };
}

export interface JobsOptions {
	concurrency: number;
	/** Jobs that may wait. */
	queueLength: number;
	/** Seconds; the protocol's own but in tests. */
	keep?: { run: number; runsync: number } | undefined;
	workerId: string;
	run(job: ServedJob): Promise<Envelope>;
	/** Called once for every job that ends. */
	onEnd(job: ServedJob): void;
}

export type NewJob = Pick<ServedJob, 'request' | 'origin' | 'isLight' | 'isSync'>;

export class QueueFull extends Error {}

/** The jobs of this process, in memory: first come, first served, each with the limits that RunPod's API gives it. */
export function createJobs({ concurrency, queueLength, keep = retention, workerId, run, onEnd }: JobsOptions) {
	const jobs = new Map<string, ServedJob>();
	const queue: ServedJob[] = [];
	const listeners = new Set<() => void>();
	const counts = { completed: 0, failed: 0, retried: 0 };
	const inProgress = () => [...jobs.values()].filter(({ status }) => status === 'IN_PROGRESS');
	const changed = () => [...listeners].forEach((listener) => listener());

	function enqueue(job: ServedJob) {
		if (!job.isLight && queue.length >= queueLength) throw new QueueFull();
		jobs.set(job.id, job);
		queue.push(job);
		const ttl = job.request.policy?.ttl ?? policyBounds.ttl.default;
		job.timers.ttl = setTimeout(() => forget(job, new TimedOut(`The job's time to live of ${ttl} ms is over`)), ttl);
		startNext();
	}

	function startNext() {
		const busy = inProgress().filter(({ isLight }) => !isLight).length;
		const next = queue.findIndex(({ isLight }) => isLight || busy < concurrency);
		const [job] = next < 0 ? [] : queue.splice(next, 1);
		if (!job) return;
		void work(job);
		startNext();
	}

	async function work(job: ServedJob) {
		const { stop } = job;
		const limit = job.request.policy?.executionTimeout ?? policyBounds.executionTimeout.default;
		Object.assign(job, { status: 'IN_PROGRESS', started: Date.now() });
		job.timers.execution = setTimeout(() => finish(job, 'TIMED_OUT', new TimedOut(`Expected the job to end within ${limit / 1000} s. Make it smaller, or raise its execution timeout`)), limit);
		changed();
		const envelope = await run(job).catch((error: unknown): Envelope => ({ status: 'error', error: toWireError(error) }));
		// Cancelled, timed out or forgotten in the meantime, or tried again: then this result is nobody's.
		if (job.stop !== stop || job.status !== 'IN_PROGRESS') return startNext();
		job.output = envelope;
		if (envelope.status === 'error') job.error = envelope.error;
		end(job, envelope.status === 'error' ? 'FAILED' : 'COMPLETED');
	}

	function finish(job: ServedJob, status: FinalStatus, reason: Cancelled | TimedOut) {
		const place = queue.indexOf(job);
		if (place >= 0) queue.splice(place, 1);
		Object.assign(job, { output: undefined, error: toWireError(reason) });
		end(job, status);
		job.stop.abort(reason);
	}

	function end(job: ServedJob, status: FinalStatus) {
		clearTimeout(job.timers.execution);
		clearTimeout(job.timers.ttl);
		Object.assign(job, { status, finished: Date.now() });
		counts[status === 'COMPLETED' ? 'completed' : 'failed']++;
		const life = job.isSync ? keep.runsync : keep.run;
		job.timers.retention = setTimeout(() => forget(job, new Cancelled()), life * 1000).unref();
		changed();
		onEnd(job);
		startNext();
	}

	/** Deletes a job, even one that runs. */
	function forget(job: ServedJob, reason: Error) {
		Object.values(job.timers).forEach((timer: NodeJS.Timeout) => clearTimeout(timer));
		const place = queue.indexOf(job);
		if (place >= 0) queue.splice(place, 1);
		jobs.delete(job.id);
		if (!job.finished) job.stop.abort(reason);
		changed();
		startNext();
	}

	/** Resolves when `test` holds, at the latest after `wait` milliseconds. */
	function until(test: () => boolean, wait: number): Promise<void> {
		return new Promise((resolve) => {
			const check = () => {
				if (test()) done();
			};
			const done = () => {
				clearTimeout(timer);
				listeners.delete(check);
				resolve();
			};
			const timer = setTimeout(done, wait);
			listeners.add(check);
			check();
		});
	}

	return {
		find: (id: string) => jobs.get(id),
		until,
		add(job: NewJob): ServedJob {
			const id = `${job.isSync ? 'sync-' : ''}${randomUUID()}`;
			const added: ServedJob = { ...job, id, status: 'IN_QUEUE', submitted: Date.now(), retries: 0, isStreamed: false, stop: new AbortController(), timers: {} };
			enqueue(added);
			return added;
		},
		cancel(job: ServedJob) {
			if (!job.finished) finish(job, 'CANCELLED', new Cancelled());
		},
		retry(job: ServedJob) {
			clearTimeout(job.timers.retention);
			Object.assign(job, { status: 'IN_QUEUE', submitted: Date.now(), started: undefined, finished: undefined, output: undefined, error: undefined, isStreamed: false, stop: new AbortController() });
			job.retries++;
			counts.retried++;
			enqueue(job);
		},
		purge(): number {
			const waiting = queue.splice(0);
			waiting.forEach((job) => finish(job, 'CANCELLED', new Cancelled('The queue was purged')));
			return waiting.length;
		},
		describe: (job: ServedJob) => describe(job, workerId),
		get counts() {
			return { ...counts, inProgress: inProgress().length, inQueue: queue.length };
		},
		/** Cancels whatever is left and stops all timers. */
		close(reason: Cancelled) {
			[...queue.splice(0), ...inProgress()].forEach((job) => finish(job, 'CANCELLED', reason));
			[...jobs.values()].forEach((job) => forget(job, reason));
		},
	};
}

export type Jobs = ReturnType<typeof createJobs>;

function describe({ id, status, submitted, started, finished, output, error, retries }: ServedJob, workerId: string): JobState {
	return {
		id,
		status,
		...(started !== undefined && { delayTime: started - submitted, workerId }),
		...(started !== undefined && finished !== undefined && { executionTime: finished - started }),
		...(output !== undefined && { output }),
		...(error && { error: errorText(error, workerId) }),
		...(retries > 0 && { retries }),
	};
}

/** In the form of RunPod's Python workers; `tool_error` is the whole error for clients that know it. */
const errorText = (error: WireError, workerId: string) =>
	JSON.stringify({ error_type: error.type, error_message: error.message, error_traceback: '', hostname: hostname(), worker_id: workerId, tool_error: error });
