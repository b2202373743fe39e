import { InvalidInput, ToolError } from '../errors';
import { deadlineExceeded, ended, errorOfAnswer, errorOfJob, outputLost, unreachable } from './errors';
import { follow, readState, type Follow, type Trace } from './follow';
import { askHint, readHealth } from './hints';
import { createHttp } from './http';
import { bodyOf } from './payload';
import { defaultBaseUrl, endpointIdPattern, isFinal, progress, type Health, type JobState, type Progress, type S3Config } from './protocol';
import { openSpan, type Span } from './span';
import { submit } from './submit';
import { timing as usualTiming, type Timing } from './timing';

export interface RunPodClientOptions {
	/** RunPod's when absent; another one is one's own runtime. */
	baseUrl?: string | undefined;
	endpointId: string;
	apiKey: string;
	/** Ends every call that brings no signal of its own. */
	signal?: AbortSignal | undefined;
	timing?: Partial<Timing>;
}

export interface SubmitOptions {
	/** Seconds until the job must have ended; default an hour. */
	deadline?: number | undefined;
	/** Seconds the platform may keep the job waiting beyond that; default 5 minutes. */
	queueAllowance?: number | undefined;
	signal?: AbortSignal | undefined;
	/** Called by the platform when the job ends. */
	webhook?: string | undefined;
	/** Storage lent to this job. Sent beside the input, never in it. */
	s3Config?: S3Config | undefined;
}

export interface WaitOptions {
	/** Seconds; default an hour. */
	deadline?: number | undefined;
	signal?: AbortSignal | undefined;
	onProgress?: ((fraction: number, activity: string) => void) | undefined;
	/** Told why a job may be waiting in the queue. */
	onHint?: ((hint: string) => void) | undefined;
}

export interface RunOptions extends Omit<SubmitOptions, 'webhook'>, WaitOptions {
	/** One held request instead of polling from the start: for short jobs. */
	sync?: boolean | undefined;
}

export type JobResult = { isFinished: true; output: unknown } | { isFinished: false; status: string; progress?: Progress };

/** Every failure is a ToolError; see errors.ts for the codes. */
export interface RunPodClient {
	/** Sends a job, waits for it and gives its output. An abort, the deadline or a failure on the way cancels the job. */
	run(input: Record<string, unknown>, options?: RunOptions): Promise<unknown>;
	/** Sends a job and gives its id. */
	submit(input: Record<string, unknown>, options?: SubmitOptions): Promise<string>;
	/** Looks at a job once. A job that failed throws its error. */
	result(jobId: string, options?: { signal?: AbortSignal | undefined }): Promise<JobResult>;
	/** Waits for a job that was sent earlier and gives its output. It is never cancelled by this. */
	wait(jobId: string, options?: WaitOptions): Promise<unknown>;
	cancel(jobId: string): Promise<void>;
	health(options?: { signal?: AbortSignal | undefined }): Promise<Health>;
}

const anHour = 3600;

