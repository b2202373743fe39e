import { setTimeout as sleep } from 'node:timers/promises';
import { request } from './request';

export interface Webhook {
	allowPrivate: boolean;
	/** Seconds between two tries; 10 but in tests. */
	gap?: number | undefined;
	/** Ends the pauses between tries. */
	signal: AbortSignal;
}

const tries = 3;
const patience = 15;

/** Tells an address that a job has ended, three times at most. Returns what went wrong the last time, undefined when it was heard. */
export async function tell(url: string, body: string, { allowPrivate, gap = 10, signal }: Webhook): Promise<string | undefined> {
	for (let tried = 1; ; tried++) {
		const problem = await post(url, body, allowPrivate);
		if (problem === undefined || tried === tries || signal.aborted) return problem;
		await sleep(gap * 1000, undefined, { signal, ref: false }).catch(() => undefined);
	}
}

async function post(url: string, body: string, allowPrivate: boolean): Promise<string | undefined> {
	const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
	try {
		const response = await request(new URL(url), { method: 'POST', headers, body, allowPrivate, signal: AbortSignal.timeout(patience * 1000) });
		response.destroy();
		return response.statusCode === 200 ? undefined : `HTTP ${response.statusCode}`;
	} catch (error) {
		return error instanceof Error ? error.message : String(error);
	}
}
