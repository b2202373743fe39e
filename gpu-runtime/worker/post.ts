import { call } from './call';
import type { WorkerEnvironment } from './environment';
import { pause, pauseAfter, type WorkerTiming } from './timing';

export type Posted = { isDelivered: true } | { isDelivered: false; status: number | undefined; reason: string };

/** Posts a job's result or progress. Repeated for all that may pass: dropped connections, 5xx, 408 and 429. */
export async function post({ doneUrl, key }: WorkerEnvironment, jobId: string, text: string, options: { tries: number; timeout: number; timing: WorkerTiming }): Promise<Posted> {
	const { tries, timeout, timing } = options;
	for (let failures = 1; ; failures++) {
		const outcome = await once(doneUrl(jobId), key, jobId, text, timeout);
		if (outcome.isDelivered || !mayPass(outcome.status) || failures >= tries) return outcome;
		await pause(pauseAfter(failures, timing.postRetry));
	}
}

async function once(url: string, key: string, jobId: string, body: string, timeout: number): Promise<Posted> {
	try {
		const { status } = await call({
			url,
			body,
			timeout,
			// The body is JSON all the same; these are the headers that the platform knows from its own workers.
			headers: { Authorization: key, 'X-Request-ID': jobId, 'Content-Type': 'application/x-www-form-urlencoded', charset: 'utf-8' },
		});
		return status >= 200 && status < 300 ? { isDelivered: true } : { isDelivered: false, status, reason: `HTTP ${status}` };
	} catch (error) {
		return { isDelivered: false, status: undefined, reason: reasonOf(error) };
	}
}

/** fetch hides what happened in the cause. */
export function reasonOf(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message;
}

const mayPass = (status: number | undefined) => status === undefined || status >= 500 || status === 408 || status === 429;
