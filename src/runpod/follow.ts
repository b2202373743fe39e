import { brokenState, errorOfAnswer } from './errors';
import { askHint } from './hints';
import type { Answer, Http } from './http';
import { isFinal, isSyncJob, jobState, progress, type JobState } from './protocol';
import type { Span } from './span';
import { now, pause, pollPause, retryPause, type Timing } from './timing';

export interface Follow {
	http: Http;
	span: Span;
	timing: Timing;
	/** What the job is doing, for the error of an expired deadline; kept up to date. */
	trace: Trace;
	onProgress?: ((fraction: number, activity: string) => void) | undefined;
	/** Told why a job may be waiting in the queue. */
	onHint?: ((hint: string) => void) | undefined;
}

export interface Trace {
	doing: string;
	isQueued?: boolean;
	hint?: string | undefined;
}

/** Looks at a job until it has ended. Throws the span's reason when that comes first. */
export async function follow(first: JobState, options: Follow): Promise<JobState> {
	const { span, timing, trace } = options;
	const hints = watchQueue(options);
	let state = first;
	let changed = now();
	// The result of a runsync is kept for a minute only.
	let wait = isSyncJob(first.id) ? 0 : pollPause(timing, 0);
	const longest = isSyncJob(first.id) ? timing.pollSync : Infinity;
	while (!isFinal(state.status)) {
		Object.assign(trace, { doing: doing(state), isQueued: state.status === 'IN_QUEUE' });
		await pause(wait, span.signal);
		const next = await readState(state.id, options);
		if (next.status !== state.status) changed = now();
		state = next;
		report(state, options);
		await hints(state);
		wait = Math.min(longest, pollPause(timing, now() - changed));
	}
	return state;
}

const doing = ({ id, status }: JobState) => (status === 'IN_QUEUE' ? `waiting in the queue (${id})` : status === 'IN_PROGRESS' ? `running (${id})` : `${status} (${id})`);

function report(state: JobState, { onProgress }: Follow) {
	if (isFinal(state.status)) return;
	const told = progress.safeParse(state.output);
	if (told.success) onProgress?.(told.data.fraction, told.data.activity);
}

/** Asks after the endpoint's health from time to time while the job waits in the queue. */
function watchQueue({ http, span, timing, trace, onHint }: Follow) {
	let next = now() + timing.hint.after;
	return async ({ status }: JobState) => {
		if (status !== 'IN_QUEUE') trace.hint = undefined;
		if (status !== 'IN_QUEUE' || now() < next) return;
		next = now() + timing.hint.every;
		trace.hint = await askHint(http, timing.cancel, span.signal);
		if (trace.hint) onHint?.(trace.hint);
	};
}

/** One look at a job; repeated on dropped connections, 5xx, 429 and broken answers until the span ends. */
export async function readState(jobId: string, { http, span, timing, trace }: Pick<Follow, 'http' | 'span' | 'timing' | 'trace'>): Promise<JobState> {
	for (let failures = 1; ; failures++) {
		const answer = await http({ method: 'GET', path: `/status/${encodeURIComponent(jobId)}`, timeout: timing.request, signal: span.signal });
		const error = answer.status === undefined ? undefined : errorOfAnswer(answer, 'status', jobId);
		if (answer.status !== undefined && !error) return stateOf(answer, jobId);
		if (answer.status !== undefined && error && !mayPass(answer)) throw error;
		trace.doing = `out of sight (${error?.message ?? answer.error})`;
		await pause(retryPause(timing, failures, answer.retryAfter), span.signal);
	}
}

const mayPass = ({ status }: Answer) => status >= 500 || status === 429 || status === 408 || (status >= 200 && status < 300);

function stateOf({ body }: Answer, jobId: string): JobState {
	const state = jobState.safeParse(typeof body === 'object' ? { ...body, id: jobId } : body);
	if (!state.success) throw brokenState(state.error.issues[0]?.message ?? '', jobId);
	return { ...state.data, status: state.data.status === 'RUNNING' ? 'IN_PROGRESS' : state.data.status };
}
