import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { Cancelled } from '../../../src/errors';
import { createS3, type S3 } from '../../../src/storage/s3';
import { certificate } from '../../support/certificate';
import { bucket, startFaultServer, startS3 } from '../../support/s3';

const never = new AbortController().signal;
const part = 8 * 1024 * 1024;
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const random = () => `${randomUUID()}.bin`;

let server: Awaited<ReturnType<typeof startS3>>;
let s3: S3;
beforeAll(async () => {
	server = await startS3();
	s3 = createS3(server.config());
});
afterAll(async () => {
	await s3.close();
	await server.close();
});

const put = (key: string, bytes: Buffer, mimeType = 'video/mp4') => s3.put({ bucket, key, body: Readable.from([bytes], { objectMode: false }), mimeType, signal: never });
const get = async (key: string) => buffer((await s3.get({ bucket, key }, never)).body);

describe('an object', () => {
	it.each([0, 1, 65_537, part, part + 1, 2 * part])('of %i bytes comes back as it was', async (size) => {
		const key = random();
		const bytes = Buffer.alloc(size, 'abcdefghij');
		expect(await put(key, bytes)).toMatchObject({ size, sha256: sha256(bytes) });
		expect(await s3.head({ bucket, key }, never)).toMatchObject({ size, mimeType: 'video/mp4', lastModified: expect.stringMatching(/^20.*Z$/) });
		const back = await get(key);
		expect(back.length).toBe(size);
		expect(sha256(back)).toBe(sha256(bytes));
	});

	it.each(['a b.mp4', 'été/ü.mp4', 'a+b.mp4', 'a&b=c.mp4', 'a%20b.mp4', "it's (1)!*.mp4", '名前.png'])('may be called %s', async (key) => {
		await put(key, Buffer.from(key));
		expect((await get(key)).toString()).toBe(key);
		expect(await (await fetch(await s3.link({ bucket, key }, 60))).text()).toBe(key);
		await s3.remove({ bucket, key }, never);
		expect(await s3.head({ bucket, key }, never)).toBeUndefined();
	});

	it('that is missing has no facts, cannot be fetched and can be deleted', async () => {
		const missing = { bucket, key: random() };
		expect(await s3.head(missing, never)).toBeUndefined();
		await expect(s3.get(missing, never)).rejects.toMatchObject({ type: 'InvalidInput', code: 'object_not_found', field: 'key', retryable: false });
		await s3.remove(missing, never);
		await s3.remove(missing, never);
	});

	it('in a missing bucket is told apart when it is fetched and stored', async () => {
		const lost = { bucket: 'nowhere', key: 'a' };
		await expect(s3.get(lost, never)).rejects.toMatchObject({ type: 'OperationFailed', code: 'bucket_not_found', message: expect.stringContaining('nowhere') });
		await expect(s3.put({ ...lost, body: Readable.from(['x'], { objectMode: false }), mimeType: 'text/plain', signal: never })).rejects.toMatchObject({ code: 'bucket_not_found' });
	});

	it('of 200 MB goes through without being held in memory', async () => {
		const key = random();
		const chunk = Buffer.alloc(1024 * 1024, 'x');
		const expected = createHash('sha256');
		async function* many() {
			for (let sent = 0; sent < 200; sent++) {
				expected.update(chunk);
				yield chunk;
			}
		}
		let most = 0;
		const before = process.memoryUsage().rss;
		const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss - before)), 10);
		const stored = await s3.put({ bucket, key, body: Readable.from(many(), { objectMode: false }), mimeType: 'video/mp4', signal: never });
		const hash = createHash('sha256');
		for await (const got of (await s3.get({ bucket, key }, never)).body) hash.update(got);
		clearInterval(watch);
		expect(stored.sha256).toBe(expected.digest('hex'));
		expect(hash.digest('hex')).toBe(stored.sha256);
		expect(stored.size).toBe(200 * chunk.length);
		expect(most).toBeLessThan(150 * 1024 * 1024);
		await s3.remove({ bucket, key }, never);
	});
});

describe('a link', () => {
	it('lets anybody fetch the object until it expires', async () => {
		const key = random();
		await put(key, Buffer.from('hello'));
		const link = await s3.link({ bucket, key }, 1);
		expect(await (await fetch(link)).text()).toBe('hello');
		expect((await fetch(link.replace(key, random()))).status).toBe(403);
		await sleep(2100);
		expect((await fetch(link)).status).toBe(403);
	});

	it('does not exist where the provider has none', async () => {
		const volume = createS3(server.config({ endpoint: 'https://s3api-eu-ro-1.runpod.io' }));
		await expect(volume.link({ bucket, key: 'a' }, 60)).rejects.toMatchObject({ code: 'no_links', message: expect.stringContaining('RunPod volumes') });
	});
});

