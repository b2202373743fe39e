import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createExecutor, type TravelExecutor } from '../../gpu-runtime/executor';
import { runRemotely } from '../../gpu-runtime/remote';
import type { Envelope } from '../../src/execute';
import { createS3 } from '../../src/storage/s3';
import { isTemporaryKey } from '../../src/storage/keys';
import { answerNext, failureOf, withPlatform } from '../src/runpod/support';
import { startRuntime } from '../support/runtime';
import { bucket, startFaultServer, startS3 } from '../support/s3';

/** What becomes of whole jobs when their storage fails: at the runtime, which fetches inputs and stores results, and at the sender. */

let s3: Awaited<ReturnType<typeof startS3>>;
let runtime: ReturnType<typeof startRuntime>;
let executor: TravelExecutor;
let folder: string;
let shortLink: string;
let expired: number;
beforeAll(async () => {
	s3 = await startS3();
	runtime = startRuntime({ AI_AGENT_TOOLS_ALLOW_PRIVATE_URLS: '1' });
	executor = createExecutor({ runtime: runtime.runtime, scratchRoot: runtime.root, maxInline: 0, maxDownload: 1e9, linkLife: 60 });
	folder = await mkdtemp(join(tmpdir(), 'storage-faults-'));
	const client = createS3(s3.config());
	shortLink = await client.link({ bucket, key: 'sound.pcm' }, 1);
	expired = Date.now() + 2100;
	await client.close();
});
afterAll(async () => {
	await runtime.close();
	await s3.close();
	await rm(folder, { recursive: true });
});
const nobody = 'http://127.0.0.1:1';

describe('a runtime', () => {
	const lent = (changed: object = {}) => ({ accessId: 'S3RVER', accessSecret: 'S3RVER', bucketName: bucket, endpointUrl: s3.config().endpoint ?? '', ...changed });
	const pcm = { base64: Buffer.alloc(8000).toString('base64') };
	const errorOf = async (operation: string, input: Record<string, unknown>, s3Config = lent()) => {
		const answer = await executor.execute(operation, input, { jobId: 'job', signal: new AbortController().signal, maxResult: 1e6, s3Config, onProgress: () => undefined });
		expect(await readdir(runtime.root)).toEqual([]);
		return answer.status === 'error' ? answer.error : undefined;
	};

	it.each([
		['is down', { endpointUrl: nobody }, 'storage_unreachable', true, /ECONNREFUSED\. Check the endpoint/],
		['has another secret', { accessSecret: 'hidden-secret' }, 'storage_denied', false, /secret access key does not fit/],
		['has no such bucket', { bucketName: 'nowhere' }, 'bucket_not_found', false, /Check its name/],
	])('cannot store a result in a storage that %s, and says so', async (_, changed, code, retryable, message) => {
		const error = await errorOf('convert_pcm_to_wav', { pcm }, lent(changed));
		expect(error).toMatchObject({ type: 'OperationFailed', code, retryable, message: expect.stringMatching(message) });
		expect(JSON.stringify(error)).not.toMatch(/hidden-secret|Signature=/);
	});

	it('cannot fetch an input by a link that has expired, and says to make a new one', async () => {
		await sleep(Math.max(0, expired - Date.now()));
		const error = await errorOf('convert_pcm_to_wav', { pcm: { url: shortLink } });
		expect(error).toMatchObject({ type: 'InvalidInput', code: 'url_refused', field: 'pcm', message: expect.stringMatching(/HTTP 403\. The link is private, or it has expired; make a new one/) });
		expect(JSON.stringify(error)).not.toContain('Signature=');
	});

	it('makes no file of an object whose connection breaks half way', async () => {
		const fault = await startFaultServer((_, response) => response.writeHead(200, { 'content-length': 1000 }).write('short', () => response.destroy()));
		expect(await errorOf('convert_pcm_to_wav', { pcm: { key: 'sound.pcm' } }, lent({ endpointUrl: fault.config().endpoint }))).toMatchObject({ code: 'storage_unreachable', retryable: true });
		await fault.close();
	});
});

describe('the sender of a job', () => {
	const job = async () => {
		const file = join(folder, 'clip.pcm');
		await writeFile(file, Buffer.alloc(1000));
		return { operation: 'convert_pcm_to_wav', input: { pcm: { file } }, folder: await mkdtemp(join(folder, 'job-')), signal: new AbortController().signal };
	};

	it.each([
		['is down', { endpoint: nobody }, 'storage_unreachable'],
		['has another secret', { secretAccessKey: 'hidden-secret' }, 'storage_denied'],
		['has no such bucket', { bucket: 'nowhere' }, 'bucket_not_found'],
	])('sends nothing when the storage %s', (_, changed, code) =>
		withPlatform(async ({ baseUrl, endpoint: endpointId, key: apiKey, requests }) => {
			const error = await failureOf(runRemotely(await job(), { baseUrl, endpointId, apiKey, deadline: 10, storage: s3.config(changed) }));
			expect(error).toMatchObject({ code });
			expect(JSON.stringify([error, error.message, error.cause])).not.toContain('hidden-secret');
			expect(requests).toEqual([]);
		}),
	);

	it.each(['drops', 'has lost'])('is told when the storage %s the result, keeps no part of it, and removes what it had stored', (fault) =>
		withPlatform(async (platform) => {
			const stored: string[] = [];
			const removed: string[] = [];
			const answer: RequestListener = ({ method, url = '' }, response) => {
				const key = decodeURIComponent(url.split('?')[0] ?? '').replace('/media/', '');
				if (method === 'GET' && fault === 'drops') response.writeHead(200, { 'content-length': 1000 }).write('short', () => response.destroy());
				else if (method === 'GET') response.writeHead(404).end();
				else {
					(method === 'PUT' ? stored : removed).push(key);
					response.writeHead(method === 'PUT' ? 200 : 204, { etag: '"x"' }).end();
				}
			};
			const storage = await startFaultServer((request, response) => void request.resume().on('end', () => answer(request, response)));
			const sent = await job();
			const { baseUrl, endpoint: endpointId, key: apiKey } = platform;
			const running = failureOf(runRemotely(sent, { baseUrl, endpointId, apiKey, deadline: 10, storage: storage.config() }));
			const audio = { fileName: 'a.wav', mimeType: 'audio/wav', size: 1000, key: 'results/a.wav' };
			const output: Envelope = { status: 'success', result: { audio, warnings: [] }, processing_time: 0 };
			await answerNext(platform, { output });
			expect(await running).toMatchObject({ code: fault === 'drops' ? 'storage_unreachable' : 'object_not_found', message: expect.stringContaining('results/a.wav') });
			expect(await readdir(sent.folder)).toEqual([]);
			expect(stored.every(isTemporaryKey)).toBe(true);
			expect(removed).toEqual(stored);
			await storage.close();
		}),
	);
});
