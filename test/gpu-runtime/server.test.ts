import type { AddressInfo } from 'node:net';
import { createServer, request as httpRequest } from 'node:http';
import { OperationFailed } from '../../src/errors';
import { createRunPodClient } from '../../src/runpod/client';
import { key, pause, until, withServer, type Ground } from './server-support';

const input = { operation: 'merge_videos', videos: [] };
const submit = async ({ call }: Ground, more: object = {}) => String((await call('POST', '/v2/local/run', { input, ...more })).body.id);
const statusOf = async ({ call }: Ground, id: string) => (await call('GET', `/v2/local/status/${id}`)).body;
const become = (ground: Ground, id: string, status: string) => until(async () => (await statusOf(ground, id)).status === status, status);

describe('a job', () => {
	it('goes from the queue through progress to its envelope', () =>
		withServer(async (ground) => {
			const { status, body } = await ground.call('POST', '/v2/local/run', { input });
			expect([status, body]).toEqual([200, { id: expect.any(String), status: 'IN_QUEUE' }]);
			const id = String(body.id);
			await until(() => ground.begun.length === 1);
			expect(ground.begun[0]).toMatchObject({ name: 'merge_videos', input: { videos: [] } });
			ground.begun[0]?.options.onProgress(0.5, 'Joining');
			expect(await statusOf(ground, id)).toEqual({ id, status: 'IN_PROGRESS', delayTime: expect.any(Number), workerId: expect.any(String), output: { fraction: 0.5, activity: 'Joining' } });
			ground.begun[0]?.succeed({ answer: 42 });
			await become(ground, id, 'COMPLETED');
			expect(await statusOf(ground, id)).toEqual({
				id,
				status: 'COMPLETED',
				delayTime: expect.any(Number),
				executionTime: expect.any(Number),
				workerId: expect.any(String),
				output: { status: 'success', result: { answer: 42, warnings: [] }, processing_time: 0 },
			});
		}));

	it('that fails tells it in the form of the platform, and may be tried again', () =>
		withServer(async (ground) => {
			const id = await submit(ground);
			await until(() => ground.begun.length === 1);
			ground.begun[0]?.fail(new OperationFailed('ffmpeg broke', { code: 'ffmpeg_failed' }));
			await become(ground, id, 'FAILED');
			const failed = await statusOf(ground, id);
			expect(JSON.parse(String(failed.error))).toMatchObject({ error_type: 'OperationFailed', error_message: 'ffmpeg broke', tool_error: { code: 'ffmpeg_failed' } });
			expect((await ground.call('POST', `/v2/local/retry/${id}`)).body).toEqual({ id, status: 'IN_QUEUE' });
			await until(() => ground.begun.length === 2);
			ground.begun[1]?.succeed();
			await become(ground, id, 'COMPLETED');
			expect(await statusOf(ground, id)).toMatchObject({ retries: 1 });
			expect((await ground.call('POST', `/v2/local/retry/${id}`)).status).toBe(400);
		}));

	it('is one at a time, in the order of coming, while a light one need not wait', () =>
		withServer(async (ground) => {
			const ids = [await submit(ground), await submit(ground)];
			await submit(ground, { input: { operation: 'get_kokoro_voices' } });
			await until(() => ground.begun.length === 2);
			expect(ground.begun.map(({ name }) => name)).toEqual(['merge_videos', 'get_kokoro_voices']);
			expect((await statusOf(ground, String(ids[1]))).status).toBe('IN_QUEUE');
			ground.begun[0]?.succeed();
			await become(ground, String(ids[1]), 'IN_PROGRESS');
		}));

	it.each(['IN_PROGRESS', 'IN_QUEUE'])('that is %s can be cancelled', (state) =>
		withServer(async (ground) => {
			const first = await submit(ground);
			const id = state === 'IN_QUEUE' ? await submit(ground) : first;
			await become(ground, id, state);
			expect((await ground.call('POST', `/v2/local/cancel/${id}`)).body).toEqual({ id, status: 'CANCELLED' });
			expect((await statusOf(ground, id)).status).toBe('CANCELLED');
			expect(ground.begun[0]?.options.signal.aborted).toBe(state === 'IN_PROGRESS');
			expect((await ground.call('POST', `/v2/local/cancel/${id}`)).body).toEqual({ id, status: 'CANCELLED' });
		}),
	);

	it('in the queue is removed by a purge', () =>
		withServer(async (ground) => {
			const [running, waiting] = [await submit(ground), await submit(ground)];
			await become(ground, running, 'IN_PROGRESS');
			expect((await ground.call('POST', '/v2/local/purge-queue')).body).toEqual({ removed: 1, status: 'completed' });
			expect((await statusOf(ground, waiting)).status).toBe('CANCELLED');
			expect((await statusOf(ground, running)).status).toBe('IN_PROGRESS');
		}));

	it('is aborted when it runs longer than its policy allows', () =>
		withServer(async (ground) => {
			const id = await submit(ground, { policy: { executionTimeout: 5000 } });
			await until(() => ground.begun.length === 1);
			await become(ground, id, 'IN_PROGRESS');
			await pause(5100);
			expect((await statusOf(ground, id)).status).toBe('TIMED_OUT');
			expect(ground.begun[0]?.options.signal.reason).toMatchObject({ type: 'TimedOut' });
		}));

	it('is known no longer once its result was kept long enough', () =>
		withServer(
			async (ground) => {
				const id = await submit(ground);
				await until(() => ground.begun.length === 1);
				ground.begun[0]?.succeed();
				await until(async () => (await ground.call('GET', `/v2/local/status/${id}`)).status === 404);
			},
			{ timing: { keep: { run: 0.1, runsync: 0.1 } } },
		));

	it('streams its result once', () =>
		withServer(async (ground) => {
			const id = await submit(ground);
			await until(() => ground.begun.length === 1);
			expect((await ground.call('GET', `/v2/local/stream/${id}`)).body).toEqual({ status: 'IN_PROGRESS', stream: [] });
			ground.begun[0]?.succeed();
			await become(ground, id, 'COMPLETED');
			expect((await ground.call('GET', `/v2/local/stream/${id}`)).body).toMatchObject({ status: 'COMPLETED', stream: [{ output: { status: 'success' } }] });
			expect((await ground.call('GET', `/v2/local/stream/${id}`)).body).toEqual({ status: 'COMPLETED', stream: [] });
		}));

	it('that names no operation fails with the reason', () =>
		withServer(async (ground) => {
			const id = await submit(ground, { input: {} });
			await become(ground, id, 'FAILED');
			expect(String((await statusOf(ground, id)).error)).toContain('name of an operation');
		}));
});

