import type { AxiosError } from 'axios';
import { z } from 'zod/v4';
import { RemoteJobFailed } from '../errors';
import { jsonIn } from '../read-json';
import { redact } from './redact';

export interface Answer {
	status: number;
	text: string;
	/** The parsed body; undefined when it is no JSON. */
	body: unknown;
	/** What the other side says is wrong, without secrets; empty when it says nothing. */
	error: string;
	/** Seconds it asks us to wait, or undefined. */
	retryAfter: number | undefined;
}

export interface Call {
	method: 'GET' | 'POST';
	/** Below the endpoint, e.g. `/run`. */
	path: string;
	body?: string;
	/** Seconds. */
	timeout: number;
	signal?: AbortSignal | undefined;
}

/** The connection failed, before or after the request was sent. */
export interface NoAnswer {
	status: undefined;
	/** Node's, e.g. `ECONNREFUSED`. */
	code: string;
	error: string;
	retryAfter: undefined;
}

const maxAnswer = 64_000_000;

/** Throws the signal's reason when it is aborted. */
export type Http = (call: Call) => Promise<Answer | NoAnswer>;

/** One endpoint over axios, which loads on the first call. Answers of any status come back, and failed connections too. */
export function createHttp({ baseUrl, endpointId, apiKey }: { baseUrl: string; endpointId: string; apiKey: string }): Http {
	const root = `${baseUrl.replace(/\/+$/, '')}/${endpointId}`;

	return async ({ method, path, body, timeout, signal }) => {
		const { axios, agents } = await openAxios();
		try {
			const { status, data, headers } = await axios.request<string>({
				method,
				url: root + path,
				headers: { ...(apiKey && { Authorization: `Bearer ${apiKey}` }), 'Content-Type': 'application/json', Accept: 'application/json' },
				...agents,
				...(body !== undefined && { data: body }),
				...(signal && { signal }),
				timeout: timeout * 1000,
				transitional: { clarifyTimeoutError: true },
				responseType: 'text',
				transformRequest: [(value: unknown) => value],
				transformResponse: [(value: unknown) => value],
				validateStatus: () => true,
				maxBodyLength: Infinity,
				maxContentLength: maxAnswer,
				// The key must not travel to wherever a redirection points.
				maxRedirects: 0,
			});
			return answerOf(status, String(data ?? ''), headers['retry-after'], apiKey);
		} catch (error) {
			signal?.throwIfAborted();
			return noAnswer(error, apiKey);
		}
	};
}

/** axios, which loads on first use and goes through the proxy that HTTP_PROXY, HTTPS_PROXY and NO_PROXY tell. No connection is kept: one that the other side closes just then would lose a job's submission, and idle ones hold sockets. */
export const openAxios = once(async () => {
	const [{ default: axios }, http, https] = await Promise.all([import('axios'), import('node:http'), import('node:https')]);
	return { axios, agents: { httpAgent: new http.Agent({ keepAlive: false }), httpsAgent: new https.Agent({ keepAlive: false }) } };
});

function once<T>(make: () => Promise<T>): () => Promise<T> {
	let made: Promise<T> | undefined;
	return () => (made ??= make());
}

const failure = z.object({ error: z.string() });

function answerOf(status: number, text: string, retryAfter: unknown, apiKey: string): Answer {
	const body = jsonIn(text);
	const said = failure.safeParse(body);
	return { status, text, body, error: said.success ? redact(said.data.error, [apiKey]).slice(0, 300) : '', retryAfter: secondsOf(retryAfter) };
}

/** `Retry-After` comes as seconds or as a date. */
function secondsOf(header: unknown): number | undefined {
	if (typeof header !== 'string' || header.trim() === '') return undefined;
	const seconds = Number.isNaN(Number(header)) ? (Date.parse(header) - Date.now()) / 1000 : Number(header);
	return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}

/** Nothing of axios's own error goes on but code and message: it holds the API key. */
function noAnswer(error: unknown, apiKey: string): NoAnswer {
	const { code = 'UNKNOWN', message = String(error) } = error as Partial<AxiosError>;
	if (/maxContentLength/.test(message))
		throw new RemoteJobFailed(`Expected an answer of at most ${maxAnswer} bytes from the endpoint, got more. Set up S3 storage, so that files travel by reference`, { code: 'protocol' });
	return { status: undefined, code, error: `${code}: ${redact(message, [apiKey])}`, retryAfter: undefined };
}
