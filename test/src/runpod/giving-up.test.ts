import { clientOf, failureOf, pause, takeNext, until, withPlatform } from './support';

const input = { operation: 'doctor' };

describe('an abort', () => {
	it.each([
		{ when: 'queued', ready: async () => undefined },
		{ when: 'running', ready: takeNext },
	])('of a $when job cancels it once', ({ ready }) =>
		withPlatform(async (platform) => {
			const stop = new AbortController();
			const running = clientOf(platform).run(input, { signal: stop.signal });
			await until(() => platform.jobs.all.size === 1);
			await ready(platform);
			await until(() => platform.seen('status').length > 0);
			stop.abort();
			expect(await failureOf(running)).toMatchObject({ type: 'Cancelled', code: 'cancelled' });
			expect([...platform.jobs.all.values()].map(({ status }) => status)).toEqual(['CANCELLED']);
			await expectSilence(platform);
			expect(platform.seen('cancel')).toHaveLength(1);
		}));

	it('while the job is being sent still cancels it, by the id that comes back', () =>
		withPlatform(async (platform) => {
			const stop = new AbortController();
			platform.faults.client.push({ slow: 0.2 });
			const running = clientOf(platform).run(input, { signal: stop.signal });
			await until(() => platform.faults.client.length === 0);
			stop.abort();
			expect(await failureOf(running)).toMatchObject({ type: 'Cancelled' });
			expect([...platform.jobs.all.values()].map(({ status }) => status)).toEqual(['CANCELLED']);
			expect(platform.seen('cancel')).toHaveLength(1);
		}));

	it('while the endpoint does not answer at all ends soon, and says that the job may be queued', () =>
		withPlatform(async (platform) => {
			const stop = new AbortController();
			platform.faults.client.push({ slow: 1.5 });
			const running = clientOf(platform).submit(input, { signal: stop.signal });
			await until(() => platform.faults.client.length === 0);
			stop.abort();
			const start = Date.now();
			expect((await failureOf(running)).message).toMatch(/it may have been queued/);
			expect(Date.now() - start).toBeLessThan(1000);
		}));

	it('before anything was sent sends nothing', () =>
		withPlatform(async (platform) => {
			const stop = new AbortController();
			stop.abort();
			expect(await failureOf(clientOf(platform).run(input, { signal: stop.signal }))).toMatchObject({ type: 'Cancelled' });
			expect(await failureOf(clientOf(platform, { signal: stop.signal }).health())).toMatchObject({ type: 'Cancelled' });
			expect(platform.requests).toEqual([]);
		}));

	it('is not held up by an endpoint that does not answer the cancel', () =>
		withPlatform(async (platform) => {
			const stop = new AbortController();
			const running = clientOf(platform).run(input, { signal: stop.signal });
			await until(() => platform.seen('status').length > 0);
			platform.faults.client.push({ slow: 3 });
			stop.abort();
			const start = Date.now();
			expect(await failureOf(running)).toMatchObject({ type: 'Cancelled' });
			expect(Date.now() - start).toBeLessThan(1500);
		}));
});

describe('the deadline', () => {
	it('cancels the job, and says where it was and why', () =>
		withPlatform(async (platform) => {
			platform.workers.throttled = 3;
			const error = await failureOf(clientOf(platform).run(input, { deadline: 0.3 }));
			expect(error).toMatchObject({ type: 'TimedOut', code: 'deadline_exceeded', retryable: true });
			expect(error.message).toMatch(/within 0.3 s; it was waiting in the queue .*3 of the endpoint's workers are throttled/);
			await expectSilence(platform);
			expect(platform.seen('cancel')).toHaveLength(1);
		}));

	it('shorter than the first look at the health still tells what the health is', () =>
		withPlatform(async (platform) => {
			platform.workers.unhealthy = 2;
			expect((await failureOf(clientOf(platform).run(input, { deadline: 0.05 }))).message).toMatch(/2 of the endpoint's workers are unhealthy/);
		}));

	it('of a running job says that it ran', () =>
		withPlatform(async (platform) => {
			const running = clientOf(platform).run(input, { deadline: 0.3 });
			await takeNext(platform);
			expect((await failureOf(running)).message).toMatch(/it was running .*Raise the Time Limit/);
		}));

	it('ends an endpoint that fails for ever', () =>
		withPlatform(async (platform) => {
			const running = clientOf(platform).run(input, { deadline: 0.5 });
			await until(() => platform.jobs.all.size === 1);
			platform.setChaos({ rate: 1, faults: { client: [503] } });
			expect((await failureOf(running)).message).toMatch(/out of sight .*HTTP 503/);
		}));
});

it.each([
	[{ unhealthy: 2 }, /unhealthy: they crash.*Read their logs/],
	[{ throttled: 1 }, /no GPU of the chosen kind is free/],
	[{ initializing: 1 }, /starting/],
	[{ idle: 0, ready: 0, running: 0 }, /no worker: its maximum number of workers is 0/],
])('a long wait in the queue with workers %j is explained', (workers, hint) =>
	withPlatform(async (platform) => {
		Object.assign(platform.workers, workers);
		const hints: string[] = [];
		await failureOf(clientOf(platform).run(input, { deadline: 0.5, onHint: (text) => hints.push(text) }));
		expect(hints[0]).toMatch(hint);
	}),
);

it('a health that cannot be had does not disturb the wait', () =>
	withPlatform(async (platform) => {
		const running = clientOf(platform).run(input, { deadline: 1 });
		await until(() => platform.seen('health').length > 0);
		platform.faults.client.push('drop');
		const [job] = await takeNext(platform);
		Object.assign(job!, { output: 1 });
		platform.jobs.finish(job!, 'COMPLETED');
		expect(await running).toBe(1);
	}));

/** Nothing is asked for any longer. */
async function expectSilence({ requests }: { requests: unknown[] }) {
	const before = requests.length;
	await pause(150);
	expect(requests).toHaveLength(before);
}
