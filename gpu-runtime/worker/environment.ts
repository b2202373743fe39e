import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { z } from 'zod/v4';
import { InvalidInput } from '../../src/errors';
import { explain } from '../../src/explain';
import { withQuery } from './call';

/** What RunPod tells a worker in its environment. */
const variables = z.object({
	RUNPOD_WEBHOOK_GET_JOB: z.url(),
	RUNPOD_WEBHOOK_POST_OUTPUT: z.url(),
	RUNPOD_WEBHOOK_PING: z.url().optional(),
	RUNPOD_AI_API_KEY: z.string().default(''),
	RUNPOD_POD_ID: z.string().default(() => randomUUID()),
	RUNPOD_POD_HOSTNAME: z.string().default(() => hostname()),
	RUNPOD_ENDPOINT_ID: z.string().optional(),
	/** Milliseconds. */
	RUNPOD_PING_INTERVAL: z.coerce.number().min(1).default(10_000),
});

export interface WorkerEnvironment {
	workerId: string;
	hostName: string;
	/** Goes into `Authorization` as it is, without a scheme. */
	key: string;
	/** Seconds between two pings. */
	pingInterval: number;
	pingUrl: string | undefined;
	/** Where cancelled jobs are told; undefined when the address of takes has another form than expected. */
	stopUrl: string | undefined;
	takeUrl(slots: number, isBusy: boolean): string;
	doneUrl(jobId: string): string;
}

export function readWorkerEnvironment(env: Record<string, string | undefined>): WorkerEnvironment {
	const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
	const parsed = variables.safeParse(set);
	if (!parsed.success) throw new InvalidInput(`Environment variable ${explain(parsed.error, set).message}. RunPod sets it for its workers; elsewhere use "serve"`, { code: 'bad_setting' });
	const given = parsed.data;
	const workerId = given.RUNPOD_POD_ID;
	/** `$ID` is the worker in the address of takes, and the job in that of results. */
	const fill = (template: string, id: string) => template.replaceAll('$RUNPOD_POD_ID', workerId).replaceAll('$ID', id);
	const take = fill(given.RUNPOD_WEBHOOK_GET_JOB, workerId);
	const canSwitch = take.includes('/job-take/');

	return {
		workerId,
		hostName: given.RUNPOD_POD_HOSTNAME,
		key: given.RUNPOD_AI_API_KEY,
		pingInterval: given.RUNPOD_PING_INTERVAL / 1000,
		pingUrl: given.RUNPOD_WEBHOOK_PING && fill(given.RUNPOD_WEBHOOK_PING, workerId),
		stopUrl: canSwitch ? take.replace('/job-take/', '/job-stop/') : undefined,
		takeUrl(slots, isBusy) {
			const url = slots > 1 && canSwitch ? withQuery(take.replace('/job-take/', '/job-take-batch/'), `batch_size=${slots}`) : take;
			return withQuery(url, `job_in_progress=${isBusy ? 1 : 0}`);
		},
		doneUrl: (jobId) => withQuery(fill(given.RUNPOD_WEBHOOK_POST_OUTPUT, jobId), 'isStream=false'),
	};
}
