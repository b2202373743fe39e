import { setTimeout as sleep } from 'node:timers/promises';
import { createRunPodClient } from '../src/runpod/client';
import { createFakePlatform } from '../test/support/fake-platform';
import type { Row } from './row';

/** What polling adds to jobs of about ten seconds, at the client's usual pauses. */
export async function run(): Promise<Row[]> {
	const platform = await createFakePlatform();
	const client = createRunPodClient({ baseUrl: platform.baseUrl, endpointId: platform.endpoint, apiKey: platform.key });
	const added = await Promise.all(
		Array.from({ length: 8 }, async (_, index) => {
			const running = client.run({ operation: 'doctor', index });
			while (platform.jobs.queue.length === 0) await sleep(5);
			const [job] = platform.jobs.take('w1', 1);
			if (!job) throw new Error('Expected a job in the queue, got none');
			await sleep(10_000 + index * 100);
			job.output = {};
			platform.jobs.finish(job, 'COMPLETED');
			await running;
			return (Date.now() - (job.ended ?? 0)) / 1000;
		}),
	);
	await platform.close();
	const ours = Math.max(...added);
	return [{ row: 'what polling adds to a 10 s job', ours, older: null, ratio: null, unit: 's', goal: '≤ 1 s', ok: ours <= 1, note: 'the longest of eight' }];
}
