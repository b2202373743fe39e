import { OperationFailed, toWireError, type WireError } from '../../src/errors';
import type { Envelope } from '../../src/execute';
import { isSyncJob, limits } from '../../src/runpod/protocol';
import { redact } from '../../src/runpod/redact';
import type { WorkerEnvironment } from './environment';

export interface ResultOptions {
	environment: WorkerEnvironment;
	version: string;
	/** What must not be seen in an error. */
	secrets: readonly string[];
}

/** Largest result, in bytes of JSON, that is posted for a job. */
export const maxResultOf = (jobId: string) => limits[isSyncJob(jobId) ? 'runsync' : 'run'].result;

/** The body of a finished job: its envelope, and for a failure also the text that the platform shows as its error. */
export function resultText(jobId: string, envelope: Envelope, options: ResultOptions): string {
	if (envelope.status === 'error') return errorText(envelope.error, options);
	const text = JSON.stringify({ output: envelope });
	const size = Buffer.byteLength(text);
	const max = maxResultOf(jobId);
	return size <= max ? text : errorText(toWireError(tooLarge(`got ${size}`, max)), options);
}

/** For a result that the platform itself refused. */
export const refusedText = (jobId: string, status: number, options: ResultOptions) =>
	errorText(toWireError(tooLarge(`the platform refused this one with HTTP ${status}`, maxResultOf(jobId))), options);

const tooLarge = (got: string, max: number) =>
	new OperationFailed(`Expected a result of at most ${max} bytes, ${got}. Set up S3 storage on the worker, so that files travel by reference`, { code: 'result_too_large' });

/** The keys are those of the Python worker; `tool_error` is the whole error for clients that know it. */
function errorText(error: WireError, { environment, version, secrets }: ResultOptions): string {
	const clean: WireError = { ...error, message: redact(error.message, secrets).slice(0, 2000) };
	const told = {
		error_type: clean.type,
		error_message: clean.message,
		error_traceback: '',
		hostname: environment.hostName,
		worker_id: environment.workerId,
		runpod_version: version,
		tool_error: clean,
	};
	return JSON.stringify({ error: JSON.stringify(told), output: { status: 'error', error: clean } satisfies Envelope });
}
