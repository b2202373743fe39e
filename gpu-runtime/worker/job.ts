import { z } from 'zod/v4';
import { Cancelled, InvalidInput, toWireError } from '../../src/errors';
import type { Envelope } from '../../src/execute';
import { readInput } from '../../src/runpod/payload';
import { s3Config } from '../../src/runpod/protocol';
import type { WorkerEnvironment } from './environment';
import type { Executor } from './executor';
import type { WorkerLog } from './log';
import { post } from './post';
import { createProgress } from './progress';
import { maxResultOf, refusedText, resultText } from './result';
import type { WorkerTiming } from './timing';

/** A job as it is taken. What it lacks is told to its sender, so only the id is a must here. */
export const takenJob = z.looseObject({ id: z.string().min(1), input: z.unknown(), s3Config: z.unknown().optional() });
export type TakenJob = z.infer<typeof takenJob>;

export interface JobContext {
	environment: WorkerEnvironment;
	executor: Executor;
	version: string;
	log: WorkerLog;
	timing: WorkerTiming;
}

export interface RunningJob {
	id: string;
	/** Never rejects. */
	finished: Promise<void>;
	/** The platform has given the job up: stop it and post nothing. */
	cancel(): void;
	/** Ends the job with an error, whatever its operation does. */
	fail(error: Error): Promise<void>;
}

export function runJob(taken: TakenJob, context: JobContext): RunningJob {
	const { environment, version, log, timing } = context;
	const { id } = taken;
	const stop = new AbortController();
	const storage = s3Config.safeParse(taken.s3Config);
	const secrets = [environment.key, ...(storage.success ? [storage.data.accessId, storage.data.accessSecret] : [])];
	const progress = createProgress(
		(output) => post(environment, id, JSON.stringify({ status: 'IN_PROGRESS', output }), { tries: 1, timeout: timing.progressPost, timing }),
		timing.progressGap,
	);
	/** A job is concluded once: by its result, by a failure of the worker, or by nothing at all when it was cancelled. */
	let conclusion: Promise<void> | undefined;
	const conclude = (envelope: Envelope) => (conclusion ??= tell(envelope));

	async function work(): Promise<Envelope> {
		const { operation, fields } = readInput(taken.input);
		if (taken.s3Config && !storage.success) throw new InvalidInput('s3Config: Expected accessId, accessSecret, bucketName and endpointUrl', { field: 's3Config' });
		log('info', `Started ${operation}`, id);
		return context.executor.execute(operation, fields, {
			jobId: id,
			signal: stop.signal,
			maxResult: maxResultOf(id),
			onProgress: (fraction, activity) => progress.tell({ fraction, activity }),
			...(storage.success && { s3Config: storage.data }),
		});
	}

	async function tell(envelope: Envelope) {
		await progress.settle();
		const options = { environment, version, secrets };
		const send = (text: string) => post(environment, id, text, { tries: timing.tries, timeout: timing.post, timing });
		let posted = await send(resultText(id, envelope, options));
		if (!posted.isDelivered && (posted.status === 400 || posted.status === 413)) posted = await send(refusedText(id, posted.status, options));
		if (!posted.isDelivered) log('error', `The result could not be delivered: ${posted.reason}`, id);
		else if (envelope.status === 'error') log('warn', `Failed: ${envelope.error.message}`, id);
		else log('info', `Finished in ${envelope.processing_time} s`, id);
	}

	return {
		id,
		finished: work()
			.catch((error: unknown): Envelope => ({ status: 'error', error: toWireError(error) }))
			.then(conclude),
		cancel() {
			if (conclusion) return;
			conclusion = progress.settle();
			log('info', 'Cancelled by the platform', id);
			stop.abort(new Cancelled('The job was cancelled, or ran longer than the endpoint allows'));
		},
		async fail(error) {
			stop.abort(error);
			await conclude({ status: 'error', error: toWireError(error) });
		},
	};
}
