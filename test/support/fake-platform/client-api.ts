import type { Exchange } from './exchange';
import type { Jobs, SubmitBody } from './jobs';

export interface ClientApiOptions {
	key: string;
	maxRequest: { run: number; runsync: number };
	/** Worker counts that `/health` reports. */
	workers: Record<string, number>;
}

/** What a client talks to: run, runsync, status, cancel, health. */
export function createClientApi(jobs: Jobs, { key, maxRequest, workers }: ClientApiOptions) {
	async function submit(call: Exchange, kind: 'run' | 'runsync') {
		if (call.raw.length > maxRequest[kind]) return call.send(400, { error: 'exceeded max body size' });
		const body = call.json() as SubmitBody | undefined;
		if (body?.input === undefined) return call.send(400, { error: 'input is required' });
		const wait = Number(call.seen.query.wait ?? 90_000);
		if (kind === 'runsync' && !(wait >= 1000 && wait <= 300_000)) return call.send(400, { error: 'wait is invalid; must be between 1000 and 300000' });
		const job = jobs.submit(body, kind === 'runsync');
		if (kind === 'runsync') await jobs.waitFor(() => (jobs.isFinal(job.status) ? true : undefined), wait, call.gone);
		call.send(200, kind === 'run' ? { id: job.id, status: 'IN_QUEUE' } : jobs.view(job));
	}

	function health(call: Exchange) {
		const inProgress = [...jobs.all.values()].filter(({ status }) => status === 'IN_PROGRESS').length;
		call.send(200, {
			jobs: { ...jobs.counts, inProgress, inQueue: jobs.queue.length, retried: 0 },
			workers: { idle: 1, initializing: 0, ready: 1, running: 0, throttled: 0, unhealthy: 0, ...workers },
		});
	}

	return async (call: Exchange, verb: string, id: string | undefined) => {
		if (call.seen.headers.authorization !== `Bearer ${key}`) return call.send(401);
		if (await call.fault('client')) return;
		if (verb === 'run' || verb === 'runsync') return submit(call, verb);
		if (verb === 'health') return health(call);
		const job = jobs.all.get(id ?? '');
		if (!job) return call.send(404, { error: 'job not found' });
		if (verb === 'cancel') jobs.cancel(job);
		call.send(200, jobs.view(job));
	};
}
