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

const sdkError = z.object({ name: z.string().default('Error'), $metadata: z.object({ httpStatusCode: z.number(), requestId: z.string() }).partial().default({}) });

function factsOf(error: unknown): Facts {
	const { name, $metadata } = sdkError.catch({ name: 'Error', $metadata: {} }).parse(error);
	return { name, status: $metadata.httpStatusCode, requestId: $metadata.requestId };
}

const objectOf = ({ key, bucket, host }: Attempt) => `${key === undefined ? '' : `${key} in `}${bucket === undefined ? 'the list of buckets' : `bucket ${bucket}`} at ${host}`;

function answerError(facts: Facts, attempt: Attempt): ToolError {
	const { status = 0, name } = facts;
	const known = name === 'Unknown' || name === 'Error' || name === 'UnknownError' ? '' : ` ${name}`;
	const said = `(HTTP ${status}${known})`;
	const failed = (advice: string, code: string, retryable = false) =>
		new OperationFailed(`The storage would not ${attempt.verb} ${objectOf(attempt)} ${said}. ${advice}`, { code, retryable, cause: facts });

	if (status === 404 && name === 'NoSuchBucket') return bucketMissing(attempt, facts);
	if (status === 404) return attempt.key === undefined || attempt.verb === 'store' ? bucketMissing(attempt, facts) : objectMissing(attempt, facts);
	if (name === 'RequestTimeTooSkewed') return failed('The clock of this machine is wrong; set it right', 'storage_clock');
	if (status === 401 || status === 403 || /Token/.test(name)) return failed(adviceOnRefusal(name, attempt), 'storage_denied');
	if (status === 301 || status === 307 || name === 'AuthorizationHeaderMalformed')
		return failed('The bucket is in another region or at another endpoint; check both', 'storage_wrong_region');
	if (status === 416) return new InvalidInput(`The storage has no such part of ${objectOf(attempt)} ${said}`, { code: 'bad_range', cause: facts });
	if (status === 429 || name === 'SlowDown') return failed('It is asked too often; try again later', 'storage_busy', true);
	if (status >= 500 && status !== 501) return failed('It is broken or overloaded; try again later', 'storage_failed', true);
	return failed('The provider does not take this form of request; check endpoint, path style and region', 'storage_refused');
}

function adviceOnRefusal(name: string, { bucket }: Attempt): string {
	if (name === 'InvalidAccessKeyId') return 'It does not know the access key; check it';
	if (name === 'SignatureDoesNotMatch') return 'The secret access key does not fit the access key, or the region is wrong; check both';
	if (/Token/.test(name)) return 'The session token is invalid or has expired; make new temporary credentials';
	if (bucket === undefined) return 'Check the access key and the secret. A key that may not list buckets can still be right: enter a bucket name to try only that';
	return 'Check the access key and the secret, and that they may do this in this bucket';
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
	if (/CERT|SELF_SIGNED|UNABLE_TO|ERR_TLS|ERR_SSL|EPROTO/.test(code) || /certificate/i.test(reason))
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
