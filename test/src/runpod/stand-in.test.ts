import { setTimeout as sleep } from 'node:timers/promises';
import { startWorker } from '../../../gpu-runtime/worker';
import { InvalidInput } from '../../../src/errors';
import { envelope } from '../../../src/execute';
import { clientSuite } from '../../support/client-suite';
import { createFakePlatform } from '../../support/fake-platform';

clientSuite('the stand-in and our worker', async () => {
	const platform = await createFakePlatform({ longPoll: 300 });
	const operations: Record<string, (signal: AbortSignal) => Promise<object>> = {
		quick: async () => ({ answer: 42 }),
		slow: (signal) => sleep(20_000, {}, { signal }),
		failing: async () => {
			throw new InvalidInput('voice: Expected …', { code: 'unknown_voice' });
		},
	};
	const worker = startWorker({
		env: { ...platform.env(), RUNPOD_WEBHOOK_PING: undefined },
		log: () => undefined,
		concurrency: 2,
		timing: { takeGrace: 0, drain: 1 },
		executor: { execute: (name, _, { signal }) => envelope(async () => ({ ...(await operations[name]?.(signal)), warnings: [] })) },
	});
	return {
		baseUrl: platform.baseUrl,
		endpointId: platform.endpoint,
		apiKey: platform.key,
		quick: { input: { operation: 'quick' }, output: { status: 'success', result: { answer: 42 } } },
		failing: { input: { operation: 'failing' }, error: { type: 'InvalidInput', code: 'unknown_voice' } },
		slow: { input: { operation: 'slow' } },
		async close() {
			await worker.stop();
			await platform.close();
		},
	};
});
