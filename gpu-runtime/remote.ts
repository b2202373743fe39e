import { join } from 'node:path';
import { OperationFailed } from '../src/errors';
import type { Envelope, Result } from '../src/execute';
import { mapProduced } from '../src/produced';
import { createRunPodClient } from '../src/runpod/client';
import type { ProducedFile } from '../src/vocabulary';
import { readSettings } from './settings';
import { openTravel, type TravelTarget } from './travel';

export interface RemoteTarget extends TravelTarget {
	/** Seconds until the job must have ended. */
	deadline: number;
}

export interface RemoteJob {
	operation: string;
	/** Media by reference; `{ file }` for what lies on this machine. */
	input: unknown;
	/** The job's scratch folder: results come into it. */
	folder: string;
	signal: AbortSignal;
	onProgress?(fraction: number, activity: string): void;
	/** Told why a job may be waiting. */
	onHint?(hint: string): void;
}

/** Runs a job on RunPod or on one's own runtime. Files go there and come back by reference; the temporary ones are removed in every ending. */
export async function runRemotely(job: RemoteJob, target: RemoteTarget): Promise<Envelope> {
	const { signal, folder } = job;
	const travel = openTravel(target, { signal, settings: readSettings() });
	try {
		const fields = await travel.send(job.input);
		const client = createRunPodClient(target);
		const { deadline, s3Config } = { ...target, s3Config: travel.s3Config };
		const answer = envelopeOf(await client.run({ operation: job.operation, ...fields }, { deadline, s3Config, signal, onProgress: job.onProgress, onHint: job.onHint }));
		return answer.status === 'error' ? answer : { ...answer, result: await arrived(answer.result, (file, path) => travel.fetch(file, path), folder) };
	} finally {
		await travel.cleanUp();
	}
}

type Fetch = ReturnType<typeof openTravel>['fetch'];

/** The result with its files in the folder. */
export async function arrived(result: Result, fetch: Fetch, folder: string): Promise<Result> {
	let count = 0;
	return (await mapProduced(result, async (file) => {
		const path = join(folder, `result-${count++}`);
		await fetch(file, path);
		return { ...factsOf(file), file: path };
	})) as Result;
}

export function envelopeOf(output: unknown): Envelope {
	if (typeof output === 'object' && output !== null && 'status' in output && (output.status === 'success' || output.status === 'error')) return output as Envelope;
	throw new OperationFailed('The endpoint gave an answer that is none of this package\'s. Check that the endpoint runs the AI Agent Tools image', { code: 'foreign_answer' });
}

/** What is true of a file wherever it is. */
const factsOf = ({ fileName, mimeType, size, duration, width, height }: ProducedFile): ProducedFile => ({
	fileName,
	mimeType,
	size,
	...(duration !== undefined && { duration }),
	...(width !== undefined && { width }),
	...(height !== undefined && { height }),
});
