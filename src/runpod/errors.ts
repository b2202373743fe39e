import { z } from 'zod/v4';
import { Cancelled, InvalidInput, RemoteJobFailed, TimedOut, ToolError, fromWireError } from '../errors';
import { jsonIn } from '../read-json';
import type { Answer } from './http';
import { retention, type JobState } from './protocol';
import { redact } from './redact';

/** What is known about a remote failure beside its message; the `cause` of every error made here. Holds no secret. */
export interface RemoteFacts {
	jobId?: string | undefined;
	httpStatus?: number | undefined;
	/** The other side's stack, shortened. */
	traceback?: string | undefined;
}

export type Subject = 'run' | 'runsync' | 'status' | 'health';

/** The error for an HTTP answer that is no success; undefined for one that is. */
export function errorOfAnswer(answer: Answer, subject: Subject, jobId?: string): ToolError | undefined {
	const { status } = answer;
	const facts = { cause: { jobId, httpStatus: status } satisfies RemoteFacts };
	const said = answer.error ? ` It says: ${answer.error}` : '';
	if (status >= 200 && status < 300) return answer.body === undefined ? brokenAnswer(answer, facts) : undefined;
	if (status === 401 || status === 403)
		return new RemoteJobFailed(`The endpoint refused the API key (HTTP ${status}). Check the API Key in the credential.${said}`, { code: 'unauthorized', ...facts });
	if (status === 402)
		return new RemoteJobFailed(`The endpoint's account is out of credit (HTTP 402). Add credit at the provider, and run it again.${said}`, { code: 'out_of_credit', ...facts });
	if (status === 404)
		return jobId === undefined
			? new RemoteJobFailed(`No such endpoint (HTTP 404). Check the Endpoint ID and the Base URL in the credential.${said}`, { code: 'endpoint_not_found', ...facts })
			: jobExpired(jobId);
	if (status === 429)
		return new RemoteJobFailed(`The endpoint is asked too often (HTTP 429). Try again later, or run fewer items at once.${said}`, { code: 'rate_limited', retryable: true, ...facts });
	if (status === 413 || (status === 400 && /\b(size|too large|exceed)/i.test(answer.error)))
		return new InvalidInput(`The endpoint refused the request for its size (HTTP ${status}). Give files by url or storage key instead of inline.${said}`, { code: 'payload_too_large', ...facts });
	if (status >= 400 && status < 500) return new RemoteJobFailed(`The endpoint refused the request (HTTP ${status}). Check that it runs the AI Agent Tools image, in a version like that of this node.${said}`, { code: 'bad_request', ...facts });
	if (status >= 500)
		return subject === 'run' || subject === 'runsync'
			? ambiguousSubmit(`HTTP ${status}.${said}`, status)
			: new RemoteJobFailed(`The endpoint failed (HTTP ${status}). Try again in a minute; if it goes on, read its logs.${said}`, { code: 'remote_unavailable', retryable: true, ...facts });
	return brokenAnswer(answer, facts);
}

function brokenAnswer({ status, text }: Answer, facts: { cause: RemoteFacts }) {
	const got = status >= 300 ? 'a redirection' : text.trim() === '' ? 'nothing' : JSON.stringify(redact(text.trim()).slice(0, 80));
	return new RemoteJobFailed(`Expected JSON from the endpoint, got ${got} (HTTP ${status}). Check the Base URL in the credential, it usually ends in /v2`, { code: 'protocol', ...facts });
}

export const brokenState = (problem: string, jobId?: string) =>
	new RemoteJobFailed(`Expected a job's status from the endpoint, got something else (${problem}). Check the Base URL in the credential`, { code: 'protocol', cause: { jobId } });

export const ambiguousSubmit = (how: string, httpStatus?: number) =>
	new RemoteJobFailed(
		`The endpoint's answer to the new job was lost (${how.replace(/\.$/, '')}). The job may have been queued; look into the endpoint's requests before you send it again, or it may run twice`,
		{ code: 'ambiguous_submit', cause: { httpStatus } },
	);

export const unreachable = (reason: string) =>
	new RemoteJobFailed(`Cannot reach the endpoint (${reason}). Check the Base URL in the credential, and that the runtime is up`, { code: 'unreachable', retryable: true });

