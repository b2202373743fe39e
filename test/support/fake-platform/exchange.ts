import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { answersFirst, play, type CallKind, type Fault, type Faults } from './faults';

/** One request as it was seen. */
export interface Seen {
	at: number;
	method: string;
	path: string;
	query: Record<string, string>;
	headers: IncomingHttpHeaders;
	body: string;
	bytes: number;
	/** The answer's status, or how its connection was broken. */
	status?: number | string;
}

export interface Exchange {
	seen: Seen;
	raw: Buffer;
	/** Aborted when the peer has gone. */
	gone: AbortSignal;
	json(): unknown;
	send(status: number, body?: unknown): void;
	/** Draws the next fault of this kind; true when it has answered the call. */
	fault(kind: CallKind): Promise<boolean>;
	/** Whether the answer will not reach the peer. */
	readonly isLost: boolean;
}

export async function readExchange(request: IncomingMessage, response: ServerResponse, faults: Faults): Promise<Exchange> {
	const url = new URL(request.url ?? '/', 'http://localhost');
	const gone = new AbortController();
	response.on('close', () => gone.abort());
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	const raw = Buffer.concat(chunks);
	const seen: Seen = {
		at: Date.now(),
		method: request.method ?? '',
		path: url.pathname,
		query: Object.fromEntries(url.searchParams),
		headers: request.headers,
		body: raw.length > 4096 ? `<${raw.length} bytes>` : raw.toString(),
		bytes: raw.length,
	};
	let planned: Fault | undefined;

	return {
		seen,
		raw,
		gone: gone.signal,
		json() {
			try {
				return JSON.parse(raw.toString() || '{}');
			} catch {
				return undefined;
			}
		},
		send(status, body) {
			const text = body === undefined ? '' : JSON.stringify(body);
			seen.status = planned === 'lost' || planned === 'cut' ? planned : status;
			if (planned === 'lost') return void response.socket?.destroy();
			response.writeHead(status, { 'content-type': 'application/json', ...(status !== 204 && { 'content-length': Buffer.byteLength(text) }) });
			if (planned !== 'cut') return void response.end(text);
			response.write(text.slice(0, text.length / 2), () => response.socket?.destroy());
		},
		async fault(kind) {
			planned = faults.next(kind);
			if (typeof planned === 'object') {
				await sleep(planned.slow * 1000, undefined, { signal: gone.signal }).catch(() => undefined);
			}
			if (!answersFirst(planned)) return false;
			seen.status = play(planned, response, faults.retryAfter);
			return true;
		},
		get isLost() {
			return gone.signal.aborted || planned === 'lost' || planned === 'cut';
		},
	};
}
