import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TravelExecutor, TravelOptions } from '../../gpu-runtime/executor';
import { startServer, type Server, type ServerOptions } from '../../gpu-runtime/server';
import { toWireError } from '../../src/errors';
import type { Envelope } from '../../src/execute';

export const key = 'the-key';
const success = (result: Record<string, unknown>): Envelope => ({ status: 'success', result: { ...result, warnings: [] }, processing_time: 0 });

interface Execution {
	name: string;
	input: Record<string, unknown>;
	options: TravelOptions;
	succeed(result?: Record<string, unknown>): void;
	fail(error: Error): void;
}

export interface Ground {
	server: Server;
	/** What the server has begun; each waits until the test ends it, or its signal does. */
	begun: Execution[];
	lines: string[];
	call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<{ status: number; body: Record<string, unknown>; headers: Headers }>;
	/** Files left in the scratch folder. */
	leftovers(): Promise<string[]>;
}

/** Runs a test against a server whose jobs the test itself ends. */
export async function withServer(test: (ground: Ground) => Promise<void>, options: Partial<ServerOptions> = {}) {
	const scratchRoot = await mkdtemp(join(tmpdir(), 'server-test-'));
	const begun: Execution[] = [];
	const lines: string[] = [];
	const executor: TravelExecutor = {
		execute: (name, input, given) =>
			new Promise((resolve) => {
				const fail = (error: unknown) => resolve({ status: 'error', error: toWireError(error) });
				given.signal.addEventListener('abort', () => fail(given.signal.reason));
				begun.push({ name, input, options: given, succeed: (result = {}) => resolve(success(result)), fail });
			}),
	};
	const server = await startServer({
		host: '127.0.0.1',
		port: 0,
		key,
		endpoint: 'local',
		executor,
		operations: [],
		examine: async () => [],
		concurrency: 1,
		queueLength: 100,
		scratchRoot,
		maxFile: 1_000_000,
		fileLife: 60,
		allowPrivate: true,
		log: (_, message) => lines.push(message),
		...options,
	});
	const call: Ground['call'] = async (method, path, body, headers = {}) => {
		const answer = await fetch(server.url + path, {
			method,
			headers: { authorization: `Bearer ${key}`, ...headers },
			...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
		});
		const text = await answer.text();
		return { status: answer.status, body: text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : { text }, headers: answer.headers };
	};
	try {
		await test({ server, begun, lines, call, leftovers: async () => (await readdir(scratchRoot, { recursive: true })).filter((name) => name.includes('/')) });
	} finally {
		await server.stop(0);
		await rm(scratchRoot, { recursive: true, force: true });
	}
}

/** Waits until `test` holds, at most 5 s. */
export async function until(test: () => boolean | Promise<boolean>, what = 'the condition') {
	for (const end = Date.now() + 5000; !(await test()); await pause(5)) if (Date.now() > end) throw new Error(`Waited in vain for ${what}`);
}
export const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
