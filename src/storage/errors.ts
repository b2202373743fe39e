import { z } from 'zod/v4';
import { Cancelled, InvalidInput, messageOf, OperationFailed, ToolError } from '../errors';

/** What was tried, for the message: "S3 refused to fetch a.mp4 from bucket media at s3.example.com". */
export interface Attempt {
	verb: 'store' | 'fetch' | 'look up' | 'delete' | 'open';
	/** Absent when it is about the account. */
	bucket?: string | undefined;
	/** Absent when it is about the bucket itself. */
	key?: string | undefined;
	host: string;
	/** The input field that named the object. */
	field?: string | undefined;
	signal?: AbortSignal | undefined;
}

/** What is known of a failure beside its message; holds no secret, as the SDK's own errors may. */
interface Facts {
	name: string;
	status: number | undefined;
	requestId: string | undefined;
	/** Where AWS says that the bucket is. */
	region: string | undefined;
}

/** Makes the error that a user can act on: by HTTP status first, since names and messages are often missing. */
export function storageError(error: unknown, attempt: Attempt): unknown {
	if (attempt.signal?.aborted) return attempt.signal.reason;
	if (error instanceof ToolError) return error;
	const facts = factsOf(error);
	if (facts.name === 'AbortError') return new Cancelled();
	return facts.status === undefined ? connectionError(error, attempt) : answerError(facts, attempt);
}

/** Whether the server says that the object, or the bucket, is not there. */
export const isNotFound = (error: unknown) => factsOf(error).status === 404;

/** Whether the bucket was opened and only the object is missing. */
export const isNoSuchKey = (error: unknown) => factsOf(error).name === 'NoSuchKey';

/** Whether the server will not have these keys, or not in this place. */
export const isRefused = (error: unknown) => [301, 307, 400, 401, 403].includes(factsOf(error).status ?? 0);

const sdkError = z.object({
	name: z.string().default('Error'),
	Region: z.string().optional(),
	$metadata: z.object({ httpStatusCode: z.number(), requestId: z.string() }).partial().default({}),
	$response: z.object({ headers: z.record(z.string(), z.string()) }).optional(),
});

function factsOf(error: unknown): Facts {
	const { name, Region, $metadata, $response } = sdkError.catch({ name: 'Error', $metadata: {} }).parse(error);
	return { name, status: $metadata.httpStatusCode, requestId: $metadata.requestId, region: Region || $response?.headers['x-amz-bucket-region'] };
}

const objectOf = ({ key, bucket, host }: Attempt) => `${key === undefined ? '' : `${key} in `}${bucket === undefined ? 'the list of buckets' : `bucket ${bucket}`} at ${host}`;

function answerError(facts: Facts, attempt: Attempt): ToolError {
	const { status = 0, name, region } = facts;
	const known = ['', 'Unknown', 'Error', 'UnknownError'].includes(name) ? '' : ` ${name}`;
	const said = `(HTTP ${status}${known})`;
	const failed = (advice: string, code: string, retryable = false) =>
		new OperationFailed(`The storage would not ${attempt.verb} ${objectOf(attempt)} ${said}. ${advice}`, { code, retryable, cause: facts });

	if (status === 404 && name === 'NoSuchBucket') return bucketMissing(attempt, facts);
	if (status === 404) return attempt.key === undefined || attempt.verb === 'store' ? bucketMissing(attempt, facts) : objectMissing(attempt, facts);
	if (name === 'RequestTimeTooSkewed') return failed('The clock of this machine is wrong; set it right, best by time synchronisation (NTP)', 'storage_clock');
	if (status === 401 || status === 403 || /Token/.test(name)) return failed(adviceOnRefusal(name, attempt), 'storage_denied');
	if (status === 301 || status === 307 || name === 'AuthorizationHeaderMalformed' || /Region/.test(name))
		return failed(region === undefined ? 'The bucket is in another region or at another endpoint; check both' : `The bucket is in region ${region}; enter that, and its endpoint if there is one`, 'storage_wrong_region');
	if (status === 413 || name === 'EntityTooLarge')
		return failed('It takes no objects of this size; if a proxy is in front of it, let it pass requests of 8 MB and more (nginx: client_max_body_size)', 'storage_too_large');
	if (status === 416) return new InvalidInput(`The storage has no such part of ${objectOf(attempt)} ${said}`, { code: 'bad_range', cause: facts });
	if (status === 429 || name === 'SlowDown') return failed('It is asked too often; try again later', 'storage_busy', true);
	if (status >= 500 && status !== 501) return failed('It is broken or overloaded; try again later', 'storage_failed', true);
	return failed('The provider does not take this form of request; check endpoint (http or https), path style and region', 'storage_refused');
}

