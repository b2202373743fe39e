import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { call } from '../../../gpu-runtime/worker/call';
import { pause, pauseAfter } from '../../../gpu-runtime/worker/timing';
import { createFakePlatform } from '../../support/fake-platform';
import { echo, until, withWorker } from './support';

const gaps = (requests: { at: number }[]) => requests.slice(1).map(({ at }, index) => at - (requests[index]?.at ?? 0));

it('a take that fails is repeated after growing pauses, and the next job is run', () =>
	withWorker(
		echo,
		async ({ platform, lines, send, ended }) => {
			platform.faults.take.push(500, 'drop', 'html', 'badjson', 'empty', 401);
			const from = platform.seen('job-take').length;
			await until(() => platform.faults.take.length === 0);
			expect((await ended(send({}))).status).toBe('COMPLETED');
			const pauses = gaps(platform.seen('job-take').slice(from, from + 6));
			expect(pauses.at(-1)).toBeGreaterThan((pauses[0] ?? 0) * 3);
			// A failure that goes on is logged once, not at every try.
			expect(lines.filter((line) => line.includes('job-take failed'))).toHaveLength(1);
		},
		{ timing: { takeRetry: { min: 0.02, max: 1 } }, platform: { longPoll: 50 } },
	));

it('answers without a job that come at once do not make it spin', () =>
	withWorker(
		echo,
		async ({ platform, send, ended }) => {
			platform.faults.take.push(...Array.from({ length: 100 }, (_, index) => (index % 2 ? 204 : 400)));
			platform.faults.stop.push(...Array.from({ length: 100 }, () => 204));
			await sleep(1500);
			expect(platform.seen('job-take').length).toBeLessThan(30);
			expect(platform.seen('job-stop').length).toBeLessThan(30);
			platform.faults.take.length = 0;
			expect((await ended(send({}))).status).toBe('COMPLETED');
		},
		{ timing: { empty: { min: 0.005, max: 0.2 } } },
	));

it('429 on a take is answered by a pause of its own', () =>
	withWorker(
		echo,
		async ({ platform, send, ended }) => {
			platform.faults.take.push(429);
			const from = platform.seen('job-take').length;
			await until(() => platform.faults.take.length === 0);
			expect((await ended(send({}))).status).toBe('COMPLETED');
			expect(gaps(platform.seen('job-take').slice(from))[0]).toBeGreaterThan(290);
		},
		{ timing: { busy: 0.3 }, platform: { longPoll: 50 } },
	));

it('a batch with something that is no job in it loses none of the jobs', () =>
	withWorker(
		echo,
		async ({ platform, lines, send, ended }) => {
			const { take } = platform.jobs;
			platform.jobs.take = (worker, count) => [{} as ReturnType<typeof send>, ...take(worker, count)];
			expect((await ended(send({}))).status).toBe('COMPLETED');
			expect(lines.join()).toMatch(/no job id/);
		},
		{ concurrency: 2 },
	));

it('1,000 turns with one signal leave no listener on it', async () => {
	const platform = await createFakePlatform({ longPoll: 0 });
	const { signal } = new AbortController();
	for (let turn = 0; turn < 1000; turn++) {
		await call({ url: `${platform.baseUrl}/ep1/job-take/w1`, headers: { Authorization: platform.workerKey }, timeout: 5, signal });
		await pause(0, signal);
		expect(getEventListeners(signal, 'abort').length).toBe(0);
	}
	await platform.close();
});

it('pauses double up to their limit', () => {
	for (let failures = 1; failures <= 40; failures++) {
		const expected = Math.min(10, 0.25 * 2 ** (failures - 1));
		expect(pauseAfter(failures, { min: 0.25, max: 10 }) / expected).toBeCloseTo(1, -0.5);
	}
});

it('1,000 short jobs under random faults: none lost, none doubled', async () => {
	const runs = new Map<string, number>();
	await withWorker(
		async ({ number }, { jobId, onProgress }) => {
			runs.set(jobId, (runs.get(jobId) ?? 0) + 1);
			if (Number(number) % 3 === 0) onProgress(0.5, 'Working');
			if (Number(number) % 7 === 0) throw new Error(`job ${number}`);
			return { number };
		},
		async ({ platform, send }) => {
			const any = [429, 500, 503, 'drop', 'lost', 'cut', { slow: 0.02 }] as const;
			platform.setChaos({ rate: 0.15, random: seeded(7), faults: { take: [...any, 'html', 'badjson', 'empty', 204, 400], done: any, stop: [...any, 'html', 204] } });
			const jobs = Array.from({ length: 1000 }, (_, number) => send({ number }));
			await until(() => jobs.every(({ status }) => platform.jobs.isFinal(status)), 'all jobs');
			expect(jobs.filter(({ status }, number) => status !== (number % 7 === 0 ? 'FAILED' : 'COMPLETED'))).toEqual([]);
			expect(jobs.every(({ output }, number) => number % 7 === 0 || JSON.stringify(output).includes(`"number":${number}`))).toBe(true);
			expect([...runs.values()].every((count) => count === 1)).toBe(true);
			expect(runs.size).toBe(1000);
			// A second delivery is right only where the answer to the first never arrived.
			const lost = platform.seen('job-done').filter(({ status }) => status === 'lost' || status === 'cut').length;
			expect(jobs.reduce((sum, { doneCount }) => sum + doneCount - 1, 0)).toBeLessThanOrEqual(lost);
		},
		{ concurrency: 16, timing: { busy: 0.02, takeRetry: { min: 0.005, max: 0.05 }, postRetry: { min: 0.003, max: 0.02 }, progressGap: 0 } },
	);
});

/** mulberry32: the same faults in every run. */
function seeded(seed: number) {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}
