/** Seconds, but for `tries`. */
export interface WorkerTiming {
	/** How long one take or stop call may be held open. */
	hold: number;
	/** How long a take that is open at the shutdown may still bring a job. */
	takeGrace: number;
	/** How long jobs may go on after the shutdown was asked for. */
	drain: number;
	/** Pauses after a failed take or stop: they double. */
	takeRetry: Pauses;
	/** Pauses after an answer without a job that came at once. */
	empty: Pauses;
	/** Pause after a take that was answered with 429. */
	busy: number;
	/** Pauses between tries of posting a result. */
	postRetry: Pauses;
	/** Tries of posting a result. */
	tries: number;
	/** How long one post of a result may take, and one of progress. */
	post: number;
	progressPost: number;
	/** Shortest time between two posts of progress. */
	progressGap: number;
}

export interface Pauses {
	min: number;
	max: number;
}

export const workerTiming: WorkerTiming = {
	hold: 90,
	takeGrace: 3,
	drain: 600,
	takeRetry: { min: 0.25, max: 10 },
	empty: { min: 0.005, max: 1 },
	busy: 5,
	postRetry: { min: 0.25, max: 30 },
	tries: 12,
	post: 120,
	progressPost: 10,
	progressGap: 1,
};

/** Doubles with every failure in a row, the first being 1; some jitter keeps workers from knocking all at once. */
export const pauseAfter = (failures: number, { min, max }: Pauses) => Math.min(max, min * 2 ** (failures - 1)) * (0.75 + Math.random() / 2);

/** Resolves early when the signal is aborted. */
export function pause(seconds: number, signal?: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		const done = () => {
			clearTimeout(timer);
			signal?.removeEventListener('abort', done);
			resolve();
		};
		const timer = setTimeout(done, seconds * 1000);
		if (signal?.aborted) done();
		signal?.addEventListener('abort', done);
	});
}