/** What AWS calls the rights that the calls need; others use the same words. */
const rights: Record<Attempt['verb'], string> = { store: 's3:PutObject', fetch: 's3:GetObject', 'look up': 's3:GetObject and s3:ListBucket', delete: 's3:DeleteObject', open: 's3:ListBucket and s3:GetObject' };

function adviceOnRefusal(name: string, { verb, bucket }: Attempt): string {
	if (name === 'InvalidAccessKeyId') return 'It does not know the access key; check it';
	if (name === 'SignatureDoesNotMatch') return 'The secret access key does not fit the access key, or the region is wrong; check both';
	if (/Token/.test(name)) return 'The session token is invalid or has expired; make new temporary credentials';
	if (bucket === undefined) return 'Check the access key and the secret. A key that may not list buckets can still be right: enter a bucket name to try only that';
	if (name === 'AccessDenied') return `Allow the access key ${rights[verb]} in this bucket, or check that it is the right one`;
	return `Check the access key and the secret, and that they may do this in this bucket (${rights[verb]})`;
}

function objectMissing(attempt: Attempt, cause: Facts) {
	const { field = 'key' } = attempt;
	return new InvalidInput(`${field}: Expected an object ${objectOf(attempt)}, found none. Check the key and the bucket`, { field, code: 'object_not_found', cause });
}

const bucketMissing = ({ bucket, host }: Attempt, cause: Facts) =>
	new OperationFailed(`Expected a bucket ${bucket} at ${host}, found none. Check its name and the endpoint, or make it`, { code: 'bucket_not_found', cause });

function connectionError(error: unknown, attempt: Attempt): ToolError {
	const code = codeOf(error);
	const reason = code || (error instanceof Error && error.name !== 'Error' ? error.name : messageOf(error));
	const failed = (advice: string, retryable: boolean) =>
		new OperationFailed(`Could not ${attempt.verb} ${objectOf(attempt)}: ${reason}. ${advice}`, { code: 'storage_unreachable', retryable, cause: { name: reason } });
	if (/EPROTO|WRONG_VERSION_NUMBER|PACKET_LENGTH/.test(code)) return failed('It does not speak https; write http:// before the endpoint if you trust the network', false);
	if (/CERT|SELF_SIGNED|UNABLE_TO|ERR_TLS|ERR_SSL/.test(code) || /certificate/i.test(reason))
		return failed('Its certificate is not trusted here; add its authority with NODE_EXTRA_CA_CERTS, or ignore SSL issues in the credential', false);
	if (code === 'ENOTFOUND') return failed('There is no such host; check the endpoint, and whether the bucket belongs into the path (force path style)', false);
	return failed('Check the endpoint and that the storage is up, and try again', true);
}

/** With several addresses behind a name, each has failed in its own way: the first one tells. The SDK may keep only the message of an error. */
function codeOf(error: unknown): string {
	if (typeof error === 'object' && error !== null && 'errors' in error && Array.isArray(error.errors)) return codeOf(error.errors[0]);
	if (typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string') return error.code;
	return /\bE[A-Z]{4,}\b/.exec(messageOf(error))?.[0] ?? '';
}
