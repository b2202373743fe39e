import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { OperationFailed } from '../errors';
import { isNoSuchKey, isNotFound, isRefused } from './errors';
import { temporaryKey } from './keys';

interface Checked {
	/** Without one it is about the account. */
	bucket: string | undefined;
	keyPrefix: string;
	host: string;
	signal: AbortSignal;
}

/** Proves that the bucket, or without one the account, can be reached with a client's keys. Throws what the SDK throws. */
export async function checkAccess(client: S3Client, { bucket, keyPrefix, host, signal }: Checked): Promise<void> {
	const { GetObjectCommand, HeadBucketCommand, ListBucketsCommand } = await import('@aws-sdk/client-s3');
	const options = { abortSignal: signal };
	if (bucket === undefined) return void (await client.send(new ListBucketsCommand({}), options));
	const isOpen = await client.send(new HeadBucketCommand({ Bucket: bucket }), options).then(
		() => true,
		(error: unknown) => (isRefused(error) ? false : Promise.reject(error)),
	);
	// The answer to HEAD has no body and so no reason, and some servers refuse it to the right keys: asking for an object that cannot be there tells.
	const { Body: body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: temporaryKey({ prefix: keyPrefix, id: randomUUID(), fileName: '' }) }), options).catch((error: unknown) => {
		// Keys that may store but not fetch are right too.
		if (isNoSuchKey(error) || (isOpen && (isNotFound(error) || isRefused(error)))) return { Body: undefined };
		throw error;
	});
	if (!(body instanceof Readable)) return;
	body.destroy();
	throw new OperationFailed(`${host} gives a page for everything, as a web site does. Enter the address of the storage's S3 API, which may be another port than that of its web pages (MinIO: 9000)`, { code: 'not_storage' });
}
