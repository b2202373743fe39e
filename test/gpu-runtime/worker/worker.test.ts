import { InvalidInput } from '../../../src/errors';
import { createRunPodClient } from '../../../src/runpod/client';
import { failureOf, quick as quickClient } from '../../src/runpod/support';
import { bodiesOf, dwell, echo, until, withWorker } from './support';

it('a job’s fields reach the operation, and its envelope comes back', () =>
	withWorker(
		async (input, { jobId, maxResult }, name) => ({ name, input, jobId, maxResult }),
		async ({ send, ended }) => {
			const job = await ended(send({ operation: 'transcribe', text: 'é€😀' }));
			expect(job).toMatchObject({
				status: 'COMPLETED',
				output: { status: 'success', result: { name: 'transcribe', input: { text: 'é€😀' }, jobId: job.id, maxResult: 9_500_000, warnings: [] } },
			});
		},
	));

it('the requests have the form that the platform knows', () =>
	withWorker(echo, async ({ platform, send, ended }) => {
		await ended(send({}));
		const [take] = platform.seen('job-take');
		expect(take).toMatchObject({ path: '/v2/ep1/job-take/w1', query: { gpu: 'NVIDIA L4', job_in_progress: '0' }, headers: { authorization: platform.workerKey, 'content-type': 'application/json' } });
		const [done] = platform.seen('job-done');
		expect(done).toMatchObject({ query: { gpu: 'NVIDIA L4', isStream: 'false' }, headers: { authorization: platform.workerKey, 'content-type': 'application/x-www-form-urlencoded', charset: 'utf-8' } });
	}));

it.each([
	{ short: true, query: '?gpu=NVIDIA+L4' },
	{ short: true, query: '' },
	{ short: false, query: '' },
])('addresses of another form work: $short, "$query"', (form) =>
	withWorker(echo, async ({ send, ended }) => void expect((await ended(send({}))).status).toBe('COMPLETED'), {
		env: (platform) => ({ ...platform.env('w2', form), RUNPOD_WEBHOOK_PING: undefined }),
	}),
);

it('an error becomes FAILED, with the keys of the Python worker and our own error beside', () =>
	withWorker(
		async () => {
			throw new InvalidInput('voice: Expected one of af_heart, got "x"', { field: 'voice', code: 'unknown_voice' });
		},
		async ({ send, ended }) => {
			const job = await ended(send({}));
			const wire = { code: 'unknown_voice', type: 'InvalidInput', message: 'voice: Expected one of af_heart, got "x"', field: 'voice', retryable: false };
			expect(job).toMatchObject({ status: 'FAILED', output: { status: 'error', error: wire } });
			expect(JSON.parse(String(job.error))).toEqual({
				error_type: 'InvalidInput',
				error_message: wire.message,
				error_traceback: '',
				hostname: 'w1-host',
				worker_id: 'w1',
				runpod_version: '0',
				tool_error: wire,
			});
		},
	));

it('the client gets the very error that the operation threw', () =>
	withWorker(
		async () => {
			throw new InvalidInput('voice: Expected …', { field: 'voice', code: 'unknown_voice' });
		},
		async ({ platform }) => {
			const client = createRunPodClient({ baseUrl: platform.baseUrl, endpointId: platform.endpoint, apiKey: platform.key, timing: quickClient });
			expect(await failureOf(client.run({ operation: 'speak' }))).toMatchObject({ name: 'InvalidInput', code: 'unknown_voice', field: 'voice' });
		},
	));

it.each([undefined, 'text', {}, { operation: 5 }])('a job without an operation is answered, not dropped: %j', (input) =>
	withWorker(echo, async ({ platform, ended }) => {
		const job = await ended(platform.jobs.submit({ input }, false));
		expect(job).toMatchObject({ status: 'FAILED', output: { error: { type: 'InvalidInput' } } });
	}),
);

describe('storage lent to a job', () => {
	const s3Config = { accessId: 'AKIA-lent', accessSecret: 'secret-lent', bucketName: 'b', endpointUrl: 'https://s3.example.com' };

	it('reaches that job alone, and shows in no log, result or error', () =>
		withWorker(
			async ({ fail }, { s3Config: lent }) => {
				if (fail) throw new Error(`cannot sign with ${lent?.accessId}/${lent?.accessSecret} at https://s3.example.com/b/k?X-Amz-Signature=abc`);
				return { bucket: lent?.bucketName ?? null };
			},
			async ({ platform, lines, send, ended }) => {
				expect(await ended(send({}, { s3Config }))).toMatchObject({ output: { result: { bucket: 'b' } } });
				expect(await ended(send({}))).toMatchObject({ output: { result: { bucket: null } } });
				const failed = await ended(send({ fail: true }, { s3Config }));
				expect(failed.status).toBe('FAILED');
				expect(JSON.stringify([lines, bodiesOf(platform, failed)])).not.toMatch(/AKIA-lent|secret-lent|Signature|worker-key/);
			},
		));

	it('that is incomplete is an error of the job', () =>
		withWorker(echo, async ({ send, ended }) => {
			expect(await ended(send({}, { s3Config: { bucketName: 'b' } }))).toMatchObject({ status: 'FAILED', output: { error: { field: 's3Config' } } });
		}));
});

it('two free places ask for two jobs, one free place for one while it says that it is busy', () =>
	withWorker(
		async (_, { signal }) => dwell(0.2, signal).then(() => ({})),
		async ({ platform, send, ended }) => {
			const jobs = [send({}), send({}), send({})];
			await Promise.all(jobs.map(ended));
			const batch = platform.seen('job-take-batch');
			expect(batch[0]?.query).toMatchObject({ batch_size: '2' });
			expect(platform.seen('job-take').some(({ query }) => query.job_in_progress === '1' && query.batch_size === undefined)).toBe(true);
		},
		{ concurrency: 2 },
	));

it('a job handed out twice while it runs runs once', () => {
	let runs = 0;
	let release: () => void = () => undefined;
	return withWorker(
		async () => {
			runs++;
			await new Promise<void>((resolve) => {
				release = resolve;
			});
			return {};
		},
		async ({ platform, worker, lines, send, ended }) => {
			const job = send({});
			await until(() => worker.jobIds.length === 1);
			platform.jobs.giveBack(job);
			await until(() => lines.join().includes('Taken a second time'));
			release();
			await ended(job);
			expect(runs).toBe(1);
		},
		{ concurrency: 2 },
	);
});

it('the log is one JSON object a line with the job’s id, and no message is longer than the platform shows', () =>
	withWorker(
		async () => {
			throw new Error('x'.repeat(10_000));
		},
		async ({ lines, send, ended }) => {
			const { id } = await ended(send({}));
			await until(() => lines.length >= 2);
			const parsed = lines.map((line) => JSON.parse(line) as Record<string, string>);
			expect(parsed.map(({ requestId, level }) => [requestId, level])).toEqual([
				[id, 'INFO'],
				[id, 'WARN'],
			]);
			expect(parsed.every(({ message = '' }) => message.length <= 4096)).toBe(true);
			expect(lines.every((line) => line.endsWith('}\n'))).toBe(true);
		},
	));

it('an environment that is not RunPod’s is explained', async () => {
	await expect(withWorker(echo, async () => undefined, { env: () => ({ RUNPOD_WEBHOOK_GET_JOB: undefined }) })).rejects.toThrow(/RUNPOD_WEBHOOK_GET_JOB: .*elsewhere use "serve"/);
});
