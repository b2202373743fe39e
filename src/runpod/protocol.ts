import { z } from 'zod/v4';

/** RunPod's public HTTP API: spoken by our client, answered by our own server. Times on its wire are milliseconds. */
export const defaultBaseUrl = 'https://api.runpod.ai/v2';

export const endpointIdPattern = /^[A-Za-z0-9_-]+$/;

export const finalStatuses = ['COMPLETED', 'FAILED', 'CANCELLED', 'TIMED_OUT'] as const;
export type FinalStatus = (typeof finalStatuses)[number];
export type JobStatus = 'IN_QUEUE' | 'IN_PROGRESS' | FinalStatus;

/** A status we do not know is not final: the platform may grow new ones on the way to the old ends. */
export const isFinal = (status: string): status is FinalStatus => finalStatuses.some((final) => final === status);

/** Largest body in bytes: of a request, and of the result that a worker posts (kept below, as the platform's own count is not known). */
export const limits = {
	run: { request: 10_000_000, result: 9_500_000 },
	runsync: { request: 20_000_000, result: 19_000_000 },
} as const;

/** Seconds a finished job's result can be read. */
export const retention = { run: 1800, runsync: 60 } as const;

export const isSyncJob = (id: string) => id.startsWith('sync-');

/** Milliseconds that `/runsync?wait=` may hold the answer back. */
export const waitBounds = { min: 1000, max: 300_000, default: 90_000 } as const;

/** Milliseconds. `executionTimeout` counts the running time only; `ttl` counts from submission and deletes even a running job. */
export const policyBounds = {
	executionTimeout: { min: 5000, max: 604_800_000, default: 600_000 },
	ttl: { min: 10_000, max: 604_800_000, default: 86_400_000 },
} as const;

const within = ({ min, max }: { min: number; max: number }) => z.number().min(min).max(max).optional();

/** Storage that a caller lends to one job. */
export const s3Config = z.object({
	accessId: z.string(),
	accessSecret: z.string(),
	bucketName: z.string(),
	endpointUrl: z.string(),
});
export type S3Config = z.infer<typeof s3Config>;

export const jobRequest = z.looseObject({
	input: z.record(z.string(), z.unknown()),
	webhook: z.url().optional(),
	policy: z
		.object({ executionTimeout: within(policyBounds.executionTimeout), ttl: within(policyBounds.ttl), lowPriority: z.boolean().optional() })
		.optional(),
	s3Config: s3Config.optional(),
});
export type JobRequest = z.infer<typeof jobRequest>;

/** Answer of `/run`, `/runsync`, `/status`. While a job runs, `output` is its latest progress. */
export const jobState = z.looseObject({
	id: z.string(),
	status: z.string(),
	delayTime: z.number().optional(),
	executionTime: z.number().optional(),
	workerId: z.string().optional(),
	output: z.unknown().optional(),
	error: z.unknown().optional(),
	retries: z.number().optional(),
});
export type JobState = z.infer<typeof jobState>;

const count = z.number().default(0);

export const health = z.looseObject({
	/** Whether the endpoint keeps files beside its API, as our own server does. */
	files: z.boolean().catch(false),
	jobs: z.looseObject({ completed: count, failed: count, inProgress: count, inQueue: count, retried: count }),
	workers: z.looseObject({ idle: count, initializing: count, ready: count, running: count, throttled: count, unhealthy: count }),
});
export type Health = z.infer<typeof health>;

/** What our worker and server report while a job runs. */
export const progress = z.object({ fraction: z.number().min(0).max(1), activity: z.string() });
export type Progress = z.infer<typeof progress>;
