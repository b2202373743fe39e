import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Cancelled, OperationFailed } from '../src/errors';
import type { Envelope } from '../src/execute';
import type { StorageConfig } from '../src/storage/config';
import { readSettings } from './settings';
import { sweepScratch } from './scratch';
import type { ToChild, ToParent } from './ipc';

export interface HostJob {
	operation: string;
	/** Media by reference; `{ file }` for what lies in the scratch folder. */
	input: unknown;
	/** The job's scratch folder, made and removed by the caller. */
	folder: string;
	/** For this job alone, instead of the runtime's own. */
	storage?: StorageConfig | undefined;
	signal: AbortSignal;
	onProgress?: ((fraction: number, activity: string) => void) | undefined;
}

export interface HostOptions {
	/** Seconds without a job until the child is ended and its memory given back; 0 keeps it. */
	idle: number;
	/** Seconds a job may take to stop when asked, before the child is killed. */
	grace: number;
	env: Record<string, string | undefined>;
}

interface Pending {
	resolve(envelope: Envelope): void;
	reject(error: unknown): void;
	onProgress: HostJob['onProgress'];
}

/**
 * The parent's side of the embedded runtime: forks the child on first use, shares it among all jobs, and starts it
 * again, with growing pauses, after a crash. A crash fails the jobs that ran with its reason.
 */
export function createHost({ idle, grace, env }: HostOptions) {
	let current: Promise<Child> | undefined;
	let crashes = 0;
	let lastCrash = 0;

	async function start(): Promise<Child> {
		const pause = crashes === 0 ? 0 : Math.min(30_000, 500 * 2 ** (crashes - 1)) - (Date.now() - lastCrash);
		if (pause > 0) await sleep(pause);
		return startChild(env, (crashed) => {
			current = undefined;
			if (!crashed) return;
			crashes++;
			lastCrash = Date.now();
		});
	}

	return {
		async run(job: HostJob): Promise<Envelope> {
			job.signal.throwIfAborted();
			current ??= start().catch((error: unknown) => {
				current = undefined;
				throw error;
			});
			const envelope = await (await current).run(job, grace, idle);
			crashes = 0;
			return envelope;
		},
		/** Process id of the running child, for tests and for the doctor. */
		pid: async () => (await current)?.pid,
		/** Settles when the child is gone. */
		async close() {
			await (await current?.catch(() => undefined))?.close(grace);
		},
	};
}

export type Host = ReturnType<typeof createHost>;

/** The host as n8n and the command line use it: settings from the environment, leftovers of killed runs swept. */
export async function embeddedHost(): Promise<{ host: Host; scratchRoot: string }> {
	const settings = readSettings();
	await sweepScratch(settings.AI_AGENT_TOOLS_SCRATCH);
	const host = createHost({ idle: settings.AI_AGENT_TOOLS_IDLE, grace: 5, env: loweredEnvironment(process.env) });
	return { host, scratchRoot: settings.AI_AGENT_TOOLS_SCRATCH };
}

const passed = /^(AI_AGENT_TOOLS_|FFMPEG_PATH|FFPROBE_PATH|AWS_|S3_|BUCKET_|CUDA_|NVIDIA_|LD_LIBRARY_PATH|NODE_EXTRA_CA_CERTS|HTTPS?_PROXY|NO_PROXY|NODE_USE_ENV_PROXY|PATH|HOME|USERPROFILE|TMPDIR|TEMP|TMP|LANG|LC_|TZ|SYSTEMROOT)/i;

/** n8n's own secrets stay in n8n. */
const loweredEnvironment = (env: HostOptions['env']): HostOptions['env'] => Object.fromEntries(Object.entries(env).filter(([name]) => passed.test(name)));
type Child = Awaited<ReturnType<typeof startChild>>;

async function startChild(env: HostOptions['env'], onEnd: (crashed: boolean) => void) {
	// A process group of its own: killing it takes ffmpeg along.
	const child = fork(join(__dirname, 'main.js'), ['embedded'], { env, execArgv: [], detached: true, serialization: 'advanced', stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
	const pending = new Map<string, Pending>();
	const log = lastWords(child);
	let isEnding = false;
	let idleTimer: NodeJS.Timeout | undefined;

	const ready = new Promise<void>((resolve, reject) => {
		child.on('message', (message: ToParent) => {
			if (message.type === 'ready') resolve();
			else if (message.type === 'progress') pending.get(message.id)?.onProgress?.(message.fraction, message.activity);
			else pending.get(message.id)?.resolve(message.envelope);
		});
		const ended = (how: string) => {
			killGroup(child);
			clearTimeout(idleTimer);
			const error = new OperationFailed(`The embedded runtime ended (${how})${log()}. It starts again with the next job. Most often memory was short: give n8n more, or make the job smaller`, { code: 'runtime_crashed', retryable: true });
			reject(error);
			for (const job of pending.values()) job.reject(error);
			if (!isEnding) onEnd(true);
		};
		child.on('error', (error) => ended(error.message));
		child.on('exit', (code, signal) => ended(signal ?? `exit code ${code}`));
	});
	await ready;
	holdParent(child, false);

	const end = () => {
		isEnding = true;
		// From now on a job starts another child.
		onEnd(false);
		if (child.connected) child.disconnect();
	};

	const exited = new Promise((resolve) => child.once('exit', resolve));

	async function close(grace: number): Promise<void> {
		end();
		child.ref();
		const kill = setTimeout(() => killGroup(child), grace * 1000);
		await exited;
		clearTimeout(kill);
	}

	return {
		pid: child.pid,
		close,
		async run({ operation, input, folder, storage, signal, onProgress }: HostJob, grace: number, idle: number): Promise<Envelope> {
			const id = randomUUID();
			const tell = (message: ToChild) => child.connected && child.send(message);
			let kill: NodeJS.Timeout | undefined;
			const cancel = () => {
				tell({ type: 'cancel', id });
				kill = setTimeout(() => killGroup(child), grace * 1000);
			};
			if (signal.aborted) throw new Cancelled();
			clearTimeout(idleTimer);
			holdParent(child, true);
			try {
				return await new Promise<Envelope>((resolve, reject) => {
					pending.set(id, { resolve, reject, onProgress });
					signal.addEventListener('abort', cancel, { once: true });
					tell({ type: 'run', id, operation, input, folder, storage });
				});
			} catch (error) {
				throw signal.aborted ? new Cancelled() : error;
			} finally {
				clearTimeout(kill);
				signal.removeEventListener('abort', cancel);
				pending.delete(id);
				if (pending.size === 0) {
					holdParent(child, false);
					if (idle > 0) idleTimer = setTimeout(end, idle * 1000).unref();
				}
			}
		},
	};
}

function killGroup({ pid }: ChildProcess) {
	if (pid === undefined) return;
	try {
		process.kill(-pid, 'SIGKILL');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
	}
}

/** An idle child must not keep its parent from ending. */
function holdParent(child: ChildProcess, hold: boolean) {
	const verb = hold ? 'ref' : 'unref';
	child[verb]();
	child.channel?.[verb]();
	(child.stderr as unknown as { ref(): void; unref(): void } | null)?.[verb]();
}

/** The last line the child wrote to its log, for the error that tells of its end. */
function lastWords(child: ChildProcess) {
	let tail = '';
	child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
		tail = (tail + chunk).slice(-4096);
	});
	return () => {
		const line = tail.trim().split('\n').at(-1)?.slice(0, 300);
		return line ? `: ${line}` : '';
	};
}
