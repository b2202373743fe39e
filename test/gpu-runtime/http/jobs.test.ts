import { createJobs, type ServedJob } from '../../../gpu-runtime/http/jobs';
import { Cancelled } from '../../../src/errors';
import { pause } from '../server-support';

const never = () => new Promise<never>(() => undefined);
const job = (policy: object) => ({ request: { input: {}, policy }, origin: '', isLight: false, isSync: false });

it('a job is deleted when its time to live is over, even while it runs or waits', async () => {
	const ended: ServedJob[] = [];
	const jobs = createJobs({ concurrency: 1, queueLength: 10, workerId: 'w', run: never, onEnd: (one) => ended.push(one) });
	const [running, waiting] = [jobs.add(job({ ttl: 50 })), jobs.add(job({ ttl: 50 }))];
	expect([running.status, waiting.status]).toEqual(['IN_PROGRESS', 'IN_QUEUE']);
	await pause(100);
	expect([jobs.find(running.id), jobs.find(waiting.id)]).toEqual([undefined, undefined]);
	expect(running.stop.signal.reason).toMatchObject({ type: 'TimedOut' });
	expect(jobs.counts).toMatchObject({ inProgress: 0, inQueue: 0 });
	expect(ended).toEqual([]);
});

it('a result that comes after the job was cancelled and tried again is nobody’s', async () => {
	const results: ((text: string) => void)[] = [];
	const run = () => new Promise<never>((_, fail) => results.push((text) => fail(new Error(text))));
	const jobs = createJobs({ concurrency: 2, queueLength: 10, workerId: 'w', run, onEnd: () => undefined });
	const one = jobs.add(job({ executionTimeout: 30 }));
	await pause(60);
	expect(one.status).toBe('TIMED_OUT');
	jobs.retry(one);
	results[0]?.('late');
	await pause(5);
	expect(one.status).toBe('IN_PROGRESS');
	results[1]?.('the second');
	await pause(5);
	expect(jobs.describe(one)).toMatchObject({ status: 'FAILED', retries: 1, error: expect.stringContaining('the second') });
	jobs.close(new Cancelled());
});
