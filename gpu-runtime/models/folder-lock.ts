import { randomUUID } from 'node:crypto';
import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { OperationFailed } from '../../src/errors';
import { codeOf } from '../system-error';

export interface LockOptions {
	signal: AbortSignal;
	/** Milliseconds between two signs of life. */
	heartbeat?: number;
	/** Milliseconds without a sign of life after which a lock counts as left behind. */
	stale?: number;
	/** Milliseconds between two looks at a lock that another process has. */
	poll?: number;
}

/**
 * Runs `work` while no other process, on this machine or another that shares the folder, does. `work` gets a signal that
 * also ends when the lock was lost, e.g. because this process stood still for too long.
 */
export async function withFolderLock<T>(
	folder: string,
	{ signal, heartbeat = 2000, stale = 15_000, poll = 100 }: LockOptions,
	work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
	const path = join(folder, '.lock');
	const owner = `${process.pid} ${hostname()} ${randomUUID()}`;
	while (!(await create(path, owner))) {
		if (await isLeftBehind(path, stale)) await takeAway(path, stale);
		await sleep(poll, undefined, { signal }).catch(() => signal.throwIfAborted());
	}
	const lost = new AbortController();
	const beat = setInterval(() => void keep(path, owner).catch((error: unknown) => lost.abort(error)), heartbeat);
	beat.unref();
	try {
		signal.throwIfAborted();
		return await work(AbortSignal.any([signal, lost.signal]));
	} finally {
		clearInterval(beat);
		if ((await contentOf(path)) === owner) await rm(path, { force: true });
	}
}

async function create(path: string, owner: string): Promise<boolean> {
	try {
		await writeFile(path, owner, { flag: 'wx' });
		return true;
	} catch (error) {
		if (codeOf(error) === 'EEXIST') return false;
		throw error;
	}
}

async function keep(path: string, owner: string): Promise<void> {
	if ((await contentOf(path)) !== owner) {
		throw new OperationFailed('Another process took over the download of the model. Try again.', { code: 'lock_lost', retryable: true });
	}
	const now = new Date();
	await utimes(path, now, now);
}

const contentOf = (path: string) => readFile(path, 'utf8').catch(() => undefined);

async function isLeftBehind(path: string, stale: number): Promise<boolean> {
	const [content, facts] = await Promise.all([contentOf(path), stat(path).catch(() => undefined)]);
	if (content === undefined || !facts) return false; // Just given back.
	if (Date.now() - facts.mtimeMs > stale) return true;
	const [pid, host] = content.split(' ');
	return host === hostname() && !isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return codeOf(error) === 'EPERM';
	}
}

/** Of several processes that see the lock left behind only one removes it, and only after a second look. */
async function takeAway(path: string, stale: number): Promise<void> {
	const taking = `${path}.taking`;
	if (!(await create(taking, String(process.pid)))) {
		const facts = await stat(taking).catch(() => undefined);
		if (facts && Date.now() - facts.mtimeMs > stale) await rm(taking, { force: true });
		return;
	}
	try {
		if (await isLeftBehind(path, stale)) await rm(path, { force: true });
	} finally {
		await rm(taking, { force: true });
	}
}
