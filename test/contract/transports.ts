import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { createHost as CreateHost } from '../../gpu-runtime/host';
import type { Envelope } from '../../src/execute';
import { built } from '../support/dist';
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

export const transports: readonly Transport[] = [embedded];
