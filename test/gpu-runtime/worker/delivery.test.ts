import { createRunPodClient } from '../../../src/runpod/client';
import { failureOf, quick as quickClient } from '../../src/runpod/support';
import { bodiesOf, dwell, echo, until, withWorker } from './support';

const kinds = (bodies: string[]) => bodies.map((body) => (body.includes('IN_PROGRESS') ? 'progress' : body.includes('"error"') ? 'error' : 'output'));

it.each([{ faults: [500, 500, 500] }, { faults: ['drop'] }, { faults: [429] }, { faults: [408] }, { faults: [503, 'drop', 502] }, { faults: ['lost'] }, { faults: ['cut'] }] as const)(
	'a result survives $faults',
	({ faults }) =>
		withWorker(echo, async ({ platform, send, ended }) => {
			platform.faults.done.push(...faults);
			expect(await ended(send({ a: 1 }))).toMatchObject({ status: 'COMPLETED', output: { result: { echo: { a: 1 } } } });
			await until(() => bodiesOf(platform, [...platform.jobs.all.values()][0]!).length === faults.length + 1);
		}),
);

it.each([400, 413])('a result that the platform refuses with %d is followed by a small error', (status) =>
	withWorker(echo, async ({ platform, send, ended }) => {
		platform.faults.done.push(status);
		const job = await ended(send({ text: 'x'.repeat(10_000) }));
		expect(job).toMatchObject({ status: 'FAILED', output: { error: { code: 'result_too_large' } } });
		expect(kinds(bodiesOf(platform, job))).toEqual(['output', 'error'].map((kind, index) => (index === 0 ? expect.any(String) : kind)));
	}),
);

it.each([401, 403, 404])('a result that is answered with %d is given up and logged, and the worker goes on', (status) =>
	withWorker(echo, async ({ platform, worker, lines, send, ended }) => {
		platform.faults.done.push(status);
		const job = send({});
		await until(() => lines.some((line) => line.includes(`HTTP ${status}`)));
		await until(() => worker.jobIds.length === 0);
		expect(bodiesOf(platform, job)).toHaveLength(1);
		expect((await ended(send({}))).status).toBe('COMPLETED');
	}),
);

it.each([
	{ sync: false, limit: 9_500_000 },
	{ sync: true, limit: 19_000_000 },
])('a result is measured in bytes before it is posted: $limit for sync=$sync', ({ sync, limit }) =>
	withWorker(
		async ({ characters }) => ({ text: 'é'.repeat(Number(characters)) }),
		async ({ platform, send, ended }) => {
			expect((await ended(send({ characters: limit / 2 - 100 }))).status).toBe('COMPLETED');
			const job = await ended(send({ characters: limit / 2 }));
			expect(job).toMatchObject({ status: 'FAILED', output: { error: { code: 'result_too_large', message: expect.stringMatching(/at most \d+ bytes, got \d+.*S3 storage/) } } });
			expect(bodiesOf(platform, job)).toHaveLength(1);
		},
		{ sync },
	),
);

describe('progress', () => {
	it('of 200 rapid steps never follows the result', () =>
		withWorker(
			async (_, { onProgress, signal }) => {
				for (let step = 0; step < 200; step++) {
					onProgress(step / 200, 'Drawing');
					if (step % 50 === 0) await dwell(0.03, signal);
				}
				return {};
			},
			async ({ platform, send, ended }) => {
				for (let round = 0; round < 5; round++) {
					if (round % 2) platform.faults.done.push({ slow: 0.1 });
					const job = await ended(send({}));
					await dwell(0.1, new AbortController().signal);
					const order = kinds(bodiesOf(platform, job));
					expect(order.at(-1)).toBe('output');
					expect(order.slice(0, -1).every((kind) => kind === 'progress')).toBe(true);
					expect(job.progress[0]).toEqual({ fraction: 0, activity: 'Drawing' });
				}
			},
		));

	it('is sent no more often than the gap allows, the newest last', () =>
		withWorker(
			async (_, { onProgress, signal }) => {
				for (let step = 1; step <= 50; step++) {
					onProgress(step / 50, 'Drawing');
					await dwell(0.01, signal);
				}
				await dwell(0.2, signal);
				return {};
			},
			async ({ send, ended }) => {
				const job = await ended(send({}));
				expect(job.progress.length).toBeLessThanOrEqual(8);
				expect(job.progress.at(-1)).toEqual({ fraction: 1, activity: 'Drawing' });
			},
			{ timing: { progressGap: 0.12 } },
		));

	it('that fails to get through disturbs nothing', () =>
		withWorker(
			async (_, { onProgress, signal }) => {
				onProgress(0.5, 'Drawing');
				await dwell(0.05, signal);
				return {};
			},
			async ({ platform, send, ended }) => {
				platform.faults.done.push('drop');
				expect((await ended(send({}))).status).toBe('COMPLETED');
			},
		));
});

describe('a job that the platform gives up', () => {
	it.each(['cancel', 'executionTimeout', 'ttl'])('by %s is stopped, and nothing is posted for it', (way) => {
		let reason: unknown;
		return withWorker(
			async (_, { signal }) => {
				await dwell(30, signal).catch((error: unknown) => {
					reason = error;
					throw error;
				});
				return {};
			},
			async ({ platform, worker, send }) => {
				const job = send({}, way === 'cancel' ? {} : { policy: { [way]: 100 } });
				await until(() => worker.jobIds.length === 1);
				if (way === 'cancel') platform.jobs.cancel(job);
				await until(() => worker.jobIds.length === 0, 'the stop');
				expect(reason).toMatchObject({ type: 'Cancelled' });
				expect(bodiesOf(platform, job)).toEqual([]);
			},
		);
	});

	it('is learned of in spite of faults', () =>
		withWorker(
			async (_, { signal }) => dwell(30, signal).then(() => ({})),
			async ({ platform, worker, send }) => {
				const job = send({});
				await until(() => worker.jobIds.length === 1);
				platform.faults.stop.push(500, 'drop', 'html', 429, 204);
				platform.jobs.cancel(job);
				await until(() => worker.jobIds.length === 0, 'the stop');
			},
		));
});

it('a client and a worker together: sent, followed with progress, cancelled by the client’s abort', () =>
	withWorker(
		async (_, { onProgress, signal }) => {
			onProgress(0.4, 'Listening');
			await dwell(30, signal);
			return {};
		},
		async ({ platform, worker }) => {
			const stop = new AbortController();
			const client = createRunPodClient({ baseUrl: platform.baseUrl, endpointId: platform.endpoint, apiKey: platform.key, timing: quickClient });
			const told: string[] = [];
			const running = client.run({ operation: 'transcribe' }, { signal: stop.signal, onProgress: (fraction, activity) => void told.push(`${fraction} ${activity}`) });
			await until(() => told.length > 0, 'progress');
			stop.abort();
			expect(await failureOf(running)).toMatchObject({ type: 'Cancelled' });
			await until(() => worker.jobIds.length === 0, 'the stop');
			expect(told[0]).toBe('0.4 Listening');
		},
	));
