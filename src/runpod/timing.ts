import { setTimeout as sleep } from 'node:timers/promises';

/** Seconds, but for `share`. */
export interface Timing {
	/** Shortest and longest pause between two looks at a job. */
	poll: { min: number; max: number };
	/** A pause is this part of the time since the job's status last changed, so that polling delays a result by no more than that part. */
	share: number;
	/** Longest pause while a result is kept for only a minute. */
	pollSync: number;
	/** Pauses between tries of a call that failed: they double. */
	retry: { min: number; max: number };
	/** For one call. */
	request: number;
	cancel: number;
	/** How long a new job tries to connect to an endpoint that is not there. */
	connect: number;
	/** How long a submission that is under way may still bring the job's id after an abort, so that the job can be cancelled. */
	grace: number;
	/** In the queue until the endpoint's health is looked at, and between two looks. */
	hint: { after: number; every: number };
	/** Longest that `/runsync` is asked to hold its answer back. */
	runsync: number;
}

export const timing: Timing = {
	poll: { min: 0.25, max: 5 },
	share: 0.08,
	pollSync: 2,
	retry: { min: 0.5, max: 30 },
	request: 30,
	cancel: 5,
	connect: 15,
	grace: 5,
	hint: { after: 30, every: 60 },
	runsync: 90,
};

const jittered = (value: number) => value * (0.8 + Math.random() * 0.4);

/** Seconds to wait before the next look, `unchanged` seconds after the last change of status. */
export const pollPause = ({ poll, share }: Timing, unchanged: number) => jittered(Math.min(poll.max, Math.max(poll.min, unchanged * share)));

/** Seconds to wait before the next try, after `failures` in a row. */
export const retryPause = ({ retry }: Timing, failures: number, asked?: number) => asked ?? jittered(Math.min(retry.max, retry.min * 2 ** (failures - 1)));

/** Throws the signal's reason when it is aborted. */
export async function pause(seconds: number, signal: AbortSignal): Promise<void> {
	await sleep(seconds * 1000, undefined, { signal }).catch(() => undefined);
	signal.throwIfAborted();
}

export const now = () => performance.now() / 1000;
