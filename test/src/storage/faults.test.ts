import { createHash } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { createS3, type S3 } from '../../../src/storage/s3';
import { bucket, startFaultServer } from '../../support/s3';

const never = new AbortController().signal;
const part = 8 * 1024 * 1024;

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
		[400, 'InvalidRegionName', 'storage_wrong_region', false],
		[411, 'MissingContentLength', 'storage_refused', false],
		[413, '', 'storage_too_large', false],
		[400, 'EntityTooLarge', 'storage_too_large', false],
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

	const takeUpload: RequestListener = ({ method, url }, response) => {
		if (url?.includes('uploads')) response.end('<InitiateMultipartUploadResult><UploadId>1</UploadId></InitiateMultipartUploadResult>');
		else if (method === 'POST') response.end('<CompleteMultipartUploadResult><ETag>"x-2"</ETag></CompleteMultipartUploadResult>');
		else response.setHeader('etag', '"x"').end();
	};

	/** Takes uploads, but breaks off those that `isDropped` names by their number; `arrived` gets what came whole. */
	const dropping = (isDropped: (put: number) => boolean, arrived: Buffer[] = []): RequestListener => {
		let puts = 0;
		return (request, response) => {
			if (request.method === 'PUT' && isDropped(++puts)) return void request.once('data', () => request.destroy());
			const chunks: Buffer[] = [];
			request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
				if (request.method === 'PUT') arrived.push(Buffer.concat(chunks));
				takeUpload(request, response);
			});
		};
	};

	it.each([10, part + 1])('by dropping the connection in mid-upload of %i bytes is sent the rest again', async (size) => {
		const arrived: Buffer[] = [];
		const bytes = Buffer.alloc(size, 'abcdefg');
		const stored = await against(
			dropping((put) => put === 1, arrived),
			(own) => own.put({ bucket, key: 'a', body: Readable.from([bytes], { objectMode: false }), mimeType: 'video/mp4', signal: never }),
		);
		expect(stored).toMatchObject({ size, sha256: createHash('sha256').update(bytes).digest('hex') });
		expect(Buffer.concat(arrived.sort((one, other) => other.length - one.length)).equals(bytes)).toBe(true);
	});

	it('by dropping every upload is given up, its parts are taken back, and the source is let go', async () => {
		const body = Readable.from([Buffer.alloc(part + 1)], { objectMode: false });
		await against(
			dropping(() => true),
			async (own, fault) => {
				expect(await reasonOf(own.put({ bucket, key: 'a', body, mimeType: 'video/mp4', signal: never }))).toMatchObject({ code: 'storage_unreachable', retryable: true, message: expect.stringMatching(/Could not store a in bucket media/) });
				expect(fault.asked.at(-1)).toMatchObject({ method: 'DELETE', url: expect.stringContaining('uploadId=1') });
			},
		);
		expect(body.destroyed).toBe(true);
	});

	it('whose clock is another than ours is asked by its own, and gets links by it', async () => {
		const ahead = 2 * 3600_000;
		const timeOf = (stamp: string) => Date.parse(stamp.replace(/(....)(..)(..T..)(..)/, '$1-$2-$3:$4:'));
		await against(
			({ headers }, response) => {
				const now = Date.now() + ahead;
				const isSkewed = Math.abs(timeOf(String(headers['x-amz-date'])) - now) > 900_000;
				response.setHeader('date', new Date(now).toUTCString()).writeHead(isSkewed ? 403 : 200, { 'content-length': isSkewed ? error('RequestTimeTooSkewed').length : 3 }).end(isSkewed ? error('RequestTimeTooSkewed') : 'abc');
			},
			async (own, fault) => {
				expect((await buffer((await own.get({ bucket, key: 'a' }, never)).body)).toString()).toBe('abc');
				expect(fault.asked).toHaveLength(2);
				const signed = timeOf(new URL(await own.link({ bucket, key: 'a' }, 60)).searchParams.get('X-Amz-Date') ?? '');
				expect(Math.abs(signed - Date.now() - ahead)).toBeLessThan(60_000);
			},
		);
	});

	it('by refusing a large upload before it has come is said to take no such size', async () => {
		const found = await against(
			(request, response) => response.writeHead(413, { connection: 'close' }).end('<html>too large</html>', () => request.destroy()),
			(own) => reasonOf(own.put({ bucket, key: 'a', body: Readable.from([Buffer.alloc(part - 1)], { objectMode: false }), mimeType: 'video/mp4', signal: never })),
		);
		expect(found).toMatchObject({ code: 'storage_too_large', retryable: false, message: expect.stringMatching(/HTTP 413.*client_max_body_size/) });
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
				request.resume().on('end', () => takeUpload(request, response));
			},
			async (own, fault) => {
				for (const size of [10, part + 1])
					await own.put({ bucket, key: 'a', body: Readable.from([Buffer.alloc(size)], { objectMode: false }), mimeType: 'video/mp4', signal: never });
				(await own.get({ bucket, key: 'a' }, never)).body.destroy();
				await own.remove({ bucket, key: 'a' }, never);
				await own.head({ bucket, key: 'a' }, never);
				expect(fault.asked.length).toBe(8);
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
		const server = await startFaultServer(() => undefined);
		const gone = createS3(server.config());
		await server.close();
		const found = await reasonOf(gone.head({ bucket, key: 'a' }, never));
		expect(found).toMatchObject({ code: 'storage_unreachable', retryable: true, message: expect.stringMatching(/127\.0\.0\.1:\d+: ECONNREFUSED/) });
	});
});
