import { Cancelled } from '../errors';
import { ambiguousSubmit, brokenState, errorOfAnswer, unreachable } from './errors';
import type { Answer, Http, NoAnswer } from './http';
import { jobState, type JobState } from './protocol';
import { openGrace, type Span } from './span';
import { now, pause, retryPause, type Timing } from './timing';

export interface Submit {
	http: Http;
	kind: 'run' | 'runsync';
	body: string;
	span: Span;
	timing: Timing;
}

/**
 * Sends a new job. A job sent twice runs twice, so only what surely never reached the queue is sent again: a refused
 * connection, an unknown host, HTTP 429. Everything else that is no answer is an `ambiguous_submit`.
 */
export async function submit(options: Submit): Promise<JobState> {
	const { span, timing } = options;
	const start = now();
	for (let failures = 1; ; failures++) {
		span.signal.throwIfAborted();
		const answer = await send(options);
		if (answer.status === undefined) {
			if (!neverSent(answer)) throw ambiguousSubmit(answer.error);
			if (!mayPass.has(answer.code) || now() - start > timing.connect) throw unreachable(`${answer.error}; nothing was sent`);
		} else if (answer.status !== 429) {
			return stateOf(answer, options.kind);
		}
		await pause(retryPause(timing, failures, answer.retryAfter), span.signal);
	}
}

/** After an abort the answer is still awaited for a while: it brings the id by which the job can be cancelled. */
async function send({ http, kind, body, span, timing }: Submit): Promise<Answer | NoAnswer> {
	const grace = openGrace(span, timing.grace, new Cancelled('Cancelled while the job was being sent; it may have been queued'));
	const wait = Math.min(timing.runsync, Math.max(1, span.left()));
	const call = kind === 'run' ? { path: '/run', timeout: timing.request } : { path: `/runsync?wait=${Math.round(wait * 1000)}`, timeout: wait + 15 };
	try {
		return await http({ method: 'POST', body, signal: grace.signal, ...call });
	} finally {
		grace.close();
	}
}

/** The endpoint may come up in a moment. */
const mayPass = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN']);

/** Codes of connections that were never made, TLS included. */
const neverSent = ({ code }: NoAnswer) => mayPass.has(code) || /^(EHOSTUNREACH|ENETUNREACH|EPROTO|ERR_INVALID_URL|ERR_TLS.*|.*CERT.*|UNABLE_TO_.*)$/.test(code);

function stateOf(answer: Answer, kind: 'run' | 'runsync'): JobState {
	const error = errorOfAnswer(answer, kind);
	if (error) throw error;
	const state = jobState.safeParse(answer.body);
	if (!state.success) throw brokenState(state.error.issues[0]?.message ?? '');
	return state.data;
}