export const jobExpired = (jobId: string) =>
	new RemoteJobFailed(
		`Job ${jobId} is known no longer. A result is kept for ${retention.run / 60} minutes after the job's end (${retention.runsync} s after a runsync), and a job is deleted when its time to live has passed, even while it runs. A runtime of one's own also forgets its jobs when it is started again. Run it again, or check the Job ID`,
		{ code: 'job_expired', cause: { jobId, httpStatus: 404 } },
	);

export const outputLost = (jobId: string) =>
	new RemoteJobFailed(
		`Job ${jobId} completed, but its result is lost: it was most likely too large for the platform. Set up S3 storage on the worker, so that files travel by reference`,
		{ code: 'output_lost', cause: { jobId } },
	);

export const brokenHealth = () => new RemoteJobFailed("Expected the endpoint's health, got something else. Check the Base URL in the credential, it usually ends in /v2", { code: 'protocol' });

export const deadlineExceeded = (deadline: number, doing: string, hint = 'Raise the Time Limit, or make the job smaller') =>
	new TimedOut(`Expected the job to end within ${deadline} s; it was ${doing}. ${hint}`, { code: 'deadline_exceeded' });

const wireError = z.object({
	code: z.string(),
	type: z.enum(['InvalidInput', 'OperationFailed', 'RemoteJobFailed', 'Cancelled', 'TimedOut']),
	message: z.string(),
	field: z.string().optional(),
	retryable: z.boolean(),
});

/** How our own worker tells its errors: as the job's output, and once more inside the error text. */
const ownError = z.union([z.object({ error: wireError }), z.object({ tool_error: wireError })]);

function readOwnError({ output, error }: JobState): ToolError | undefined {
	const known = [output, typeof error === 'string' ? jsonIn(error) : error].map((form) => ownError.safeParse(form).data).find(Boolean);
	if (!known) return undefined;
	const { field, message, ...rest } = 'error' in known ? known.error : known.tool_error;
	return fromWireError({ ...rest, message: redact(message), ...(field !== undefined && { field }) });
}

const ofEndedJobs = new WeakSet<ToolError>();

/** Marks the error of a job that has ended. */
export function ended(error: ToolError): ToolError {
	ofEndedJobs.add(error);
	return error;
}

/** Whether the job of this error is over, so that nothing needs its files any more. */
export const isOver = (error: unknown): boolean => error instanceof ToolError && (ofEndedJobs.has(error) || error.code === 'job_expired');

/** The error of a job that ended in any way but COMPLETED. Our own worker's errors come back as what they were over there. */
export function errorOfJob(state: JobState): ToolError {
	const { id } = state;
	if (state.status === 'CANCELLED') return new Cancelled(`Job ${id} was cancelled on the endpoint. Run it again if that was a mistake`, { cause: { jobId: id } });
	const own = readOwnError(state);
	if (own) return own;
	const { type, message, traceback } = readJobError(state.error);
	const facts = { cause: { jobId: id, traceback } satisfies RemoteFacts };
	if (state.status === 'TIMED_OUT')
		return new TimedOut(`Job ${id} ran longer than the endpoint allows${message ? `: ${message}` : ''}. Raise the Time Limit`, { code: 'remote_timed_out', ...facts });
	return new RemoteJobFailed(`Job ${id} failed on the endpoint: ${type ? `${type}: ` : ''}${message.replace(/\.$/, '') || 'it gave no reason'}. Look into the endpoint's logs`, { code: 'job_failed', ...facts });
}

const pythonError = z.looseObject({ error_type: z.string().optional(), error_message: z.string().optional(), message: z.string().optional(), error_traceback: z.string().optional() });

/** A job's error is mostly a JSON text, at times a plain text or an object. */
function readJobError(error: unknown): { type: string; message: string; traceback?: string } {
	const parsed = pythonError.safeParse(typeof error === 'string' ? jsonIn(error) : error);
	if (!parsed.success) return { type: '', message: shorten(typeof error === 'string' ? error : (JSON.stringify(error) ?? ''), 1000) };
	const { error_type: type = '', error_message, message, error_traceback: traceback } = parsed.data;
	return {
		type: type.replace(/^<class '(.*)'>$/, '$1'),
		message: shorten(error_message ?? message ?? JSON.stringify(parsed.data), 1000),
		...(traceback && { traceback: shorten(traceback, 2000) }),
	};
}

const shorten = (text: string, length: number) => {
	const clean = redact(text);
	return clean.length > length ? `${clean.slice(0, length)} …` : clean;
};
