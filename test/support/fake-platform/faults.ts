import type { ServerResponse } from 'node:http';

/**
 * What may go wrong with one call: an HTTP status, a connection dropped before (`drop`) or after (`lost`, the answer
 * never arrives; `cut`, half of it does) the call was dealt with, an answer that is no JSON, or a slow one.
 */
export type Fault = number | 'drop' | 'lost' | 'cut' | 'html' | 'badjson' | 'empty' | { slow: number };
export const callKinds = ['take', 'done', 'stop', 'ping', 'client'] as const;
export type CallKind = (typeof callKinds)[number];

export interface Chaos {
	/** Part of all calls that go wrong. */
	rate: number;
	faults: Partial<Record<CallKind, readonly Fault[]>>;
	random?: () => number;
}

/** Faults to come: scripted ones in order, else random ones. */
export function createFaults(retryAfter: number) {
	const scripted: Record<CallKind, Fault[]> = { take: [], done: [], stop: [], ping: [], client: [] };
	let chaos: Chaos | undefined;
	return {
		scripted,
		setChaos(next: Chaos | undefined) {
			chaos = next;
		},
		/** Seconds that a 429 asks to wait. */
		retryAfter,
		next(kind: CallKind): Fault | undefined {
			const planned = scripted[kind].shift();
			const choices = chaos?.faults[kind];
			if (planned !== undefined || !chaos || !choices?.length) return planned;
			const random = chaos.random ?? Math.random;
			return random() < chaos.rate ? choices[Math.floor(random() * choices.length)] : undefined;
		},
	};
}

export type Faults = ReturnType<typeof createFaults>;

/** Whether the fault answers by itself, before the call is dealt with. */
export function answersFirst(fault: Fault | undefined): fault is number | 'drop' | 'html' | 'badjson' | 'empty' {
	return typeof fault === 'number' || fault === 'drop' || fault === 'html' || fault === 'badjson' || fault === 'empty';
}

export function play(fault: number | 'drop' | 'html' | 'badjson' | 'empty', response: ServerResponse, retryAfter: number): number | string {
	if (fault === 'drop') {
		response.socket?.destroy();
		return fault;
	}
	const texts = { html: '<html>gateway</html>', badjson: '{"id":', empty: '' };
	const status = typeof fault === 'number' ? fault : 200;
	const text = typeof fault !== 'number' ? texts[fault] : fault === 204 ? '' : JSON.stringify({ error: `injected ${fault}` });
	response.writeHead(status, { 'content-type': fault === 'html' ? 'text/html' : 'application/json', ...(status === 429 && { 'retry-after': String(retryAfter) }), ...(status >= 300 && status < 400 && { location: '/elsewhere' }) });
	response.end(text);
	return status;
}