/** The client for RunPod and for one's own runtime, which answers the same API: only the base URL differs. */
export function createRunPodClient({ baseUrl = defaultBaseUrl, endpointId, apiKey, signal: usualSignal, ...rest }: RunPodClientOptions): RunPodClient {
	checkAddress(baseUrl, endpointId);
	const http = createHttp({ baseUrl, endpointId, apiKey });
	const timing = { ...usualTiming, ...rest.timing };

	function send(kind: 'run' | 'runsync', input: Record<string, unknown>, given: SubmitOptions, span: Span): Promise<JobState> {
		const { webhook, s3Config, deadline = anHour, queueAllowance = 300 } = given;
		return submit({ http, kind, span, timing, body: bodyOf({ input, webhook, s3Config, deadline, queueAllowance }, kind) });
	}

	const askToCancel = (jobId: string) => http({ method: 'POST', path: `/cancel/${encodeURIComponent(jobId)}`, timeout: timing.cancel });

	/** The one cancel of a job that is given up. Its own failure must not hide the reason for that. */
	const giveUp = (jobId: string) => askToCancel(jobId).catch(() => undefined);

	const followOrCancel = (first: JobState, given: Follow) =>
		follow(first, given).catch(async (error: unknown) => {
			if (given.span.isExpired && given.trace.isQueued) given.trace.hint ??= await askHint(http, timing.cancel);
			if (!(error instanceof ToolError && error.code === 'job_expired')) await giveUp(first.id);
			throw error;
		});

	return {
		async run(input, { sync = false, onProgress, onHint, deadline = anHour, signal = usualSignal, ...given } = {}) {
			const trace: Trace = { doing: 'being sent' };
			return within(deadline, signal, trace, async (span) => {
				const first = await send(sync ? 'runsync' : 'run', input, { ...given, deadline }, span);
				return outputOf(await followOrCancel(first, { http, span, timing, trace, onProgress, onHint }));
			});
		},
		async submit(input, given = {}) {
			return within(timing.request + timing.connect, given.signal ?? usualSignal, { doing: 'being sent' }, async (span) => {
				const { id } = await send('run', input, given, span);
				if (span.signal.aborted) await giveUp(id);
				span.signal.throwIfAborted();
				return id;
			});
		},
		async result(jobId, { signal = usualSignal } = {}) {
			const trace: Trace = { doing: 'looked for' };
			return within(timing.request, signal, trace, async (span) => resultOf(await readState(jobId, { http, span, timing, trace })));
		},
		async wait(jobId, { deadline = anHour, signal = usualSignal, onProgress, onHint } = {}) {
			const trace: Trace = { doing: 'looked for' };
			return within(deadline, signal, trace, async (span) => {
				const follower = { http, span, timing, trace, onProgress, onHint };
				return outputOf(await follow(await readState(jobId, follower), follower));
			});
		},
		async cancel(jobId) {
			const answer = await askToCancel(jobId);
			const error = answer.status === undefined ? unreachable(answer.error) : errorOfAnswer(answer, 'status', jobId);
			if (error) throw error;
		},
		async health({ signal = usualSignal } = {}) {
			const call = { method: 'GET', path: '/health', timeout: timing.request } as const;
			return within(timing.request + 1, signal, { doing: 'looked for' }, async (span) => readHealth(await http({ ...call, signal: span.signal })));
		},
	};
}

function checkAddress(baseUrl: string, endpointId: string) {
	if (!/^https?:\/\/[^/\s]+/.test(baseUrl) || !URL.canParse(baseUrl))
		throw new InvalidInput(`Base URL: Expected a URL such as ${defaultBaseUrl}, got ${JSON.stringify(baseUrl)}. Correct it in the credential`, { field: 'baseUrl', code: 'bad_base_url' });
	if (!endpointIdPattern.test(endpointId))
		throw new InvalidInput(`Endpoint ID: Expected letters, digits, - and _, got ${JSON.stringify(endpointId)}. Copy it from the endpoint's page into the credential; a runtime of your own is called local`, { field: 'endpointId', code: 'bad_endpoint_id' });
}

async function within<T>(deadline: number, signal: AbortSignal | undefined, trace: Trace, work: (span: Span) => Promise<T>): Promise<T> {
	const span = openSpan(deadline, signal);
	try {
		return await work(span);
	} catch (error) {
		throw span.isExpired && !(error instanceof ToolError) ? deadlineExceeded(deadline, trace.doing, trace.hint) : error;
	} finally {
		span.close();
	}
}

const resultOf = (state: JobState): JobResult => {
	if (isFinal(state.status)) return { isFinished: true, output: outputOf(state) };
	const told = progress.safeParse(state.output);
	return { isFinished: false, status: state.status, ...(told.success && { progress: told.data }) };
};

/** `null` is a result; no `output` at all means that the platform dropped it. */
function outputOf(state: JobState): unknown {
	if (state.status !== 'COMPLETED') throw ended(errorOfJob(state));
	if (!Object.hasOwn(state, 'output')) throw ended(outputLost(state.id));
	return state.output;
}