describe('a wrong secret', () => {
	const calls: [string, (s3: S3) => Promise<unknown>][] = [
		['looking up', (other) => other.head({ bucket, key: 'a' }, never)],
		['fetching', (other) => other.get({ bucket, key: 'a' }, never)],
		['deleting', (other) => other.remove({ bucket, key: 'a' }, never)],
		['storing', (other) => other.put({ bucket, key: 'a', body: Readable.from(['x'], { objectMode: false }), mimeType: 'text/plain', signal: never })],
	];
	it.each(calls)('is told as such when %s, and never shown', async (_, call) => {
		const other = createS3(server.config({ secretAccessKey: 'hidden-secret' }));
		const error = await call(other).then(
			() => undefined,
			(reason: unknown) => reason,
		);
		await other.close();
		expect(error).toMatchObject({ type: 'OperationFailed', code: 'storage_denied', retryable: false, message: expect.stringMatching(/HTTP 403.*[Cc]heck/) });
		expect(`${String(error)} ${JSON.stringify(error)} ${JSON.stringify((error as Error).cause)}`).not.toMatch(/hidden-secret|Signature=|AWS4-HMAC/);
	});
});

describe('a cancel', () => {
	it('in mid-upload ends the source, the parts and the connection', async () => {
		const stop = new AbortController();
		const reason = new Cancelled();
		const body = Readable.from(
			(async function* () {
				for (;;) {
					yield Buffer.alloc(1024 * 1024);
					await sleep(5);
				}
			})(),
			{ objectMode: false },
		);
		const key = random();
		setTimeout(() => stop.abort(reason), 200);
		await expect(s3.put({ bucket, key, body, mimeType: 'video/mp4', signal: stop.signal })).rejects.toBe(reason);
		expect(body.destroyed).toBe(true);
		expect(await s3.head({ bucket, key }, never)).toBeUndefined();
	});

	it('in mid-download ends the stream', async () => {
		const key = random();
		await put(key, Buffer.alloc(20 * 1024 * 1024));
		const stop = new AbortController();
		const reason = new Cancelled();
		const { body } = await s3.get({ bucket, key }, stop.signal);
		let chunks = 0;
		await expect(
			(async () => {
				for await (const _ of body) if (++chunks === 2) stop.abort(reason);
			})(),
		).rejects.toBe(reason);
	});

	it('before a call is the end of it', async () => {
		const gone = AbortSignal.abort(new Cancelled());
		await expect(s3.head({ bucket, key: 'a' }, gone)).rejects.toThrow(Cancelled);
		await expect(s3.put({ bucket, key: 'a', body: Readable.from(['x'], { objectMode: false }), mimeType: 'text/plain', signal: gone })).rejects.toThrow(Cancelled);
	});
});

it('a source that breaks fails the upload with its own reason, and stores nothing', async () => {
	const key = random();
	const body = Readable.from(
		(async function* () {
			yield Buffer.alloc(10 * 1024 * 1024);
			throw new Error('the disk is gone');
		})(),
		{ objectMode: false },
	);
	await expect(s3.put({ bucket, key, body, mimeType: 'video/mp4', signal: never })).rejects.toThrow('the disk is gone');
	expect(await s3.head({ bucket, key }, never)).toBeUndefined();
});