describe('runsync', () => {
	it('answers with the result', () =>
		withServer(async (ground) => {
			const answer = ground.call('POST', '/v2/local/runsync?wait=5000', { input });
			await until(() => ground.begun.length === 1);
			ground.begun[0]?.succeed({ answer: 42 });
			expect(await answer).toMatchObject({ status: 200, body: { id: expect.stringMatching(/^sync-/), status: 'COMPLETED', output: { result: { answer: 42 } } } });
		}));

	it('answers with the state when the job takes longer', () =>
		withServer(async (ground) => {
			expect(await ground.call('POST', '/v2/local/runsync?wait=1000', { input })).toMatchObject({ status: 200, body: { status: 'IN_PROGRESS' } });
		}));

	it('refuses a wait that is out of bounds, and starts nothing', () =>
		withServer(async (ground) => {
			for (const wait of ['999', '300001', 'x']) {
				const { status, body } = await ground.call('POST', `/v2/local/runsync?wait=${wait}`, { input });
				expect([status, body]).toEqual([400, { error: 'wait is invalid; must be between 1000 and 300000' }]);
			}
			expect(ground.begun).toEqual([]);
		}));

	it('goes on with its job when the client leaves', () =>
		withServer(async (ground) => {
			const stop = new AbortController();
			const left = fetch(`${ground.server.url}/v2/local/runsync`, { method: 'POST', headers: { authorization: `Bearer ${key}` }, body: JSON.stringify({ input }), signal: stop.signal }).catch(() => 'left');
			await until(() => ground.begun.length === 1);
			stop.abort();
			expect(await left).toBe('left');
			await pause(50);
			expect(ground.begun[0]?.options.signal.aborted).toBe(false);
		}));
});

