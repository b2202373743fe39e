import { setTimeout as sleep } from 'node:timers/promises';
import { startWorker } from '../gpu-runtime/worker';
import { createFakePlatform, type FakePlatform } from '../test/support/fake-platform';
import type { Row } from './row';

const ourJobs = 300;
const theirJobs = 4;

/** No-op jobs per second through the queue: our worker against a loop that pauses a second between jobs, as the Python worker does. */
export async function run(): Promise<Row[]> {
	const ours = await rate(ourJobs, async (platform) => {
		const worker = startWorker({
			env: { ...platform.env(), RUNPOD_WEBHOOK_PING: undefined },
			log: () => undefined,
			executor: { execute: async () => ({ status: 'success', result: { warnings: [] }, processing_time: 0 }) },
			timing: { takeGrace: 0 },
		});
		return async () => void (await worker.stop());
	});
	const older = await rate(theirJobs, async (platform) => {
		const stop = new AbortController();
		const looping = pausingLoop(platform, stop.signal);
		return async () => {
			stop.abort();
			await looping;
		};
	});
	const ratio = ours / older;
	return [{ row: 'no-op jobs per second of the worker', ours, older, ratio, unit: 'jobs/s', goal: '≥ 20×', ok: ratio >= 20, note: 'older: take, post, pause 1 s, on the same stand-in of the platform' }];
}

async function rate(jobs: number, start: (platform: FakePlatform) => Promise<() => Promise<void>>): Promise<number> {
	const platform = await createFakePlatform();
	const all = Array.from({ length: jobs }, () => platform.jobs.submit({ input: { operation: 'doctor' } }, false));
	const begin = performance.now();
	const stop = await start(platform);
	while (!all.every(({ status }) => status === 'COMPLETED')) await sleep(2);
	const seconds = (performance.now() - begin) / 1000;
	await stop();
	await platform.close();
	return jobs / seconds;
}

/** One job at a time: take, answer, pause a second. */
async function pausingLoop(platform: FakePlatform, signal: AbortSignal) {
	const env = platform.env('python');
	const fill = (template = '', id: string) => template.replace('$RUNPOD_POD_ID', 'python').replace('$ID', id);
	const headers = { Authorization: platform.workerKey };
	while (!signal.aborted) {
		const answer = await fetch(fill(env.RUNPOD_WEBHOOK_GET_JOB, 'python'), { headers });
		if (answer.status === 200) {
			const { id } = (await answer.json()) as { id: string };
			await fetch(fill(env.RUNPOD_WEBHOOK_POST_OUTPUT, id), { method: 'POST', headers, body: JSON.stringify({ output: {} }) });
		}
		await sleep(1000, undefined, { signal }).catch(() => undefined);
	}
}
