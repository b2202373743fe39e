import { brokenHealth, errorOfAnswer, unreachable } from './errors';
import type { Answer, Http, NoAnswer } from './http';
import { health, type Health } from './protocol';

export function readHealth(answer: Answer | NoAnswer): Health {
	if (answer.status === undefined) throw unreachable(answer.error);
	const error = errorOfAnswer(answer, 'health');
	if (error) throw error;
	const known = health.safeParse(answer.body);
	if (!known.success) throw brokenHealth();
	return known.data;
}

/** Looks at the endpoint's health. Its failure is no news here: the job's own status tells more. */
export async function askHint(http: Http, timeout: number, signal?: AbortSignal): Promise<string | undefined> {
	try {
		return hintOf(readHealth(await http({ method: 'GET', path: '/health', timeout, signal })));
	} catch {
		signal?.throwIfAborted();
		return undefined;
	}
}

/** Why a job may be waiting, as far as the endpoint's health tells; undefined when nothing looks wrong. */
export function hintOf({ workers }: Health): string | undefined {
	const { unhealthy, throttled, initializing, idle, ready, running } = workers;
	if (unhealthy > 0) return `${unhealthy} of the endpoint's workers are unhealthy: they crash or fail at the start. Read their logs`;
	if (throttled > 0) return `${throttled} of the endpoint's workers are throttled: no GPU of the chosen kind is free. Allow more kinds of GPU or other regions`;
	if (initializing > 0) return `${initializing} of the endpoint's workers are starting. The first job after a pause waits for that`;
	if (idle + ready + running === 0)
		return 'The endpoint has no worker: its maximum number of workers is 0, or it was scaled down after days without a job. Look at the number of workers in its settings';
	return undefined;
}