describe('a call', () => {
	it('without the right key is refused', () =>
		withServer(async ({ call, begun }) => {
			for (const authorization of ['', 'Bearer wrong', key, `Bearer ${key} `.trimEnd() + 'x'])
				for (const [method, path] of [['POST', '/v2/local/run'], ['GET', '/v2/local/health'], ['PUT', '/files/a'], ['DELETE', '/files/a'], ['GET', '/nowhere']] as const)
					expect(await call(method, path, method === 'GET' ? undefined : { input }, { authorization })).toMatchObject({ status: 401, body: { error: 'unauthorized' } });
			expect(begun).toEqual([]);
			expect(await call('GET', '/healthz', undefined, { authorization: '' })).toMatchObject({ status: 200, body: { status: 'ok' } });
		}));

	it.each([
		['POST', '/v2/other/run', { input }, 404],
		['POST', '/v2/local/nonsense', { input }, 404],
		['POST', '/v2/local/constructor', { input }, 404],
		['GET', '/v2/local/status/unknown', undefined, 404],
		['GET', '/v2/local/status', undefined, 404],
		['POST', '/v2/local/cancel/unknown', undefined, 404],
		['GET', '/', undefined, 404],
		['GET', '/v2/local/run', undefined, 405],
		['POST', '/v2/local/health', {}, 405],
		['POST', '/v2/local/run', 'no json', 400],
		['POST', '/v2/local/run', '[]', 400],
		['POST', '/v2/local/run', {}, 400],
		['POST', '/v2/local/run', { input, webhook: 'ftp://example.com' }, 400],
		['POST', '/v2/local/run', { input, policy: { executionTimeout: 1 } }, 400],
	])('%s %s with %j is answered with HTTP %i', (method, path, body, status) =>
		withServer(async ({ call, begun }) => {
			const answer = await call(method, path, body);
			expect(answer).toMatchObject({ status, body: { error: expect.any(String) } });
			expect(begun).toEqual([]);
		}),
	);

	it('with a body over the limit is refused, whether it tells its size or not', () =>
		withServer(async ({ server, call, begun }) => {
			expect(await call('POST', '/v2/local/run', { input: { text: 'x'.repeat(10_000_000) } })).toMatchObject({ status: 413 });
			const status = await new Promise<number | undefined>((done) => {
				const outgoing = httpRequest(`${server.url}/v2/local/run`, { method: 'POST', headers: { authorization: `Bearer ${key}`, 'transfer-encoding': 'chunked' } }, (answer) => done(answer.statusCode));
				outgoing.on('error', () => done(undefined));
				const more = () => {
					while (!outgoing.destroyed && outgoing.write(Buffer.alloc(65_536, 'x')));
				};
				outgoing.on('drain', more);
				more();
			});
			expect(status).toBe(413);
			expect(begun).toEqual([]);
		}));

	it('is taken as JSON whatever it says it is', () =>
		withServer(async ({ call }) => {
			expect(await call('POST', '/v2/local/run', { input }, { 'content-type': 'text/plain' })).toMatchObject({ status: 200 });
		}));

	it('meets a full queue with the advice to come again', () =>
		withServer(
			async (ground) => {
				await submit(ground);
				await submit(ground);
				const { status, headers } = await ground.call('POST', '/v2/local/run', { input });
				expect([status, headers.get('retry-after')]).toEqual([429, '5']);
			},
			{ queueLength: 1 },
		));
});

describe('health', () => {
	it('tells the true numbers', () =>
		withServer(
			async (ground) => {
				const health = async () => (await ground.call('GET', '/v2/local/health')).body;
				expect(await health()).toMatchObject({ jobs: { completed: 0, failed: 0, inProgress: 0, inQueue: 0, retried: 0 }, workers: { idle: 2, running: 0, unhealthy: 0 } });
				for (let sent = 0; sent < 3; sent++) await submit(ground);
				await until(() => ground.begun.length === 2);
				expect(await health()).toMatchObject({ jobs: { inProgress: 2, inQueue: 1 }, workers: { idle: 0, running: 2 } });
				ground.begun[0]?.succeed();
				ground.begun[1]?.fail(new Error('broken'));
				await until(() => ground.begun.length === 3);
				expect(await health()).toMatchObject({ jobs: { completed: 1, failed: 1, inProgress: 1, inQueue: 0 } });
			},
			{ concurrency: 2 },
		));

	it('tells what this machine lacks', () =>
		withServer(
			async ({ call }) => {
				expect((await call('GET', '/v2/local/health')).body).toMatchObject({ workers: { idle: 0, unhealthy: 1 }, checks: [{ name: 'ffmpeg', status: 'missing' }] });
			},
			{ examine: async () => [{ name: 'ffmpeg', status: 'missing', detail: 'not found' }] },
		));
});

