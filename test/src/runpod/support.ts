import { createRunPodClient, type RunPodClientOptions } from '../../../src/runpod/client';
import type { ToolError } from '../../../src/errors';
import { timing, type Timing } from '../../../src/runpod/timing';
import { createFakePlatform, type FakePlatform, type FakePlatformOptions } from '../../support/fake-platform';

/** The client's usual pauses, a tenth as long. */
export const quick: Timing = {
	...timing,
	poll: { min: 0.02, max: 0.5 },
	pollSync: 0.2,
	retry: { min: 0.03, max: 0.5 },
	request: 2,
	cancel: 0.5,
	connect: 1,
	grace: 0.5,
	hint: { after: 0.1, every: 0.2 },
	runsync: 1,
};

export const clientOf = (platform: FakePlatform, options: Partial<RunPodClientOptions> = {}) =>
	createRunPodClient({ baseUrl: platform.baseUrl, endpointId: platform.endpoint, apiKey: platform.key, timing: quick, ...options });

/** Runs `test` against a platform of its own. */
export async function withPlatform(test: (platform: FakePlatform) => Promise<void>, options?: FakePlatformOptions) {
	const platform = await createFakePlatform(options);
	try {
		await test(platform);
	} finally {
		await platform.close();
	}
}

/** A worker inside the test: takes the next job and ends it as told. */
export async function answerNext(platform: FakePlatform, answer: { output?: unknown; error?: unknown; status?: 'COMPLETED' | 'FAILED' }) {
	const [job] = await takeNext(platform);
	if (!job) throw new Error('no job came');
	Object.assign(job, answer);
	platform.jobs.finish(job, answer.status ?? (answer.error === undefined ? 'COMPLETED' : 'FAILED'));
	return job;
}

export async function takeNext({ jobs }: FakePlatform, worker = 'w1') {
	return (await jobs.waitFor(() => (jobs.queue.length > 0 ? jobs.take(worker, 1) : undefined), 5000, new AbortController().signal)) ?? [];
}

export async function failureOf(work: Promise<unknown>): Promise<ToolError> {
	return work.then(
		(value) => {
			throw new Error(`Expected a failure, got ${JSON.stringify(value)}`);
		},
		(error: ToolError) => error,
	);
}

export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until `test` holds, at most 5 s. */
export async function until(test: () => boolean, what = 'the condition') {
	for (const end = Date.now() + 5000; !test(); await pause(5)) if (Date.now() > end) throw new Error(`Waited in vain for ${what}`);
}
