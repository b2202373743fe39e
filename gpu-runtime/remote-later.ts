import type { Envelope } from '../src/execute';
import { createRunPodClient, type JobResult, type RunPodClient } from '../src/runpod/client';
import { isOver } from '../src/runpod/errors';
import type { Leftover } from '../src/runpod/leftover';
import { arrived, envelopeOf, type RemoteJob, type RemoteTarget } from './remote';
import { readSettings } from './settings';
import { openTravel } from './travel';

/** A job on its own on another machine: what must be known to fetch its result, as plain JSON. */
export interface SubmittedJob {
	jobId: string;
	/** Files stored for this job; removed once its result is fetched. */
	temporaryFiles: readonly Leftover[];
}

export type LaterResult = { isFinished: true; envelope: Envelope } | Extract<JobResult, { isFinished: false }>;

/** Sends a job and its files and comes back at once; `webhook` is called at the job's end. What was sent is removed only when the job could not be. */
export async function submitRemotely({ operation, input, signal }: RemoteJob, target: RemoteTarget, webhook?: string): Promise<SubmittedJob> {
	const travel = openTravel(target, { signal, settings: readSettings() });
	try {
		const fields = await travel.send(input);
		const { deadline } = target;
		const jobId = await createRunPodClient(target).submit({ operation, ...fields }, { deadline, s3Config: travel.s3Config, signal, webhook, ...(webhook !== undefined && { queueAllowance: 0 }) });
		await travel.close();
		return { jobId, temporaryFiles: [...travel.leftovers] };
	} catch (error) {
		await travel.cleanUp();
		throw error;
	}
}

/** Fetches the result of a job that was sent earlier; `isPatient`: waits for its end. Its files are removed once the result is here or the job has failed, but not when this failed on the way to it. */
export async function fetchRemotely({ jobId, temporaryFiles }: SubmittedJob, { isPatient, folder, signal, ...told }: Omit<RemoteJob, 'operation' | 'input'> & { isPatient: boolean }, target: RemoteTarget): Promise<LaterResult> {
	const travel = openTravel(target, { signal, settings: readSettings() });
	try {
		const look = await lookAt(createRunPodClient(target), jobId, { isPatient, deadline: target.deadline, signal, ...told });
		if (!look.isFinished) return look;
		const answer = envelopeOf(look.output);
		const envelope = answer.status === 'error' ? answer : { ...answer, result: await arrived(answer.result, (file, path) => travel.fetch(file, path), folder) };
		await travel.cleanUp(temporaryFiles);
		return { isFinished: true, envelope };
	} catch (error) {
		if (isOver(error)) await travel.cleanUp(temporaryFiles);
		throw error;
	} finally {
		await travel.close();
	}
}

type Look = Parameters<RunPodClient['wait']>[1] & { isPatient: boolean };

async function lookAt(client: RunPodClient, jobId: string, { isPatient, ...options }: Look): Promise<JobResult> {
	return isPatient ? { isFinished: true, output: await client.wait(jobId, options) } : client.result(jobId, options);
}
