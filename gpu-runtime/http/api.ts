import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../src/errors';
import { findOperation } from '../../src/operations';
import { readInput } from '../../src/runpod/payload';
import { isFinal, jobRequest, limits, waitBounds, type JobRequest } from '../../src/runpod/protocol';
import type { Finding } from '../../src/runtime';
import { privateTarget } from './request';
import { shownUrl } from './shown-url';
import { allow, answer, HttpProblem, readJson } from './exchange';
import { QueueFull, type Jobs, type ServedJob } from './jobs';

export interface ApiOptions {
	jobs: Jobs;
	concurrency: number;
	/** Seconds after which a client that met a full queue should come again. */
	retryAfter: number;
	isDraining(): boolean;
	/** Names of the operations that are answered. */
	operations: readonly string[];
	/** Whether webhooks may lead into private networks. */
	allowPrivate: boolean;
	/** What this runtime can do; kept for a while by the caller. */
	examine(): Promise<Finding[]>;
}

type Exchange = { request: IncomingMessage; response: ServerResponse; url: URL; origin: string };
type Call = (exchange: Exchange, id: string) => Promise<void> | void;

/** RunPod's public API for one endpoint: `<call>` or `<call>/<job id>`. */
export function createApi({ jobs, concurrency, retryAfter, isDraining, operations, allowPrivate, examine }: ApiOptions) {
	async function submit({ request, origin }: Exchange, kind: 'run' | 'runsync'): Promise<ServedJob> {
		allow(request, 'POST');
		if (isDraining()) throw new HttpProblem(503, 'shutting down; send the job again later', { 'retry-after': String(retryAfter) });
		const given = readRequest(await readJson(request, limits[kind].request));
		if (given.webhook !== undefined && !allowPrivate) await refusePrivate(given.webhook);
		try {
			return jobs.add({ request: given, origin, isSync: kind === 'runsync', isLight: isLight(given.input) });
		} catch (error) {
			throw error instanceof QueueFull ? new HttpProblem(429, 'the queue is full; send the job again later', { 'retry-after': String(retryAfter) }) : error;
		}
	}

	function find(id: string): ServedJob {
		const job = jobs.find(id);
		if (!job) throw new HttpProblem(404, 'job not found; it never was, or its result is kept no longer');
		return job;
	}

	async function describeAfter(job: ServedJob, { url, response }: Exchange) {
		await jobs.until(() => isFinal(job.status) || jobs.find(job.id) === undefined, readWait(url));
		answer(response, 200, jobs.describe(job));
	}

	const calls: Record<string, Call> = {
		async run(exchange) {
			const job = await submit(exchange, 'run');
			answer(exchange.response, 200, { id: job.id, status: 'IN_QUEUE' });
		},
		async runsync(exchange) {
			readWait(exchange.url);
			await describeAfter(await submit(exchange, 'runsync'), exchange);
		},
		status({ request, response }, id) {
			allow(request, 'GET', 'POST');
			answer(response, 200, jobs.describe(find(id)));
		},
		async 'status-sync'(exchange, id) {
			allow(exchange.request, 'GET', 'POST');
			await describeAfter(find(id), exchange);
		},
		stream({ request, response }, id) {
			allow(request, 'GET', 'POST');
			const job = find(id);
			const isNew = job.status === 'COMPLETED' && !job.isStreamed;
			if (isNew) job.isStreamed = true;
			answer(response, 200, { status: job.status, stream: isNew ? [{ output: job.output }] : [] });
		},
		cancel({ request, response }, id) {
			allow(request, 'POST');
			const job = find(id);
			jobs.cancel(job);
			answer(response, 200, { id, status: job.status });
		},
		retry({ request, response }, id) {
			allow(request, 'POST');
			const job = find(id);
			if (job.status !== 'FAILED' && job.status !== 'TIMED_OUT') throw new HttpProblem(400, `only a job that is FAILED or TIMED_OUT can be retried; this one is ${job.status}`);
			jobs.retry(job);
			answer(response, 200, { id, status: 'IN_QUEUE' });
		},
		'purge-queue'({ request, response }) {
			allow(request, 'POST');
			answer(response, 200, { removed: jobs.purge(), status: 'completed' });
		},
		async health({ request, response }) {
			allow(request, 'GET');
			const { completed, failed, retried, inProgress, inQueue } = jobs.counts;
			// The first examination takes a moment, and clients of the platform wait for 3 s at most.
			const checks = await Promise.race([examine(), sleep(1500, undefined, { ref: false })]);
			const isFit = checks?.every(({ status }) => status !== 'missing');
			const running = Math.min(inProgress, concurrency);
			const idle = isFit === false ? 0 : concurrency - running;
			answer(response, 200, {
				jobs: { completed, failed, inProgress, inQueue, retried },
				workers: { idle, ready: idle, running, initializing: 0, throttled: 0, unhealthy: isFit === false ? 1 : 0 },
				files: true,
				operations,
				checks: checks ?? [],
			});
		},
	};
	const withId = ['status', 'status-sync', 'stream', 'cancel', 'retry'];

	return async (name: string, id: string | undefined, exchange: Exchange): Promise<void> => {
		const call = Object.hasOwn(calls, name) ? calls[name] : undefined;
		if (!call || withId.includes(name) !== (id !== undefined)) throw new HttpProblem(404, 'not found');
		await call(exchange, id ?? '');
	};
}

function readRequest(body: unknown): JobRequest {
	const parsed = jobRequest.safeParse(body);
	if (!parsed.success) {
		const issue = parsed.error.issues[0];
		throw new HttpProblem(400, `${issue?.path.join('.') || 'body'}: ${issue?.message}`);
	}
	const { webhook } = parsed.data;
	if (webhook !== undefined && !/^https?:/i.test(webhook)) throw new HttpProblem(400, 'webhook: Expected a url that starts with http:// or https://');
	return parsed.data;
}

/** Rather than at the job's end, when nobody would hear of it. */
async function refusePrivate(webhook: string): Promise<void> {
	const address = await privateTarget(new URL(webhook));
	if (address !== undefined)
		throw new HttpProblem(400, `webhook: Expected a public address, got ${shownUrl(webhook)}, which is in a private network (${address}). Set AI_AGENT_TOOLS_ALLOW_PRIVATE_URLS=true on this runtime to allow such addresses`);
}

/** What is wrong with the input is the job's own failure, as at RunPod, so here it only matters whether the job may pass the queue. */
function isLight(input: Record<string, unknown>): boolean {
	try {
		return findOperation(readInput(input).operation)?.light ?? false;
	} catch {
		return true;
	}
}

function readWait(url: URL): number {
	const given = url.searchParams.get('wait');
	if (given === null) return waitBounds.default;
	const wait = Number(given);
	if (!Number.isInteger(wait) || wait < waitBounds.min || wait > waitBounds.max) throw new HttpProblem(400, `wait is invalid; must be between ${waitBounds.min} and ${waitBounds.max}`);
	return wait;
}

export const problemOf = (error: unknown) => (error instanceof HttpProblem ? error : new HttpProblem(500, `internal error: ${messageOf(error)}`));