describe('a server that misbehaves', () => {
	const error = (code: string) => `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`;

	async function against<T>(listener: Parameters<typeof startFaultServer>[0], work: (s3: S3, fault: Awaited<ReturnType<typeof startFaultServer>>) => Promise<T>): Promise<T> {
		const fault = await startFaultServer(listener);
		const own = createS3(fault.config(), { connect: 1, idle: 0.5 });
		try {
			return await work(own, fault);
		} finally {
			await own.close();
			await fault.close();
		}
	}
	const reasonOf = (promise: Promise<unknown>) =>
		promise.then(
			() => undefined,
			(reason: unknown) => reason,
		);

	it.each([
		[403, '', 'storage_denied', false],
		[404, '', 'object_not_found', false],
		[301, 'PermanentRedirect', 'storage_wrong_region', false],
		[307, 'TemporaryRedirect', 'storage_wrong_region', false],
		[400, 'AuthorizationHeaderMalformed', 'storage_wrong_region', false],
		[400, 'InvalidArgument', 'storage_refused', false],
		[411, 'MissingContentLength', 'storage_refused', false],
		[416, 'InvalidRange', 'bad_range', false],
		[403, 'RequestTimeTooSkewed', 'storage_clock', false],
		[400, 'ExpiredToken', 'storage_denied', false],
		[501, 'NotImplemented', 'storage_refused', false],
		[503, 'SlowDown', 'storage_busy', true],
		[500, 'InternalError', 'storage_failed', true],
	])('with HTTP %i %s is explained as %s', async (status, name, code, retryable) => {
		const found = await against(
			(_, response) => response.writeHead(status, { 'content-type': 'application/xml', 'content-length': Buffer.byteLength(name && error(name)) }).end(name && error(name)),
			(own) => reasonOf(own.get({ bucket, key: 'a.mp4' }, never)),
		);
		expect(found).toMatchObject({ code, retryable, message: expect.stringMatching(/a\.mp4 in bucket media at 127\.0\.0\.1:\d+/) });
	});

	it('twice and then not is asked again', async () => {
		let calls = 0;
		await against(
			(_, response) => response.writeHead(++calls <= 2 ? 500 : 200, { 'content-length': 3 }).end(calls <= 2 ? 'bad' : 'abc'),
			async (own) => expect((await buffer((await own.get({ bucket, key: 'a' }, never)).body)).toString()).toBe('abc'),
		);
		expect(calls).toBe(3);
	});

	it('with 403 on a look-up is no missing object', async () => {
		const found = await against(
			(_, response) => response.writeHead(403).end(),
			(own) => reasonOf(own.head({ bucket, key: 'a' }, never)),
		);
		expect(found).toMatchObject({ code: 'storage_denied' });
	});

	it('by dropping the connection in mid-download never makes a short file', async () => {
		const found = await against(
			(_, response) => {
				response.writeHead(200, { 'content-length': 1000 });
				response.write('short', () => response.destroy());
			},
			async (own) => reasonOf(buffer((await own.get({ bucket, key: 'a.mp4' }, never)).body)),
		);
		expect(found).toMatchObject({ type: 'OperationFailed', code: 'storage_unreachable', retryable: true });
	});

	it('by falling silent in mid-download is given up', async () => {
		const found = await against(
			(_, response) => {
				response.writeHead(200, { 'content-length': 1000 });
				response.write('short');
			},
			async (own) => reasonOf(buffer((await own.get({ bucket, key: 'a.mp4' }, never)).body)),
		);
		expect(found).toMatchObject({ type: 'OperationFailed', retryable: true });
	});

	it('is sent no checksum that another provider would refuse', async () => {
		await against(
			(request, response) => {
				request.resume().on('end', () => {
					if (request.url?.includes('uploads')) response.end('<InitiateMultipartUploadResult><UploadId>1</UploadId></InitiateMultipartUploadResult>');
					else if (request.method === 'POST') response.end('<CompleteMultipartUploadResult><ETag>"x-2"</ETag></CompleteMultipartUploadResult>');
					else response.setHeader('etag', '"x"').end();
				});
			},
			async (own, fault) => {
				for (const size of [10, part + 1])
					await own.put({ bucket, key: 'a', body: Readable.from([Buffer.alloc(size)], { objectMode: false }), mimeType: 'video/mp4', signal: never });
				expect(fault.asked.length).toBe(5);
				for (const { headers, url } of fault.asked) expect(`${url} ${Object.keys(headers).join(' ')}`).not.toMatch(/checksum/i);
				expect(await own.link({ bucket, key: 'a' }, 60)).not.toMatch(/checksum/i);
			},
		);
	});

	it('leaves no connection open when a download is given up half way', async () => {
		await against(
			(_, response) => {
				response.writeHead(200, { 'content-length': 100_000_000 });
				const more = () => {
					while (response.writable && response.write(Buffer.alloc(65_536)));
				};
				response.on('drain', more);
				more();
			},
			async (own, fault) => {
				const { body } = await own.get({ bucket, key: 'a' }, never);
				for await (const _ of body) break;
				await sleep(100);
				expect(await fault.connections()).toBe(0);
			},
		);
	});

	it('by not being there is named with its address', async () => {
		const gone = createS3(server.config({ endpoint: 'http://127.0.0.1:1' }));
		const found = await reasonOf(gone.head({ bucket, key: 'a' }, never));
		expect(found).toMatchObject({ code: 'storage_unreachable', retryable: true, message: expect.stringMatching(/127\.0\.0\.1:1: ECONNREFUSED/) });
	});
});

it('a bucket is proved to be there, or not', async () => {
	const fault = await startFaultServer((request, response) => response.writeHead(request.url?.startsWith('/media') ? 200 : 404).end());
	const own = createS3(fault.config());
	await own.check('media', never);
	await expect(own.check('nowhere', never)).rejects.toMatchObject({ code: 'bucket_not_found' });
	await own.close();
	await fault.close();
});

it('a certificate that nobody signed is refused, with what to do, unless the user says to ignore it', async () => {
	const secure = await startS3(certificate);
	const strict = createS3(secure.config());
	const lenient = createS3(secure.config({ ignoreSSLIssues: true }));
	await expect(strict.head({ bucket, key: 'a' }, never)).rejects.toMatchObject({ code: 'storage_unreachable', retryable: false, message: expect.stringMatching(/certificate is not trusted.*ignore SSL issues/) });
	expect(await lenient.head({ bucket, key: 'a' }, never)).toBeUndefined();
	await Promise.all([strict.close(), lenient.close()]);
	await secure.close();
});
