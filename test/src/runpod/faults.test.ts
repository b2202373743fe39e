import { createServer, type AddressInfo } from 'node:net';
import { createRunPodClient } from '../../../src/runpod/client';
import { createFakePlatform } from '../../support/fake-platform';
import { answerNext, clientOf, failureOf, pause, quick, until, withPlatform } from './support';

const input = { operation: 'doctor' };

describe('sending a job', () => {
	it('is repeated after 429, and the answer’s Retry-After is kept to', () =>
		withPlatform(
			async (platform) => {
				platform.faults.client.push(429, 429, 429);
				const start = Date.now();
				await clientOf(platform).submit(input);
				expect(Date.now() - start).toBeGreaterThan(580);
				expect(platform.seen('run')).toHaveLength(4);
			},
			{ retryAfter: 0.2 },
		));

	it('reaches an endpoint that comes up a little later', async () => {
		const port = await freePort();
		const later = pause(300).then(() => createFakePlatform({ port }));
		const id = await createRunPodClient({ baseUrl: `http://127.0.0.1:${port}/v2`, endpointId: 'ep1', apiKey: 'client-key-3f1c', timing: { ...quick, connect: 20 } }).submit(input);
		const platform = await later;
		expect([...platform.jobs.all.keys()]).toEqual([id]);
		await platform.close();
	});

	it('that is too large is not begun', () =>
		withPlatform(async (platform) => {
			expect(await failureOf(clientOf(platform).run({ operation: 'doctor', text: 'é'.repeat(5_000_000) }))).toMatchObject({ code: 'payload_too_large', field: 'text' });
			expect(platform.requests).toEqual([]);
		}));

	it('carries the webhook and the lent storage beside the input', () =>
		withPlatform(async (platform) => {
			const s3Config = { accessId: 'a', accessSecret: 'b', bucketName: 'c', endpointUrl: 'https://s3.example.com' };
			await clientOf(platform).submit(input, { webhook: 'https://n8n.example.com/webhook-waiting/1/n', s3Config });
			expect([...platform.jobs.all.values()]).toMatchObject([{ input, webhook: 'https://n8n.example.com/webhook-waiting/1/n', s3Config }]);
		}));

	it.each(['drop', 'lost', 'cut'] as const)('that loses its answer (%s) is not repeated, and says that the job may be queued', (fault) =>
		withPlatform(async (platform) => {
			platform.faults.client.push(fault);
			const error = await failureOf(clientOf(platform).run(input));
			expect(error).toMatchObject({ code: 'ambiguous_submit', retryable: false });
			expect(error.message).toMatch(/may have been queued/);
			expect(platform.seen('run')).toHaveLength(1);
		}));

	it.each([500, 502, 503])('that is answered with %d is not repeated either', (status) =>
		withPlatform(async (platform) => {
			platform.faults.client.push(status);
			expect(await failureOf(clientOf(platform).run(input))).toMatchObject({ code: 'ambiguous_submit' });
			expect(platform.seen('run')).toHaveLength(1);
		}));

	it('to a port where nothing listens is tried again, and then said to be unreachable', async () => {
		const port = await freePort();
		await withPlatform(async (platform) => {
			const start = Date.now();
			const error = await failureOf(clientOf(platform, { baseUrl: `http://127.0.0.1:${port}/v2` }).run(input));
			expect(error).toMatchObject({ code: 'unreachable', retryable: true });
			expect(error.message).toMatch(/ECONNREFUSED.*nothing was sent.*Check the Base URL/s);
			expect(Date.now() - start).toBeGreaterThan(900);
		});
	});

	it.each(['html', 'badjson', 'empty', 302] as const)('that is answered with %s says what was expected', (fault) =>
		withPlatform(async (platform) => {
			platform.faults.client.push(fault);
			const error = await failureOf(clientOf(platform).run(input));
			expect(error).toMatchObject({ code: 'protocol' });
			expect(error.message).toMatch(/Expected JSON from the endpoint, got .*Base URL/);
			expect(platform.seen('run')).toHaveLength(1);
		}));

	it('that is refused for its size says so, also when our own count let it pass', () =>
		withPlatform(
			async (platform) => {
				const error = await failureOf(clientOf(platform).run({ operation: 'doctor', text: 'x'.repeat(2000) }));
				expect(error).toMatchObject({ code: 'payload_too_large', type: 'InvalidInput' });
			},
			{ maxRequest: { run: 1000, runsync: 1000 } },
		));
});

describe('looking at a job', () => {
	it.each([
		{ faults: [429, 429, 429] },
		{ faults: ['drop', 'cut', 'lost', 500, 503] },
		{ faults: ['html', 'badjson', 'empty'] },
	] as const)('goes on after $faults', ({ faults }) =>
		withPlatform(
			async (platform) => {
				const running = clientOf(platform).run(input);
				await until(() => platform.jobs.all.size === 1);
				platform.faults.client.push(...faults);
				await answerNext(platform, { output: 'here' });
				expect(await running).toBe('here');
				expect(platform.seen('cancel')).toHaveLength(0);
			},
			{ retryAfter: 0.2 },
		),
	);

	it('ends with a refused key, after one cancel', () =>
		withPlatform(async (platform) => {
			const running = clientOf(platform).run(input);
			await until(() => platform.jobs.all.size === 1);
			platform.faults.client.push(403);
			expect(await failureOf(running)).toMatchObject({ code: 'unauthorized' });
			expect(platform.seen('cancel')).toHaveLength(1);
		}));
});

describe('a wrong credential', () => {
	it('is told apart: key, endpoint, Base URL', () =>
		withPlatform(async (platform) => {
			expect(await failureOf(clientOf(platform, { apiKey: 'wrong' }).health())).toMatchObject({ code: 'unauthorized' });
			expect(await failureOf(clientOf(platform, { endpointId: 'other' }).health())).toMatchObject({ code: 'endpoint_not_found' });
			expect(await failureOf(clientOf(platform, { endpointId: 'other' }).run(input))).toMatchObject({ code: 'endpoint_not_found' });
			expect(() => clientOf(platform, { endpointId: '../x' })).toThrow(/Endpoint ID: Expected letters/);
			expect(() => clientOf(platform, { baseUrl: 'ftp://x' })).toThrow(/Base URL: Expected a URL such as/);
		}));

	it('never shows its key in an error', () =>
		withPlatform(async (platform) => {
			for (const fault of ['drop', 500, 400, 403, 'html', 302] as const) {
				platform.faults.client.push(fault);
				const error = await failureOf(clientOf(platform).run(input));
				expect(JSON.stringify([error, error.message, error.stack, error.cause])).not.toContain(platform.key);
			}
		}));

	it('keeps its key from where a redirection points', () =>
		withPlatform(async (platform) => {
			platform.faults.client.push(307);
			await failureOf(clientOf(platform).run(input));
			expect(platform.requests).toHaveLength(1);
		}));
});

async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	await new Promise((resolve) => server.close(resolve));
	return port;
}
