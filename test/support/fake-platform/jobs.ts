import { randomUUID } from 'node:crypto';

export type Status = 'IN_QUEUE' | 'IN_PROGRESS' | 'COMPLETED' | 'FAILED' | 'CANCELLED' | 'TIMED_OUT';

export interface SubmitBody {
	input: unknown;
	webhook?: string;
	s3Config?: unknown;
	policy?: { executionTimeout?: number; ttl?: number };
}

export interface Job extends SubmitBody {
	id: string;
	isSync: boolean;
	status: Status;
	history: Status[];
	created: number;
	started?: number;
	ended?: number;
	worker?: string;
	output?: unknown;
	error?: unknown;
	progress: unknown[];
	/** How often a worker gave a result, and how often the job was handed out. */
	doneCount: number;
	takenCount: number;
	webhookStatuses: (number | string)[];
	timers: NodeJS.Timeout[];
}

export interface JobsOptions {
	/** Milliseconds. */
	retainAsync: number;
	retainSync: number;
	webhookPause: number;
}

const isFinal = (status: Status) => status !== 'IN_QUEUE' && status !== 'IN_PROGRESS';

/** The platform's jobs, from submission to the end of their retention. */
export function createJobs(options: JobsOptions) {
	const jobs = new Map<string, Job>();
	const queue: Job[] = [];
	const toStop = new Map<string, string[]>();
	const waiters = new Set<() => void>();
	const counts = { completed: 0, failed: 0 };

	const wake = () => [...waiters].forEach((waiter) => waiter());

	/** The first defined value of `test`, or undefined after `ms` or when the peer has gone. */
	async function waitFor<T>(test: () => T | undefined, ms: number, gone: AbortSignal): Promise<T | undefined> {
		const end = Date.now() + ms;
		for (;;) {
			const value = gone.aborted ? undefined : test();
			const left = end - Date.now();
			if (value !== undefined || left <= 0 || gone.aborted) return value;
			await new Promise<void>((resolve) => {
				const fire = () => {
					clearTimeout(timer);
					waiters.delete(fire);
					gone.removeEventListener('abort', fire);
					resolve();
				};
				const timer = setTimeout(fire, left);
				waiters.add(fire);
				gone.addEventListener('abort', fire);
			});
		}
	}

	function setStatus(job: Job, status: Status) {
		job.status = status;
		job.history.push(status);
	}

	function askToStop(job: Job) {
		if (job.worker === undefined) return;
		toStop.set(job.worker, [...(toStop.get(job.worker) ?? []), job.id]);
		wake();
	}

	function finish(job: Job, status: Status) {
		if (isFinal(job.status)) return;
		setStatus(job, status);
		job.ended = Date.now();
		if (status === 'COMPLETED') counts.completed++;
		else if (status !== 'CANCELLED') counts.failed++;
		job.timers.splice(0).forEach(clearTimeout);
		job.timers.push(setTimeout(() => jobs.delete(job.id), job.isSync ? options.retainSync : options.retainAsync).unref());
		wake();
		if (job.webhook) void callWebhook(job, job.webhook);
	}

	async function callWebhook(job: Job, url: string) {
		for (let attempt = 0; attempt < 3; attempt++) {
			const status = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(view(job)) }).then(
				(response) => response.status,
				(error: unknown) => String(error),
			);
			job.webhookStatuses.push(status);
			if (status === 200) return;
			await new Promise((resolve) => setTimeout(resolve, options.webhookPause).unref());
		}
	}

	/** The time to live is hard: the job vanishes, even while it runs. */
	function expire(job: Job) {
		if (job.status === 'IN_PROGRESS') askToStop(job);
		job.timers.splice(0).forEach(clearTimeout);
		jobs.delete(job.id);
		dequeue(job);
		wake();
	}

	function dequeue(job: Job) {
		const index = queue.indexOf(job);
		if (index >= 0) queue.splice(index, 1);
	}

	function view({ id, status, created, started, ended, worker, output, error, progress }: Job) {
		const latest = status === 'IN_PROGRESS' ? progress.at(-1) : output;
		return {
			id,
			status,
			...(started !== undefined && { delayTime: started - created }),
			...(started !== undefined && ended !== undefined && { executionTime: ended - started }),
			...(worker !== undefined && { workerId: worker }),
			...(latest !== undefined && { output: latest }),
			...(error !== undefined && { error }),
		};
	}

	return {
		all: jobs,
		queue,
		counts,
		waitFor,
		finish,
		expire,
		askToStop,
		view,
		isFinal,
		submit(body: SubmitBody, isSync: boolean): Job {
			const job: Job = { ...body, id: `${isSync ? 'sync-' : ''}${randomUUID()}-u1`, isSync, status: 'IN_QUEUE', history: ['IN_QUEUE'], created: Date.now(), progress: [], doneCount: 0, takenCount: 0, webhookStatuses: [], timers: [] };
			jobs.set(job.id, job);
			queue.push(job);
			job.timers.push(setTimeout(() => expire(job), body.policy?.ttl ?? 86_400_000).unref());
			wake();
			return job;
		},
		take(worker: string, count: number): Job[] {
			return queue.splice(0, count).map((job) => {
				setStatus(job, 'IN_PROGRESS');
				Object.assign(job, { started: Date.now(), worker });
				job.takenCount++;
				job.timers.push(
					setTimeout(() => {
						askToStop(job);
						job.error = 'job timed out';
						finish(job, 'TIMED_OUT');
					}, job.policy?.executionTimeout ?? 600_000).unref(),
				);
				return job;
			});
		},
		/** A job whose handing-out never arrived. That the real platform does so is an assumption. */
		giveBack(job: Job) {
			setStatus(job, 'IN_QUEUE');
			job.takenCount--;
			queue.push(job);
			wake();
		},
		cancel(job: Job) {
			dequeue(job);
			if (job.status === 'IN_PROGRESS') askToStop(job);
			finish(job, 'CANCELLED');
		},
		stopsFor: (worker: string) => {
			const ids = toStop.get(worker);
			toStop.delete(worker);
			return ids;
		},
		close() {
			for (const job of jobs.values()) job.timers.forEach(clearTimeout);
		},
	};
}

export type Jobs = ReturnType<typeof createJobs>;
