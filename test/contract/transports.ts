import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { createHost as CreateHost } from '../../gpu-runtime/host';
import type { RemoteTarget, runRemotely as RunRemotely } from '../../gpu-runtime/remote';
import type { fromWireError as FromWireError } from '../../src/errors';
import type { envelope as EnvelopeOf, Envelope } from '../../src/execute';
import { storageOfEnvironment } from '../../src/storage/environment';
import { built } from '../support/dist';
import { createFakePlatform } from '../support/fake-platform';
import { startProcess } from '../support/main-process';
import { ffmpeg } from '../support/runtime';

/** A way to reach the runtime; the same cases must give the same results on each. */
export interface Transport {
	name: string;
	/** `env`: where models and storage are. */
	start(env: Record<string, string>): Promise<Running>;
}

export interface Running {
	execute(operation: string, input: unknown): Promise<Envelope>;
	close(): Promise<void>;
}

const environment = (root: string, env: Record<string, string>) => ({
	...process.env,
	FFMPEG_PATH: ffmpeg,
	AI_AGENT_TOOLS_SCRATCH: join(root, 'scratch'),
	AI_AGENT_TOOLS_DATA: join(root, 'data'),
	AI_AGENT_TOOLS_OFFLINE: '1',
	// The bucket of the tests is on this machine.
	AI_AGENT_TOOLS_ALLOW_PRIVATE_URLS: '1',
	AI_AGENT_TOOLS_DEVICE: 'cpu',
	...env,
});

const embedded: Transport = {
	name: 'embedded in n8n',
	start(env) {
		const root = mkdtempSync(join(tmpdir(), 'contract-'));
		mkdirSync(join(root, 'scratch'));
		const { createHost } = built<{ createHost: typeof CreateHost }>('gpu-runtime/host.js');
		const host = createHost({ idle: 60, grace: 5, env: environment(root, env) });
		return Promise.resolve({
			execute: (operation, input) => host.run({ operation, input, folder: mkdtempSync(join(root, 'job-')), signal: new AbortController().signal }),
			async close() {
				await host.close();
				rmSync(root, { recursive: true, force: true });
			},
		});
	},
};

/** Another process and http between: RunPod's API on one's own machine. */
const server: Transport = {
	name: 'own runtime',
	async start(env) {
		const root = mkdtempSync(join(tmpdir(), 'contract-'));
		const key = 'contract-key';
		const child = startProcess('serve', { ...environment(root, env), AI_AGENT_TOOLS_API_KEY: key, AI_AGENT_TOOLS_PORT: '0' });
		const [, url = ''] = await child.says(/Serving (\S+)\/local/);
		return remotely(root, { baseUrl: url, endpointId: 'local', apiKey: key, deadline: 60, storage: storageOfEnvironment(env)?.config }, () => child.stop());
	},
};

/** The same behind RunPod's queue, whose stand-in speaks its wire. */
const worker: Transport = {
	name: 'RunPod worker',
	async start(env) {
		const root = mkdtempSync(join(tmpdir(), 'contract-'));
		const platform = await createFakePlatform({ longPoll: 300 });
		const child = startProcess('worker', { ...environment(root, env), ...platform.env('w1') });
		return remotely(root, { baseUrl: platform.baseUrl, endpointId: platform.endpoint, apiKey: platform.key, deadline: 60, storage: storageOfEnvironment(env)?.config }, async () => {
			await child.stop();
			await platform.close();
		});
	},
};

function remotely(root: string, target: RemoteTarget, stop: () => Promise<void>): Running {
	// The built package's own classes: an error of another copy would not be known.
	const { fromWireError } = built<{ fromWireError: typeof FromWireError }>('src/errors.js');
	const { envelope } = built<{ envelope: typeof EnvelopeOf }>('src/execute.js');
	const { runRemotely } = built<{ runRemotely: typeof RunRemotely }>('gpu-runtime/remote.js');
	return {
		execute: (operation, input) => envelope(async () => {
			const answer = await runRemotely({ operation, input, folder: mkdtempSync(join(root, 'job-')), signal: new AbortController().signal }, target);
			if (answer.status === 'error') throw fromWireError(answer.error);
			return answer.result;
		}),
		async close() {
			await stop();
			rmSync(root, { recursive: true, force: true });
		},
	};
}

export const transports: readonly Transport[] = [embedded, server, worker];
