import { getEventListeners } from 'node:events';
import { pollPause, timing } from '../../../src/runpod/timing';
import { answerNext, clientOf, failureOf, pause, takeNext, until, withPlatform } from './support';

const input = { operation: 'get_video_info', video: { url: 'https://example.com/a.mp4' } };

it('a job is sent, followed and its output given back', () =>
	withPlatform(async (platform) => {
		const running = clientOf(platform).run(input);
		const job = await answerNext(platform, { output: { text: 'é€😀' } });
		expect(await running).toEqual({ text: 'é€😀' });
		expect(job.input).toEqual(input);
	}));

it('the platform gets the time limits with every job', () =>
	withPlatform(async (platform) => {
		await clientOf(platform).submit(input, { deadline: 120, queueAllowance: 30 });
		await clientOf(platform).submit(input, { deadline: 0.5, queueAllowance: 0 });
		expect([...platform.jobs.all.values()].map(({ policy }) => policy)).toEqual([
			{ executionTimeout: 120_000, ttl: 210_000 },
			{ executionTimeout: 5000, ttl: 60_500 },
		]);
	}));

it('progress of the running job is told, and is no result', () =>
	withPlatform(async (platform) => {
		const told: [number, string][] = [];
		const running = clientOf(platform).run(input, { onProgress: (...progress) => told.push(progress) });
		const [job] = await takeNext(platform);
		job?.progress.push({ fraction: 0.5, activity: 'Drawing the video' });
		await until(() => told.length > 0, 'progress');
		job?.progress.push({ someone: 'else' });
		await pause(80);
		if (job) Object.assign(job, { output: 'done' });
		platform.jobs.finish(job!, 'COMPLETED');
		expect(await running).toBe('done');
		expect(new Set(told.map(String))).toEqual(new Set(['0.5,Drawing the video']));
	}));

it('completed without output means the result is lost, while null is a result', () =>
	withPlatform(async (platform) => {
		const lost = clientOf(platform).run(input);
		await answerNext(platform, {});
		expect(await failureOf(lost)).toMatchObject({ code: 'output_lost', type: 'RemoteJobFailed' });

		const empty = clientOf(platform).run(input);
		await answerNext(platform, { output: null });
		expect(await empty).toBeNull();
	}));

it('a runsync that answers before the job has ended is followed up', () =>
	withPlatform(async (platform) => {
		const running = clientOf(platform).run(input, { sync: true });
		await until(() => platform.seen('status').length > 0, 'a look at the job');
		const job = await answerNext(platform, { output: 1 });
		expect(await running).toBe(1);
		expect(job.isSync).toBe(true);
		expect(platform.seen('runsync')).toHaveLength(1);
	}));

it('a runsync that answers with the result needs no further call', () =>
	withPlatform(async (platform) => {
		const running = clientOf(platform).run(input, { sync: true });
		await answerNext(platform, { output: 1 });
		expect(await running).toBe(1);
		expect(platform.requests).toHaveLength(1);
	}));

it('a job that has gone is said to have expired, with how long results are kept', () =>
	withPlatform(async (platform) => {
		const running = clientOf(platform).run(input);
		await until(() => platform.jobs.all.size === 1);
		platform.jobs.all.forEach(platform.jobs.expire);
		const error = await failureOf(running);
		expect(error.code).toBe('job_expired');
		expect(error.message).toMatch(/30 minutes.*60 s.*time to live/s);
		expect(platform.seen('cancel')).toHaveLength(0);
	}));

it('a result is looked up by the job’s id', () =>
	withPlatform(async (platform) => {
		const client = clientOf(platform);
		const id = await client.submit(input);
		expect(await client.result(id)).toEqual({ isFinished: false, status: 'IN_QUEUE' });
		const [job] = await takeNext(platform);
		job?.progress.push({ fraction: 0.25, activity: 'Listening' });
		expect(await client.result(id)).toEqual({ isFinished: false, status: 'IN_PROGRESS', progress: { fraction: 0.25, activity: 'Listening' } });
		const waiting = client.wait(id);
		Object.assign(job!, { output: { a: 1 } });
		platform.jobs.finish(job!, 'COMPLETED');
		expect(await waiting).toEqual({ a: 1 });
		expect(await client.result(id)).toEqual({ isFinished: true, output: { a: 1 } });
	}));

it('waiting for an earlier job ends at its deadline and leaves the job alone', () =>
	withPlatform(async (platform) => {
		const client = clientOf(platform);
		const id = await client.submit(input);
		expect(await failureOf(client.wait(id, { deadline: 0.1 }))).toMatchObject({ code: 'deadline_exceeded' });
		expect(platform.seen('cancel')).toHaveLength(0);
	}));

it('a job is cancelled by its id, and one that has gone is said to have expired', () =>
	withPlatform(async (platform) => {
		const client = clientOf(platform);
		const id = await client.submit(input);
		await client.cancel(id);
		expect(await failureOf(client.result(id))).toMatchObject({ type: 'Cancelled', code: 'cancelled' });
		expect(await failureOf(client.cancel('gone'))).toMatchObject({ code: 'job_expired' });
	}));

it('the pause between two looks is at most a tenth of the time since the job last changed, once that is long', () => {
	for (let unchanged = 0; unchanged < 1000; unchanged++) {
		expect(pollPause(timing, unchanged)).toBeLessThanOrEqual(Math.max(0.3, Math.min(6, unchanged / 10)));
		expect(pollPause(timing, unchanged)).toBeGreaterThanOrEqual(0.2);
	}
});

it('many jobs under one signal leave no listener on it', () =>
	withPlatform(async (platform) => {
		const { signal } = new AbortController();
		const client = clientOf(platform, { signal });
		for (let round = 0; round < 25; round++) {
			const jobs = Array.from({ length: 4 }, () => client.run(input));
			await Promise.all(jobs.map(() => answerNext(platform, { output: 1 })));
			await Promise.all([...jobs, client.health()]);
			expect(getEventListeners(signal, 'abort')).toEqual([]);
		}
	}));
