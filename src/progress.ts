import type { Job } from './runtime';

/** The same job, whose progress from 0 to 1 counts as the part from `from` to `to` of the whole. */
export const within = (job: Job, from: number, to: number): Job => ({
	...job,
	progress: (fraction, activity) => job.progress(from + (to - from) * Math.min(1, Math.max(0, fraction)), activity),
});
