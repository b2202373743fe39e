import type { Exchange } from './exchange';
import type { Job, Jobs } from './jobs';

export interface WorkerApiOptions {
	workerKey: string;
	/** Milliseconds a take or stop is held open. */
	longPoll: number;
	maxResult: { run: number; runsync: number };
}

export interface Ping {
	at: number;
	worker: string;
	query: Record<string, string>;
}

/** What a worker talks to: take, stop, done, ping. */
export function createWorkerApi(jobs: Jobs, pings: Ping[], { workerKey, longPoll, maxResult }: WorkerApiOptions) {
	async function take(call: Exchange, worker: string, isBatch: boolean) {
		if (await call.fault('take')) return;
		const count = isBatch ? Number(call.seen.query.batch_size ?? 1) : 1;
		const taken = await jobs.waitFor(() => (jobs.queue.length > 0 ? jobs.take(worker, count) : undefined), longPoll, call.gone);
		if (!taken) return call.send(204);
		if (call.isLost) taken.forEach(jobs.giveBack);
		const handed = taken.map(({ id, input, webhook, s3Config }) => ({ id, input, ...(webhook && { webhook }), ...(s3Config !== undefined && { s3Config }) }));
		call.send(200, isBatch ? handed : handed[0]);
	}

	async function stop(call: Exchange, worker: string) {
		if (await call.fault('stop')) return;
		const ids = await jobs.waitFor(() => jobs.stopsFor(worker), longPoll, call.gone);
		call.send(ids ? 200 : 204, ids && { jobsToStop: ids });
	}

	async function done(call: Exchange, job: Job | undefined) {
		if (await call.fault('done')) return;
		if (!job) return call.send(404, { error: 'job not found' });
		const body = call.json();
		if (typeof body !== 'object' || body === null) return call.send(400, { error: 'bad json' });
		const { status, output, error } = body as { status?: unknown; output?: unknown; error?: unknown };
		if (status === 'IN_PROGRESS') {
			job.progress.push(output);
			return call.send(200, {});
		}
		// What users of the real platform report: the worker gets 400, the client a COMPLETED without output.
		if (call.raw.length > maxResult[job.isSync ? 'runsync' : 'run']) {
			jobs.finish(job, 'COMPLETED');
			return call.send(400, { error: 'exceeded max body size' });
		}
		job.doneCount++;
		if (!jobs.isFinal(job.status)) {
			if (output !== undefined) job.output = output;
			if (error !== undefined) job.error = error;
			jobs.finish(job, error === undefined ? 'COMPLETED' : 'FAILED');
		}
		call.send(200, {});
	}

	async function ping(call: Exchange, worker: string) {
		if (await call.fault('ping')) return;
		pings.push({ at: Date.now(), worker, query: call.seen.query });
		call.send(200, {});
	}

	return async (call: Exchange, verb: string, worker: string, jobId: string | undefined) => {
		if (call.seen.headers.authorization !== workerKey) return call.send(401);
		if (verb === 'job-take' || verb === 'job-take-batch') return take(call, worker, verb === 'job-take-batch');
		if (verb === 'job-stop') return stop(call, worker);
		if (verb === 'ping') return ping(call, worker);
		if (verb === 'job-done') return done(call, jobs.all.get(jobId ?? String(call.seen.headers['x-request-id'])));
		call.send(404);
	};
}
