import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Cancelled, InvalidInput } from '../src/errors';
import type { Envelope } from '../src/execute';
import { readInput } from '../src/runpod/payload';
import { limits } from '../src/runpod/protocol';
import type { Finding } from '../src/runtime';
import type { TravelExecutor } from './executor';
import { createApi, problemOf } from './http/api';
import { allow, answer, HttpProblem, refuse } from './http/exchange';
import { createFileStore } from './http/file-store';
import { createJobs, type ServedJob } from './http/jobs';
import { tell } from './http/webhook';
import { makeScratch, removeScratch } from './scratch';
import type { WorkerLog } from './worker/log';

export interface ServerOptions {
	host: string;
	/** 0 takes any free one. */
	port: number;
	/** Without a key only this machine itself is served. */
	key?: string | undefined;
	/** Name of the one endpoint, as in `/v2/<endpoint>/run`. */
	endpoint: string;
	/** Where clients reach us, for links; taken from each request when absent. */
	publicUrl?: string | undefined;
	executor: TravelExecutor;
	/** Names of the operations that are answered. */
	operations: readonly string[];
	/** What this machine can do. */
	examine(): Promise<Finding[]>;
	concurrency: number;
	queueLength: number;
	scratchRoot: string;
	/** Largest file that may be put, bytes. */
	maxFile: number;
	/** Seconds that a file is kept. */
	fileLife: number;
	/** Whether webhooks may lead into private networks. */
	allowPrivate: boolean;
	log: WorkerLog;
	/** Seconds; shortened in tests. */
	timing?: { keep?: { run: number; runsync: number }; webhookGap?: number; checkEvery?: number };
}

export interface Server {
	/** `http://host:port` */
	url: string;
	/** Takes no more jobs, finishes those it has within `limit` seconds, and closes. Resolves to whether all of them could be finished. */
	stop(limit: number): Promise<boolean>;
}

const loopback = ['127.0.0.1', '::1', 'localhost'];
/** Seconds without a byte of a request's body. */
const patience = 60;

