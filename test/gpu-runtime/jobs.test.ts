import { createQueue } from '../../gpu-runtime/jobs';

const never = new AbortController().signal;
const tick = () => new Promise((resolve) => setImmediate(resolve));

describe('the queue of heavy jobs', () => {
	it('runs as many at once as allowed, in the order in which they came', async () => {
		const queue = createQueue({ concurrency: 2, limit: 10 });
		const order: number[] = [];
		const ends: (() => void)[] = [];
		const jobs = [1, 2, 3, 4].map((number) => queue.run(() => {
			order.push(number);
			return new Promise<void>((resolve) => ends.push(resolve));
		}, never));
		await tick();
		expect(order).toEqual([1, 2]);
		ends[1]?.();
		await tick();
		expect(order).toEqual([1, 2, 3]);
		expect(queue.counts).toEqual({ running: 2, waiting: 1 });
		for (const at of [0, 2, 3]) {
			ends[at]?.();
			await tick();
		}
		await Promise.all(jobs);
		expect(queue.counts).toEqual({ running: 0, waiting: 0 });
	});

	it('says that it is busy when too many wait', async () => {
		const queue = createQueue({ concurrency: 1, limit: 1 });
		let end = () => {};
		const first = queue.run(() => new Promise<void>((resolve) => (end = resolve)), never);
		const second = queue.run(() => Promise.resolve(), never);
		await expect(queue.run(() => Promise.resolve(), never)).rejects.toMatchObject({ code: 'busy', retryable: true });
		end();
		await Promise.all([first, second]);
	});

	it('a job stopped while it waits leaves the queue, and a failed one makes room', async () => {
		const queue = createQueue({ concurrency: 1, limit: 5 });
		const stop = new AbortController();
		let fail = (_: Error) => {};
		const first = queue.run(() => new Promise<void>((_, reject) => (fail = reject)), never);
		const second = queue.run(() => Promise.resolve('second'), stop.signal);
		const third = queue.run(() => Promise.resolve('third'), never);
		stop.abort(new Error('stopped'));
		await expect(second).rejects.toThrow('stopped');
		fail(new Error('broken'));
		await expect(first).rejects.toThrow('broken');
		expect(await third).toBe('third');
	});
});
