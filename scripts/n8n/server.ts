import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Home } from './home';
import { type Client, createClient } from './rest';
import { n8nProgram } from './settings';

export interface Server {
	url: string;
	pid: number;
	/** Logged in as the owner. */
	client: Client;
	/** Ends when n8n does. */
	ended: Promise<unknown>;
	stop(): Promise<void>;
}

/** Starts n8n and waits until its owner is logged in. Its log is `n8n.log` in the user folder. */
export async function startServer(home: Home): Promise<Server> {
	const log = createWriteStream(join(home.folder, 'n8n.log'));
	await once(log, 'open');
	const child = spawn('node', [n8nProgram, 'start'], { env: home.environment, stdio: ['ignore', log, log] });
	const ended = once(child, 'close');
	const stop = async () => {
		child.kill();
		// A server that is still busy after this is not waited for.
		const kill = setTimeout(() => child.kill('SIGKILL'), 10_000);
		await ended;
		clearTimeout(kill);
	};
	const client = createClient(home.url);
	try {
		await Promise.race([client.ready(), ended.then(() => Promise.reject(new Error(`n8n ended before it was ready, see ${String(log.path)}`)))]);
		await delay(500);
		await client.enter();
	} catch (error) {
		await stop();
		throw error;
	}
	return { url: home.url, pid: child.pid ?? 0, client, ended, stop };
}
