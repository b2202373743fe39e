import { InvalidInput } from '../errors';
import { limits, policyBounds, type S3Config } from './protocol';

export interface Submission {
	input: Record<string, unknown>;
	/** Called by the platform when the job ends. */
	webhook?: string | undefined;
	s3Config?: S3Config | undefined;
	/** Seconds the job may take from submission to its end. */
	deadline: number;
	/** Seconds that waiting in the queue may add. */
	queueAllowance: number;
}

/** The request's body as it goes out, serialised once. Throws InvalidInput when the platform would refuse it for its size. */
export function bodyOf({ input, webhook, s3Config, deadline, queueAllowance }: Submission, kind: 'run' | 'runsync'): string {
	const body = JSON.stringify({ input, webhook, s3Config, policy: policyOf(deadline, queueAllowance) });
	const size = Buffer.byteLength(body);
	const limit = limits[kind].request;
	if (size > limit) throw tooLarge(input, size, limit);
	return body;
}

/** The platform's own time limits, so that a job nobody waits for any longer is not paid for. */
export function policyOf(deadline: number, queueAllowance: number) {
	return {
		executionTimeout: clamp(deadline * 1000, policyBounds.executionTimeout),
		ttl: clamp((deadline + queueAllowance + 60) * 1000, policyBounds.ttl),
	};
}

export const clamp = (value: number, { min, max }: { min: number; max: number }) => Math.round(Math.min(max, Math.max(min, value)));

function tooLarge(input: Record<string, unknown>, size: number, limit: number) {
	const { field, bytes } = largestField(input);
	return new InvalidInput(
		`${field}: Expected a request of at most ${limit} bytes, got ${size}, of which ${bytes} are in this field. Give the file by url or storage key instead of inline`,
		{ field, code: 'payload_too_large' },
	);
}

function largestField(input: Record<string, unknown>): { field: string; bytes: number } {
	const sizes = Object.entries(input).map(([field, value]) => ({ field, bytes: Buffer.byteLength(JSON.stringify(value) ?? '') }));
	return sizes.reduce((largest, one) => (one.bytes > largest.bytes ? one : largest), { field: 'input', bytes: 0 });
}

/** Reads which operation a job's input asks for, and with what. */
export function readInput(input: unknown): { operation: string; fields: Record<string, unknown> } {
	if (typeof input !== 'object' || input === null || Array.isArray(input))
		throw new InvalidInput('input: Expected an object with "operation" and its fields', { field: 'input' });
	const { operation, endpoint, ...fields } = input as Record<string, unknown>;
	const name = operation ?? endpoint;
	if (typeof name !== 'string' || name === '')
		throw new InvalidInput('input.operation: Expected the name of an operation, e.g. "get_video_info"', { field: 'operation', code: 'unknown_operation' });
	return { operation: name, fields };
}
