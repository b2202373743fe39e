import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createFakePlatform, type FakePlatform, type FakePlatformOptions } from '../../support/fake-platform';
import { ended, until } from './support';

interface Setup {
	platform: FakePlatform;
	child: ReturnType<typeof spawn>;
	/** The exit code, or the signal that ended it. */
	exit: Promise<number | string>;
	send(operation: string, input?: object, more?: object): ReturnType<FakePlatform['jobs']['submit']>;
	output(): string;
}

/** A worker as a process of its own, on a platform of its own. */
async function withProcess(test: (setup: Setup) => Promise<void>, env: Record<string, string> = {}, options: FakePlatformOptions = {}) {
	const platform = await createFakePlatform({ longPoll: 5000, ...options });
	const child = spawn(process.execPath, [join(__dirname, '../../support/worker-process.js')], { env: { ...process.env, ...platform.env('w1', { ping: 100 }), ...env } });
	let output = '';
	for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
	const exit = once(child, 'exit').then(([code, signal]) => code ?? signal);
	const send = (operation: string, input: object = {}, more: object = {}) => platform.jobs.submit({ input: { operation, ...input }, ...more }, false);
	try {
		await test({ platform, child, exit, send, output: () => output });
	} finally {
		child.kill('SIGKILL');
		await exit;
		await platform.close();
	}
}

it('the first ping comes before the first take', () =>
	withProcess(async ({ platform }) => {
		await until(() => platform.seen('job-take').length > 0, 'a take');
		expect(platform.requests.find(({ path }) => /ping|job-take/.test(path))?.path).toContain('/ping/w1');
	}));

it('the heart beats with the job’s id while the operation blocks the process, and stops when the process is killed', () =>
	withProcess(async ({ platform, child, exit, send }) => {
		const job = send('block', { seconds: 1.2 });
		await ended(platform, job);
		const during = platform.pings.filter(({ at, query }) => at > (job.started ?? 0) + 150 && at < (job.ended ?? 0) && query.job_id === job.id);
		expect(during.length).toBeGreaterThanOrEqual(5);
		send('block', { seconds: 30 });
		await until(() => platform.jobs.queue.length === 0);
		child.kill('SIGKILL');
		expect(await exit).toBe('SIGKILL');
		await sleep(50);
		const { length } = platform.pings;
		await sleep(400);
		expect(platform.pings).toHaveLength(length);
	}));

it('SIGTERM lets the job finish and takes no further one', () =>
	withProcess(async ({ platform, child, exit, send }) => {
		const job = send('wait', { seconds: 0.6 });
		await until(() => job.status === 'IN_PROGRESS');
		child.kill('SIGTERM');
		const late = send('wait');
		expect(await exit).toBe(0);
		expect(job.status).toBe('COMPLETED');
		expect(late.status).toBe('IN_QUEUE');
		// The heart beat, and cancels were listened for, until the last job was done.
		expect(platform.pings.at(-1)!.at).toBeGreaterThan(job.ended! - 250);
	}));

it('SIGTERM during an open take: what it still brings is run', () =>
	withProcess(
		async ({ platform, child, exit, send }) => {
			await until(() => platform.pings.length > 0);
			await sleep(100);
			child.kill('SIGTERM');
			await sleep(100);
			const job = send('wait', { seconds: 0.1 });
			expect(await exit).toBe(0);
			expect(job.status).toBe('COMPLETED');
		},
		{ TEST_TIMING: JSON.stringify({ takeGrace: 3 }) },
	));

it('an idle worker ends soon after SIGTERM', () =>
	withProcess(async ({ platform, child, exit }) => {
		await until(() => platform.pings.length > 0);
		await sleep(100);
		const start = Date.now();
		child.kill('SIGTERM');
		expect(await exit).toBe(0);
		expect(Date.now() - start).toBeLessThan(2000);
	}));

it('a job that outlasts the drain is told to have failed, and may be tried again', () =>
	withProcess(
		async ({ child, exit, send }) => {
			const job = send('wait', { seconds: 30 });
			await until(() => job.status === 'IN_PROGRESS');
			child.kill('SIGTERM');
			expect(await exit).toBe(1);
			expect(job).toMatchObject({ status: 'FAILED', output: { error: { code: 'worker_stopped', retryable: true } } });
		},
		{ TEST_TIMING: JSON.stringify({ takeGrace: 0.1, drain: 0.3 }) },
	));

it('a second signal ends it at once', () =>
	withProcess(async ({ child, exit, send, output }) => {
		const job = send('wait', { seconds: 30 });
		await until(() => job.status === 'IN_PROGRESS');
		child.kill('SIGTERM');
		await until(() => output().includes('SIGTERM'));
		child.kill('SIGTERM');
		expect(await exit).toBe(1);
	}));

it('an exception that nobody catches fails the job with its reason, then ends the worker', () =>
	withProcess(async ({ exit, send }) => {
		const job = send('crash');
		expect(await exit).toBe(1);
		expect(job).toMatchObject({ status: 'FAILED', output: { error: { code: 'worker_crashed', message: expect.stringContaining('out of the blue'), retryable: true } } });
	}));

it('an unfit worker says why, takes nothing and ends', () =>
	withProcess(
		async ({ platform, exit, output }) => {
			expect(await exit).toBe(1);
			expect(platform.pings.map(({ query }) => query)).toEqual([{ gpu: 'NVIDIA L4', status: 'unhealthy', check: 'ffmpeg', reason: 'x'.repeat(256) }]);
			expect(platform.seen('job-take')).toEqual([]);
			expect(output()).toMatch(/"message":"Unfit, ffmpeg: x/);
		},
		{ TEST_UNFIT: 'x'.repeat(300) },
	));

it('stdout is JSON lines and holds no key', () =>
	withProcess(async ({ platform, send, output }) => {
		await ended(platform, send('wait', { seconds: 0 }));
		await until(() => output().includes('Finished'));
		for (const line of output().trim().split('\n')) expect(JSON.parse(line)).toMatchObject({ level: expect.any(String), message: expect.any(String) });
		expect(output()).not.toContain(platform.workerKey);
	}));