describe('a webhook', () => {
	async function withHook(answers: number[], test: (url: string, heard: unknown[]) => Promise<void>) {
		const heard: unknown[] = [];
		const hook = createServer((request, response) => {
			let text = '';
			request.on('data', (chunk) => (text += chunk)).on('end', () => {
				heard.push(JSON.parse(text));
				response.writeHead(answers.shift() ?? 200).end();
			});
		});
		await new Promise<void>((done) => hook.listen(0, '127.0.0.1', done));
		await test(`http://127.0.0.1:${(hook.address() as AddressInfo).port}/done?token=hidden`, heard);
		hook.closeAllConnections();
		hook.close();
	}
	const timing = { webhookGap: 0.02 };

	it('hears of the end, and again until it says 200', () =>
		withHook([500, 302], (url, heard) =>
			withServer(
				async (ground) => {
					const id = await submit(ground, { webhook: url });
					await until(() => ground.begun.length === 1);
					ground.begun[0]?.succeed({ answer: 42 });
					await until(() => heard.length === 3);
					await pause(100);
					expect(heard).toHaveLength(3);
					expect(heard[2]).toMatchObject({ id, status: 'COMPLETED', output: { result: { answer: 42 } } });
				},
				{ timing },
			),
		));

	it('is given up after three tries, and the log tells it without the token', () =>
		withHook([500, 500, 500], (url, heard) =>
			withServer(
				async (ground) => {
					const id = await submit(ground, { webhook: url });
					await until(() => ground.begun.length === 1);
					await ground.call('POST', `/v2/local/cancel/${id}`);
					await until(() => ground.lines.some((line) => line.includes('webhook')));
					expect(heard).toHaveLength(3);
					expect(heard[0]).toMatchObject({ id, status: 'CANCELLED' });
					expect(ground.lines.join()).not.toContain('hidden');
				},
				{ timing },
			),
		));

	it.each(['http://192.168.1.5:5678', 'http://localhost:5678', 'http://[::1]:5678'])('at %s, in a private network, is refused with its job, unless that is allowed', (n8n) =>
		withServer(
			async (ground) => {
				for (const call of ['run', 'runsync']) {
					const { status, body } = await ground.call('POST', `/v2/local/${call}`, { input, webhook: `${n8n}/webhook-waiting/1?signature=hidden` });
					expect([status, body.error]).toEqual([400, expect.stringMatching(/^webhook: .*Set AI_AGENT_TOOLS_ALLOW_PRIVATE_URLS=true on this runtime/)]);
					expect(body.error).not.toContain('hidden');
				}
				expect(ground.begun).toEqual([]);
				const client = createRunPodClient({ baseUrl: `${ground.server.url}/v2`, endpointId: 'local', apiKey: key });
				await expect(client.submit(input, { webhook: n8n })).rejects.toMatchObject({ code: 'bad_request', message: expect.stringContaining('AI_AGENT_TOOLS_ALLOW_PRIVATE_URLS') });
			},
			{ allowPrivate: false },
		));
});

