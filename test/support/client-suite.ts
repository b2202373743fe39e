import { setTimeout as sleep } from 'node:timers/promises';
import { createRunPodClient, type RunPodClientOptions } from '../../src/runpod/client';
import type { ToolError } from '../../src/errors';
import { limits } from '../../src/runpod/protocol';

/** Something that answers RunPod's public API. */
export interface ClientTarget {
	baseUrl: string;
	endpointId: string;
	apiKey: string;
	/** An input that is answered at once, and a part of its output. */
	quick: { input: Record<string, unknown>; output: object };
	/** An input that fails, and how. */
	failing: { input: Record<string, unknown>; error: { type: string; code: string } };
	/** An input that takes at least five seconds unless it is cancelled. */
	slow: { input: Record<string, unknown> };
	close(): Promise<void>;
}

/** What the client and whatever it talks to must do together: one suite for all that claim to speak the API. */
export function clientSuite(name: string, open: () => Promise<ClientTarget>) {
	describe(`the client with ${name}`, () => {
		let target: ClientTarget;
		beforeAll(async () => {
			target = await open();
		});
		afterAll(() => target.close());

		const client = (options: Partial<RunPodClientOptions> = {}) => createRunPodClient({ ...target, timing: { poll: { min: 0.02, max: 0.2 } }, ...options });
		const raw = (path: string, init: RequestInit) => fetch(`${target.baseUrl}/${target.endpointId}${path}`, { ...init, headers: { Authorization: `Bearer ${target.apiKey}`, 'Content-Type': 'application/json' } });

		it.each([false, true])('runs a job, held open: %s', async (sync) => {
			expect(await client().run(target.quick.input, { sync, deadline: 30 })).toMatchObject(target.quick.output);
		});

		it('gets the error that the job threw', async () => {
			expect(await failureOf(client().run(target.failing.input, { deadline: 30 }))).toMatchObject(target.failing.error);
		});

		it('sends a job, waits for it and reads its result again', async () => {
			const id = await client().submit(target.quick.input);
			expect(await client().wait(id, { deadline: 30 })).toMatchObject(target.quick.output);
			expect(await client().result(id)).toMatchObject({ isFinished: true, output: target.quick.output });
		});

		it('cancels a running job when it is aborted', async () => {
			const stop = new AbortController();
			const id = await client().submit(target.slow.input);
			const running = client().run(target.slow.input, { signal: stop.signal });
			await sleep(300);
			stop.abort();
			expect(await failureOf(running)).toMatchObject({ type: 'Cancelled' });
			await client().cancel(id);
			expect(await failureOf(client().result(id))).toMatchObject({ type: 'Cancelled' });
			const { jobs } = await client().health();
			expect(jobs.inQueue + jobs.inProgress).toBeLessThanOrEqual(2);
			expect(await client().run(target.quick.input, { deadline: 30 })).toMatchObject(target.quick.output);
		});

		it('is told when a job takes longer than its deadline', async () => {
			expect(await failureOf(client().run(target.slow.input, { deadline: 0.5 }))).toMatchObject({ type: 'TimedOut', code: 'deadline_exceeded' });
		});

		it('follows a held job that was answered before its end', async () => {
			const stop = new AbortController();
			const running = client({ timing: { runsync: 1, poll: { min: 0.02, max: 0.2 } } }).run(target.slow.input, { sync: true, signal: stop.signal });
			const early = await Promise.race([failureOf(running), sleep(1600)]);
			expect(early).toBeUndefined();
			stop.abort();
			expect(await failureOf(running)).toMatchObject({ type: 'Cancelled' });
		});

		it('knows a wrong key, a wrong endpoint and a job that is no more', async () => {
			expect(await failureOf(client({ apiKey: 'wrong' }).health())).toMatchObject({ code: 'unauthorized' });
			expect(await failureOf(client({ apiKey: 'wrong' }).run(target.quick.input))).toMatchObject({ code: 'unauthorized' });
			expect(await failureOf(client({ endpointId: 'no-such-endpoint' }).health())).toMatchObject({ code: 'endpoint_not_found' });
			expect(await failureOf(client().result('no-such-job'))).toMatchObject({ code: 'job_expired' });
			expect(await failureOf(client().cancel('no-such-job'))).toMatchObject({ code: 'job_expired' });
		});

		it('gets numbers from the health', async () => {
			const { jobs, workers } = await client().health();
			expect([...Object.values(jobs), ...Object.values(workers)].every(Number.isFinite)).toBe(true);
		});

		it.each(['run', 'runsync'] as const)('would be refused an oversize %s', async (kind) => {
			const body = JSON.stringify({ input: { text: 'x'.repeat(limits[kind].request * 1.06) } });
			// The other side may hang up before all of it was sent.
			const status = await raw(`/${kind}`, { method: 'POST', body }).then((answer) => answer.status, () => 413);
			expect([400, 413]).toContain(status);
		});

		it.each([{ path: '/run', body: '{"no":"input"}' }, { path: '/run', body: '{"input":' }, { path: '/runsync?wait=5', body: '{"input":{}}' }])('would be refused $path with $body', async ({ path, body }) => {
			expect((await raw(path, { method: 'POST', body })).status).toBe(400);
		});
	});
}

const failureOf = (work: Promise<unknown>): Promise<ToolError> =>
	work.then(
		(value) => {
			throw new Error(`Expected a failure, got ${JSON.stringify(value)}`);
		},
		(error: ToolError) => error,
	);
