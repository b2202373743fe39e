import { createHash } from 'node:crypto';
import { Agent } from 'node:https';
import { Readable } from 'node:stream';
import type { S3ClientConfig } from '@aws-sdk/client-s3';
import { OperationFailed } from '../errors';
import { checkAccess } from './check';
import type { StorageConfig } from './config';
import { isNotFound, storageError, type Attempt } from './errors';
import { providerOf } from './providers';

export interface ObjectRef {
	bucket: string;
	key: string;
	/** The input field that named the object, for messages. */
	field?: string | undefined;
}

export interface ObjectFacts {
	size: number;
	mimeType: string;
	/** ISO 8601. */
	lastModified?: string;
	etag?: string;
}

export interface PutRequest extends ObjectRef {
	body: Readable;
	mimeType: string;
	/** Bytes, where known before. */
	size?: number | undefined;
	signal: AbortSignal;
}

/** Seconds until a connection is given up: while it is made, and while nothing comes. */
export interface Patience {
	connect: number;
	idle: number;
}

const patience: Patience = { connect: 10, idle: 60 };
const smallestPart = 8 * 1024 * 1024;
/** An upload has at most 10,000 parts. */
const mostParts = 10_000;

export type S3 = ReturnType<typeof createS3>;

/** Objects in S3-compatible storage as streams. The SDK loads on the first call. */
export function createS3(config: StorageConfig, limits: Patience = patience) {
	const provider = providerOf(config.endpoint);
	const host = config.endpoint === undefined ? 'AWS S3' : new URL(config.endpoint).host;
	const open = once(async () => {
		const { S3Client } = await import('@aws-sdk/client-s3');
		return new S3Client(clientOptions(config, provider.attempts, limits));
	});

	/** Runs one call; whatever it throws becomes an error that a user can act on. */
	async function attempt<T>(about: Omit<Attempt, 'host'>, call: () => Promise<T>): Promise<T> {
		try {
			about.signal?.throwIfAborted();
			return await call();
		} catch (error) {
			throw storageError(error, { ...about, host });
		}
	}

	async function head({ bucket, key }: ObjectRef, signal: AbortSignal): Promise<ObjectFacts | undefined> {
		const { HeadObjectCommand } = await import('@aws-sdk/client-s3');
		const client = await open();
		return attempt({ verb: 'look up', bucket, key, signal }, () =>
			client
				.send(new HeadObjectCommand({ Bucket: bucket, Key: key }), { abortSignal: signal })
				.then(factsOf, (error: unknown) => (isNotFound(error) ? undefined : Promise.reject(error))),
		);
	}

	return {
		/** Stores what comes out of `body`, of any size, a part at a time. Returns our own count and hash: an ETag is neither. */
		async put({ bucket, key, body, mimeType, size = 0, signal }: PutRequest): Promise<{ size: number; sha256: string; etag?: string }> {
			const { Upload } = await import('@aws-sdk/lib-storage');
			const client = await open();
			const counted = count(body);
			const upload = new Upload({
				client,
				params: { Bucket: bucket, Key: key, Body: Readable.from(counted.chunks, { objectMode: false }), ContentType: mimeType },
				partSize: Math.max(smallestPart, Math.ceil(size / mostParts)),
				queueSize: 2,
				leavePartsOnError: false,
			});
			const stop = () => void upload.abort();
			signal.addEventListener('abort', stop, { once: true });
			try {
				const { ETag: etag } = await attempt({ verb: 'store', bucket, key, signal }, () =>
					// When the source broke, that is the reason, whatever came of the clean-up.
					upload.done().catch((error: unknown) => Promise.reject(body.errored ?? error)),
				);
				return { ...counted.total(), ...tagOf(etag) };
			} finally {
				signal.removeEventListener('abort', stop);
				body.destroy();
			}
		},

		/** Opens an object. The stream fails when the connection breaks or fewer bytes come than the server said. */
		async get({ bucket, key, field }: ObjectRef, signal: AbortSignal): Promise<ObjectFacts & { body: Readable }> {
			const { GetObjectCommand } = await import('@aws-sdk/client-s3');
			const client = await open();
			const about = { verb: 'fetch', bucket, key, field, signal } as const;
			const answer = await attempt(about, () => client.send(new GetObjectCommand({ Bucket: bucket, Key: key }), { abortSignal: signal }));
			const facts = factsOf(answer);
			const source = answer.Body;
			if (!(source instanceof Readable)) throw new OperationFailed(`Expected a stream from ${host}, got none`, { code: 'storage_failed' });
			return { ...facts, body: Readable.from(whole(source, facts.size, { ...about, host }), { objectMode: false }) };
		},

		/** What is known about an object; undefined when there is none. Everything else that goes wrong is an error. */
		head,

		/** Deletes an object; deleting one that is not there is no error. */
		async remove({ bucket, key }: ObjectRef, signal: AbortSignal): Promise<void> {
			const { DeleteObjectCommand } = await import('@aws-sdk/client-s3');
			const client = await open();
			await attempt({ verb: 'delete', bucket, key, signal }, () => client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }), { abortSignal: signal }));
		},

		/** A link with which anybody can fetch the object for `expires` seconds. A secret: cut it in logs. */
		async link({ bucket, key }: ObjectRef, expires: number): Promise<string> {
			if (provider.noLinks !== undefined) throw new OperationFailed(`${provider.noLinks}. Fetch the object by its key`, { code: 'no_links' });
			const [{ getSignedUrl }, { GetObjectCommand }] = await Promise.all([import('@aws-sdk/s3-request-presigner'), import('@aws-sdk/client-s3')]);
			const client = await open();
			// The client has learned from the server by how much our clock is wrong.
			const signingDate = new Date(Date.now() + client.config.systemClockOffset);
			return getSignedUrl(client, new GetObjectCommand({ Bucket: bucket, Key: key }), { expiresIn: expires, signingDate });
		},

		/** Proves that the configured bucket, or without one the account, can be reached with these keys. */
		async check(signal: AbortSignal): Promise<void> {
			const { bucket, keyPrefix } = config;
			const client = await open();
			await attempt({ verb: 'open', bucket, signal }, () => checkAccess(client, { bucket, keyPrefix, host, signal }));
		},

		/** Closes the connections. */
		async close(): Promise<void> {
			if (open.isCalled()) (await open()).destroy();
		},
	};
}

