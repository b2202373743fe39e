import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClientApi } from './fake-platform/client-api';
import { readExchange, type Seen } from './fake-platform/exchange';
import { createFaults } from './fake-platform/faults';
import { createJobs } from './fake-platform/jobs';
import { createWorkerApi, type Ping } from './fake-platform/worker-api';

/** Milliseconds and bytes, as on the platform's wire. */
const defaults = {
	port: 0,
	endpoint: 'ep1',
	key: 'client-key-3f1c',
	workerKey: 'worker-key-9b2e',
	longPoll: 1000,
	retainAsync: 1_800_000,
	retainSync: 60_000,
	webhookPause: 10_000,
	/** Seconds. */
	retryAfter: 1,
	maxRequest: { run: 10_000_000, runsync: 20_000_000 },
	maxResult: { run: 10_000_000, runsync: 20_000_000 },
};

export type FakePlatformOptions = Partial<typeof defaults>;

/** A stand-in for RunPod on 127.0.0.1: one endpoint in memory, both of its sides, and faults on demand. */
export async function createFakePlatform(options: FakePlatformOptions = {}) {
	const settings = { ...defaults, ...options };
	const requests: Seen[] = [];
	const pings: Ping[] = [];
	const workers: Record<string, number> = {};
	const faults = createFaults(settings.retryAfter);
	const jobs = createJobs(settings);
	const workerApi = createWorkerApi(jobs, pings, settings);
	const clientApi = createClientApi(jobs, { ...settings, workers });

	const server = createServer((request, response) => {
		void (async () => {
			const call = await readExchange(request, response, faults);
			requests.push(call.seen);
			const [version, endpoint, verb = '', first = '', second] = call.seen.path.split('/').filter(Boolean);
			if (version !== 'v2' || endpoint !== settings.endpoint) call.send(404, { error: 'endpoint not found' });
			else if (/^(job-.*|ping)$/.test(verb)) await workerApi(call, verb, first, second);
			else await clientApi(call, verb, first);
		})().catch(() => response.destroy());
	});
	server.requestTimeout = 0;
	await new Promise<void>((resolve) => server.listen(settings.port, '127.0.0.1', resolve));
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

	return {
		...settings,
		url,
		baseUrl: `${url}/v2`,
		jobs,
		requests,
		pings,
		/** Overrides of the worker counts in `/health`. */
		workers,
		faults: faults.scripted,
		setChaos: faults.setChaos,
		/** Requests whose path has this verb, e.g. `job-done`, `cancel`. */
		seen: (verb: string) => requests.filter(({ path }) => path.split('/')[3] === verb),
		/** A worker's environment as the platform sets it. `short`: the job's id is only in the X-Request-ID header. */
		env(worker = 'w1', { ping = 2000, short = false, query = '?gpu=NVIDIA+L4' } = {}): Record<string, string> {
			const base = `${url}/v2/${settings.endpoint}`;
			const job = short ? '' : '/$ID';
			return {
				RUNPOD_ENDPOINT_ID: settings.endpoint,
				RUNPOD_POD_ID: worker,
				RUNPOD_POD_HOSTNAME: `${worker}-host`,
				RUNPOD_AI_API_KEY: settings.workerKey,
				RUNPOD_WEBHOOK_GET_JOB: `${base}/job-take/$ID${query}`,
				RUNPOD_WEBHOOK_POST_OUTPUT: `${base}/job-done/$RUNPOD_POD_ID${job}${query}`,
				RUNPOD_WEBHOOK_POST_STREAM: `${base}/job-stream/$RUNPOD_POD_ID${job}${query}`,
				RUNPOD_WEBHOOK_PING: `${base}/ping/$RUNPOD_POD_ID${query}`,
				RUNPOD_PING_INTERVAL: String(ping),
			};
		},
		async close() {
			jobs.close();
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

export type FakePlatform = Awaited<ReturnType<typeof createFakePlatform>>;