describe('a file', () => {
	it('that is put can be fetched by its link alone, until it is deleted', () =>
		withServer(async ({ call, leftovers }) => {
			const { status, body } = await call('PUT', '/files/My%20Clip%20(1).mp4', 'bytes', { 'content-type': 'video/mp4' });
			expect([status, body]).toEqual([201, { fileName: 'My-Clip-1.mp4', mimeType: 'video/mp4', size: 5, url: expect.stringMatching(/\/files\/[\w-]+\/My-Clip-1\.mp4\?expires=\d+&signature=/), expiresAt: expect.any(String) }]);
			const link = String(body.url);
			const got = await fetch(link);
			expect([got.status, got.headers.get('content-type'), await got.text()]).toEqual([200, 'video/mp4', 'bytes']);
			expect((await fetch(link, { method: 'HEAD' })).headers.get('content-length')).toBe('5');
			for (const changed of [link.replace(/signature=./, 'signature=~'), link.replace(/expires=\d/, 'expires=9'), link.replace(/\?.*/, '')]) expect((await fetch(changed)).status).toBe(404);
			const id = link.split('/')[4];
			expect((await call('DELETE', `/files/${id}`)).body).toEqual({ deleted: true });
			expect((await fetch(link)).status).toBe(404);
			expect((await call('DELETE', `/files/${id}`)).body).toEqual({ deleted: false });
			expect(await leftovers()).toEqual([]);
		}));

	it('is gone when its time is over', () =>
		withServer(
			async ({ call, leftovers }) => {
				const link = String((await call('PUT', '/files/a.txt', 'x')).body.url);
				expect((await fetch(link)).status).toBe(200);
				await pause(1100);
				expect((await fetch(link)).status).toBe(404);
				await until(async () => (await leftovers()).length === 0);
			},
			{ fileLife: 1 },
		));

	it('that is too large is refused and leaves nothing', () =>
		withServer(async ({ call, leftovers }) => {
			expect(await call('PUT', '/files/a.bin', 'x'.repeat(1_000_001))).toMatchObject({ status: 413 });
			expect(await leftovers()).toEqual([]);
		}));

	it('whose upload breaks off leaves nothing', () =>
		withServer(async ({ server, leftovers }) => {
			await new Promise<void>((done) => {
				const outgoing = httpRequest(`${server.url}/files/a.bin`, { method: 'PUT', headers: { authorization: `Bearer ${key}`, 'content-length': 100_000 } });
				outgoing.on('error', () => done());
				outgoing.write('x'.repeat(1000));
				setTimeout(() => outgoing.destroy(), 50);
				outgoing.on('close', () => done());
			});
			await until(async () => (await leftovers()).length === 0);
		}));
});

describe('without a key', () => {
	it('no other machine is served', async () => {
		await expect(withServer(async () => undefined, { key: undefined, host: '0.0.0.0' })).rejects.toMatchObject({ code: 'no_key', message: expect.stringContaining('AI_AGENT_TOOLS_API_KEY') });
	});

	it('programs on this machine are served, and web pages in its browser are not', () =>
		withServer(
			async ({ call, server }) => {
				expect((await call('GET', '/v2/local/health', undefined, { authorization: '' })).status).toBe(200);
				expect((await call('POST', '/v2/local/run', { input }, { authorization: '', origin: 'https://evil.example.com' })).status).toBe(403);
				const rebound = await new Promise<number | undefined>((done) => httpRequest(`${server.url}/v2/local/health`, { headers: { host: 'evil.example.com' } }, (answer) => done(answer.resume().statusCode)).end());
				expect(rebound).toBe(403);
			},
			{ key: undefined },
		));
});

describe('a stop', () => {
	it('lets the jobs finish, takes no more, and says so', () =>
		withServer(async (ground) => {
			const id = await submit(ground);
			await until(() => ground.begun.length === 1);
			const stopped = ground.server.stop(5);
			await until(async () => (await ground.call('GET', '/healthz')).body.status === 'draining');
			expect(await ground.call('POST', '/v2/local/run', { input })).toMatchObject({ status: 503 });
			expect(await statusOf(ground, id)).toMatchObject({ status: 'IN_PROGRESS' });
			ground.begun[0]?.succeed();
			expect(await stopped).toBe(true);
		}));

	it('ends what takes too long', () =>
		withServer(async (ground) => {
			await submit(ground);
			await submit(ground);
			await until(() => ground.begun.length === 1);
			expect(await ground.server.stop(0.05)).toBe(false);
			expect(ground.begun[0]?.options.signal.reason).toMatchObject({ type: 'Cancelled' });
			expect(ground.begun).toHaveLength(1);
		}));
});
