import http from 'node:http';
import https from 'node:https';

export interface WorkerCall {
	url: string;
	headers: Record<string, string>;
	body?: string;
	/** Seconds. */
	timeout: number;
	signal?: AbortSignal;
}

export interface WorkerAnswer {
	status: number;
	text: string;
}

/**
 * One HTTP exchange; redirections are not followed, since the key must not travel. Throws when the connection fails,
 * the time is over or the signal is aborted. Not by fetch, which sends headers and body in two packets: on a kept
 * connection the second then waits 40 ms for the first one's acknowledgement.
 */
export function call({ url, headers, body, timeout, signal }: WorkerCall): Promise<WorkerAnswer> {
	return new Promise((resolve, reject) => {
		const { request, agent } = url.startsWith('https:') ? secure : plain;
		const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) };
		const ask = request(url, { method: body === undefined ? 'GET' : 'POST', headers: { ...headers, ...length }, agent });
		// Linked by hand: AbortSignal.any on a signal that lives long leaves a listener behind in every turn of a loop.
		const stop = () => ask.destroy(new Error('aborted'));
		const timer = setTimeout(() => ask.destroy(new Error(`no answer within ${timeout} s`)), timeout * 1000);
		const release = () => {
			clearTimeout(timer);
			signal?.removeEventListener('abort', stop);
		};
		const fail = (error: Error) => {
			release();
			reject(error);
		};
		signal?.addEventListener('abort', stop);
		ask.on('error', fail);
		ask.on('response', (response) => {
			const chunks: Buffer[] = [];
			response.on('data', (chunk: Buffer) => chunks.push(chunk));
			response.on('error', fail);
			response.on('end', () => {
				release();
				resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() });
			});
		});
		if (signal?.aborted) stop();
		ask.end(body);
	});
}

const plain = { request: http.request, agent: new http.Agent({ keepAlive: true }) };
const secure = { request: https.request, agent: new https.Agent({ keepAlive: true }) };

export const withQuery = (url: string, query: string) => `${url}${!url.includes('?') ? '?' : /[?&]$/.test(url) ? '' : '&'}${query}`;
