import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { Cancelled } from '../../../src/errors';
import { createS3, type S3 } from '../../../src/storage/s3';
import { certificate } from '../../support/certificate';
import { bucket, startS3 } from '../../support/s3';

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
		const [long, short] = await Promise.all([s3.link({ bucket, key }, 60), s3.link({ bucket, key }, 1)]);
		expect(await (await fetch(long)).text()).toBe('hello');
		expect((await fetch(long.replace(key, random()))).status).toBe(403);
		await sleep(2100);
		expect((await fetch(short)).status).toBe(403);
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

it('a certificate that nobody signed is refused, with what to do, unless the user says to ignore it', async () => {
	const secure = await startS3(certificate);
	const strict = createS3(secure.config());
	const lenient = createS3(secure.config({ ignoreSSLIssues: true }));
	await expect(strict.head({ bucket, key: 'a' }, never)).rejects.toMatchObject({ code: 'storage_unreachable', retryable: false, message: expect.stringMatching(/certificate is not trusted.*ignore SSL issues/) });
	expect(await lenient.head({ bucket, key: 'a' }, never)).toBeUndefined();
	await Promise.all([strict.close(), lenient.close()]);
	await secure.close();
});
