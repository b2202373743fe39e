import { z } from 'zod/v4';
import { call } from './call';
import type { WorkerEnvironment } from './environment';
import { takenJob, type TakenJob } from './job';
import type { WorkerLog } from './log';
import { reasonOf } from './post';
import { pause, pauseAfter, type WorkerTiming } from './timing';

export interface LoopContext {
	environment: WorkerEnvironment;
	log: WorkerLog;
	timing: WorkerTiming;
}

export interface TakeLoop extends LoopContext {
	slots: Slots;
	accept(job: TakenJob): void;
	/** Aborted when no new take may begin. */
	draining: AbortSignal;
	/** Aborted when an open take must end. */
	cut: AbortSignal;
}

/** Free places for jobs. */
export interface Slots {
	free(): number;
	isBusy(): boolean;
	/** Resolves when a place has become free or the signal is aborted. */
	freed(signal: AbortSignal): Promise<void>;
}

/** Takes jobs while there is room for them, until it drains. Every turn without a job makes the next pause longer. */
export async function takeJobs({ environment, log, timing, slots, accept, draining, cut }: TakeLoop): Promise<void> {
	const pacer = createPacer('job-take', log, timing, draining);
	while (!draining.aborted) {
		const free = slots.free();
		if (free <= 0) {
			await slots.freed(draining);
			continue;
		}
		await pacer(async () => {
			const answer = await hold(environment.takeUrl(free, slots.isBusy()), environment, timing, cut);
			// 400 is how RunPod says that the queue was empty.
			if (answer.status === 204 || answer.status === 400) return false;
			const jobs = readTaken(expectOk(answer), log);
			jobs.forEach(accept);
			return jobs.length > 0;
		});
	}
}

/** Learns which jobs the platform has given up, until the worker has closed. */
export async function watchStops({ environment, log, timing, cancel, closed }: LoopContext & { cancel(jobId: string): void; closed: AbortSignal }): Promise<void> {
	const { stopUrl } = environment;
	if (stopUrl === undefined) return;
	const pacer = createPacer('job-stop', log, timing, closed);
	while (!closed.aborted) {
		await pacer(async () => {
			const answer = await hold(stopUrl, environment, timing, closed);
			if (answer.status === 204) return false;
			const ids = stops.parse(JSON.parse(expectOk(answer))).jobsToStop;
			ids.forEach(cancel);
			return ids.length > 0;
		});
	}
}

const stops = z.object({ jobsToStop: z.array(z.string()).default([]) });

function readTaken(text: string, log: WorkerLog): TakenJob[] {
	const body: unknown = JSON.parse(text);
	return (Array.isArray(body) ? body : [body]).flatMap((one: unknown) => {
		const { data } = takenJob.safeParse(one);
		if (!data) log('error', 'Dropped something taken that has no job id, and so can not be answered');
		return data ? [data] : [];
	});
}

const hold = (url: string, { key }: WorkerEnvironment, { hold: timeout }: WorkerTiming, signal: AbortSignal) =>
	call({ url, headers: { Authorization: key, 'Content-Type': 'application/json' }, timeout, signal });

class Busy extends Error {}

function expectOk({ status, text }: { status: number; text: string }): string {
	if (status === 429) throw new Busy('HTTP 429');
	if (status !== 200) throw new Error(`HTTP ${status}`);
	return text;
}

/** Runs one turn of a loop and pauses after it as its outcome demands: not at all after one that brought something. */
function createPacer(name: string, log: WorkerLog, timing: WorkerTiming, end: AbortSignal) {
	let failures = 0;
	let empties = 0;
	return async (turn: () => Promise<boolean>) => {
		const start = performance.now();
		try {
			const hasBrought = await turn();
			failures = 0;
			// An answer that was held back for a while paced the loop by itself.
			empties = hasBrought || performance.now() - start > timing.empty.max * 1000 ? 0 : empties + 1;
			if (empties > 0) await pause(pauseAfter(empties, timing.empty), end);
		} catch (error) {
			if (end.aborted) return;
			failures++;
			if (failures === 1) log('warn', `${name} failed and is tried again: ${reasonOf(error)}`);
			await pause(error instanceof Busy ? timing.busy : pauseAfter(failures, timing.takeRetry), end);
		}
	};
}