/** RunPod's public API and a store for files, so that one's own machine is an endpoint like any other. */
export async function startServer(options: ServerOptions): Promise<Server> {
	const { host, port, key, endpoint, executor, concurrency, log, timing = {} } = options;
	if (!key && !loopback.includes(host))
		throw new InvalidInput(`Expected a key to serve other machines at ${host}. Set AI_AGENT_TOOLS_API_KEY, or AI_AGENT_TOOLS_HOST=127.0.0.1 to serve this machine alone`, { code: 'no_key' });
	const folder = await makeScratch(options.scratchRoot);
	const files = createFileStore({ folder, life: options.fileLife, maxBytes: options.maxFile });
	const closing = new AbortController();
	const webhooks = new Set<Promise<void>>();
	const running = new Set<Promise<Envelope>>();
	let isDraining = false;

	const jobs = createJobs({ concurrency, queueLength: options.queueLength, keep: timing.keep, workerId: randomUUID(), run, onEnd });

	function run(job: ServedJob): Promise<Envelope> {
		const execution = execute(job).finally(() => running.delete(execution));
		running.add(execution);
		return execution;
	}

	async function execute(job: ServedJob): Promise<Envelope> {
		const { operation, fields } = readInput(job.request.input);
		const { signal } = job.stop;
		log('info', `Started ${operation}`, job.id);
		return executor.execute(operation, fields, {
			jobId: job.id,
			signal,
			maxResult: limits[job.isSync ? 'runsync' : 'run'].result,
			s3Config: job.request.s3Config,
			onProgress: (fraction, activity) => {
				if (!signal.aborted && job.status === 'IN_PROGRESS') job.output = { fraction, activity };
			},
			keep: (file) => files.keep(file, job.origin),
			takeOwn: (url, path) => files.take(url, path, job.origin),
		});
	}

	function onEnd(job: ServedJob) {
		log(job.status === 'COMPLETED' ? 'info' : 'warn', job.error ? `${job.status}: ${job.error.message}` : job.status, job.id);
		const { webhook } = job.request;
		if (webhook === undefined) return;
		const telling = tell(webhook, JSON.stringify(jobs.describe(job)), { allowPrivate: options.allowPrivate, gap: timing.webhookGap, signal: closing.signal }).then((problem) => {
			webhooks.delete(telling);
			if (problem !== undefined) log('warn', `The webhook was not heard: ${problem}`, job.id);
		});
		webhooks.add(telling);
	}

	const examine = keepFor(timing.checkEvery ?? 300, options.examine);
	examine().catch((error: Error) => log('warn', `This machine could not be examined: ${error.message}`));
	const api = createApi({ jobs, concurrency, retryAfter: 5, isDraining: () => isDraining, operations: options.operations, allowPrivate: options.allowPrivate, examine });

	async function route(request: IncomingMessage, response: ServerResponse) {
		const url = new URL(request.url ?? '/', 'http://localhost');
		const origin = options.publicUrl?.replace(/\/+$/, '') ?? `http://${request.headers.host ?? 'localhost'}`;
		const [area = '', ...rest] = url.pathname.split('/').slice(1);
		if (!key) refuseStrangers(request);
		if (url.pathname === '/healthz') return answer(response, 200, { status: isDraining ? 'draining' : 'ok' });
		if (area === 'files' && (request.method === 'GET' || request.method === 'HEAD')) return files.send(url, request.method, response);
		if (key && !isRightKey(request.headers.authorization, key)) throw new HttpProblem(401, 'unauthorized');
		if (area === 'files') return changeFiles(request, response, rest, origin);
		const [name, call = '', id, ...more] = rest;
		if (area !== 'v2' || name !== endpoint || more.length > 0) throw new HttpProblem(404, area === 'v2' && name !== endpoint ? 'endpoint not found' : 'not found');
		return api(call, id, { request, response, url, origin });
	}

	async function changeFiles(request: IncomingMessage, response: ServerResponse, [id = '', ...more]: string[], origin: string) {
		allow(request, 'GET', 'HEAD', 'PUT', 'DELETE');
		if (request.method === 'PUT') {
			if (more.length > 0) throw new HttpProblem(404, 'not found');
			return answer(response, 201, await files.receive(request, decode(id) || 'file', origin));
		}
		answer(response, 200, { deleted: await files.remove(id) });
	}

	const server = createServer((request, response) => {
		request.setTimeout(patience * 1000, () => !request.complete && request.destroy());
		route(request, response).catch((error: unknown) => {
			const problem = problemOf(error);
			if (problem.status === 500) log('error', problem.message);
			if (response.headersSent) response.destroy();
			else refuse(request, response, problem);
		});
	});
	// Uploads and runsync take as long as they take.
	server.requestTimeout = 0;
	await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
	const { port: taken } = server.address() as AddressInfo;

	return {
		url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`,
		async stop(limit) {
			isDraining = true;
			const isDone = () => jobs.counts.inProgress + jobs.counts.inQueue === 0;
			await jobs.until(isDone, limit * 1000);
			const finished = isDone();
			jobs.close(new Cancelled('The runtime was shut down'));
			closing.abort();
			await Promise.all(webhooks);
			// What was cancelled is given a moment to clean up behind itself.
			await Promise.race([Promise.allSettled(running), sleep(5000, undefined, { ref: false })]);
			server.close();
			server.closeAllConnections();
			files.close();
			await removeScratch(folder);
			return finished;
		},
	};
}

/** Without a key, a web page that runs in a browser on this machine must not be able to send jobs. */
function refuseStrangers({ headers }: IncomingMessage) {
	const url = `http://${headers.host ?? ''}`;
	const name = URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, '') : '';
	if (headers.origin !== undefined || !loopback.includes(name)) throw new HttpProblem(403, 'without a key only programs on this machine are served');
}

function isRightKey(header: string | undefined, key: string): boolean {
	const digest = (text: string) => createHash('sha256').update(text).digest();
	return timingSafeEqual(digest(header ?? ''), digest(`Bearer ${key}`));
}

function decode(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

/** Does the work again only when its last result is older than `life` seconds. */
function keepFor<T>(life: number, work: () => Promise<T>): () => Promise<T> {
	let kept: Promise<T> | undefined;
	let since = 0;
	return () => {
		if (!kept || performance.now() - since > life * 1000) {
			since = performance.now();
			kept = work();
			kept.catch(() => (kept = undefined));
		}
		return kept;
	};
}
