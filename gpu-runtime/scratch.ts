import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { OperationFailed } from '../src/errors';

const startedAt = Math.round(Date.now() - process.uptime() * 1000);

/** Makes a private folder for one job, hands it to `work`, and removes it with everything in it in every ending. */
export async function withScratch<T>(root: string, work: (folder: string) => Promise<T>): Promise<T> {
	const folder = await makeScratch(root);
	try {
		return await work(folder);
	} finally {
		await removeScratch(folder);
	}
}

/** The folder's name tells which process made it, so that a later one can sweep what a killed one left behind. */
export async function makeScratch(root: string): Promise<string> {
	try {
		await mkdir(root, { recursive: true, mode: 0o700 });
		return await mkdtemp(join(root, `job-${process.pid}-${startedAt}-`));
	} catch (cause) {
		throw new OperationFailed(`Expected a folder that can be written at ${root}. Set AI_AGENT_TOOLS_SCRATCH to one`, { code: 'no_scratch', cause });
	}
}

export const removeScratch = (folder: string) => rm(folder, { recursive: true, force: true, maxRetries: 3 });

/** Removes the folders of processes that are no more. */
export async function sweepScratch(root: string): Promise<void> {
	const names = await readdir(root).catch((error: NodeJS.ErrnoException) => {
		if (error.code === 'ENOENT') return [];
		throw error;
	});
	await Promise.all(names.filter(isOrphan).map((name) => removeScratch(join(root, name))));
}

function isOrphan(name: string): boolean {
	const [, pid, start] = /^job-(\d+)-(\d+)-/.exec(name) ?? [];
	if (pid === undefined) return false;
	// In a container every n8n has the same pid: then the start time tells the runs apart.
	return Number(pid) === process.pid ? Math.abs(Number(start) - startedAt) > 2000 : !isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}
