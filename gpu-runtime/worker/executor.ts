import type { Envelope } from '../../src/execute';
import type { S3Config } from '../../src/runpod/protocol';

export interface WorkerExecuteOptions {
	jobId: string;
	/** Aborted when the job is cancelled or the worker must end; its reason is the error to throw. */
	signal: AbortSignal;
	/** Bytes of JSON that the result may have: what is larger must go to storage. */
	maxResult: number;
	/** Storage lent by the caller to this job alone, to be used before the worker's own. Never to be logged. */
	s3Config?: S3Config;
	onProgress(fraction: number, activity: string): void;
}

/** What a worker runs its jobs with. The result must be fit to travel: no local files in it. */
export interface Executor {
	execute(name: string, input: Record<string, unknown>, options: WorkerExecuteOptions): Promise<Envelope>;
}