function clientOptions(config: StorageConfig, maxAttempts: number, { connect, idle }: Patience): S3ClientConfig {
	const { endpoint, region, accessKeyId, secretAccessKey, sessionToken, forcePathStyle, ignoreSSLIssues } = config;
	return {
		...(endpoint !== undefined && {
			endpoint,
			// Other providers refuse the checksum headers that the SDK sends of its own accord.
			requestChecksumCalculation: 'WHEN_REQUIRED',
			responseChecksumValidation: 'WHEN_REQUIRED',
		}),
		// The environment may name an endpoint for other ends.
		ignoreConfiguredEndpointUrls: true,
		region,
		forcePathStyle,
		maxAttempts,
		credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
		requestHandler: {
			connectionTimeout: connect * 1000,
			socketTimeout: idle * 1000,
			...(ignoreSSLIssues && { httpsAgent: new Agent({ rejectUnauthorized: false, keepAlive: true, maxSockets: 50 }) }),
		},
	};
}

interface Answer {
	ContentLength?: number | undefined;
	ContentType?: string | undefined;
	LastModified?: Date | undefined;
	ETag?: string | undefined;
}

const factsOf = ({ ContentLength = 0, ContentType = 'application/octet-stream', LastModified, ETag }: Answer): ObjectFacts => ({
	size: ContentLength,
	mimeType: ContentType,
	...(LastModified && { lastModified: LastModified.toISOString() }),
	...tagOf(ETag),
});

/** Without its quotes; Ceph gives an empty one after an upload in parts. */
function tagOf(etag: string | undefined): { etag?: string } {
	const plain = etag?.replace(/^"|"$/g, '');
	return plain ? { etag: plain } : {};
}

/** Passes a stream on and knows afterwards how much it was. */
function count(source: AsyncIterable<Buffer>) {
	const hash = createHash('sha256');
	let size = 0;
	async function* chunks() {
		for await (const chunk of source) {
			size += chunk.length;
			hash.update(chunk);
			yield chunk;
		}
	}
	return { chunks: chunks(), total: () => ({ size, sha256: hash.digest('hex') }) };
}

/** Passes an object's bytes on, and fails unless all of them come. */
async function* whole(source: AsyncIterable<Buffer>, size: number, about: Attempt): AsyncGenerator<Buffer> {
	let got = 0;
	try {
		for await (const chunk of source) {
			got += chunk.length;
			yield chunk;
		}
	} catch (error) {
		throw storageError(error, about);
	}
	if (got !== size)
		throw new OperationFailed(`Expected ${size} bytes of ${about.key ?? ''} from ${about.host}, got ${got}. Try again`, { code: 'storage_incomplete', retryable: true });
}

function once<T>(make: () => Promise<T>) {
	let made: Promise<T> | undefined;
	return Object.assign(() => (made ??= make()), { isCalled: () => made !== undefined });
}
