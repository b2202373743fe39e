import { readdir, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { startRuntime } from '../support/runtime';
import { childrenOf } from './children';
import type { BrokenFile } from './generator';
import { rawRequestWith, requestsWith, type Companions, type Request } from './requests';

export interface TryOptions {
	runtime: Pick<ReturnType<typeof startRuntime>, 'execute' | 'root'>;
	good: Companions;
	/** A folder of its own for the broken file: nothing else may appear in it. */
	folder: string;
	/** Seconds for each operation. */
	limit: number;
}

export interface Tried {
	outcomes: Record<string, number>;
	/** What should not have happened; empty where all is well. */
	faults: string[];
}

/** Puts one broken file through every place of every operation that takes one. */
export async function tryFile(broken: BrokenFile, options: TryOptions): Promise<Tried> {
	const path = join(options.folder, `broken${broken.extension}`);
	await writeFile(path, await broken.make());
	const tried: Tried = { outcomes: {}, faults: [] };
	for (const request of [...requestsWith(path, options.good), rawRequestWith(path)]) {
		const before = await outside(options);
		const { outcome, fault } = await attempt(request, options);
		tried.outcomes[outcome] = (tried.outcomes[outcome] ?? 0) + 1;
		const faults = [...(fault === undefined ? [] : [fault]), ...(await leftOver(before, options))];
		tried.faults.push(...faults.map((one) => `${broken.name}: ${request.operation}, ${request.field}: ${one}`));
	}
	await rm(path);
	return tried;
}

async function attempt({ operation, input }: Request, { runtime, limit }: TryOptions): Promise<{ outcome: string; fault?: string }> {
	const clock = AbortSignal.timeout(limit * 1000);
	const answer = await Promise.race([runtime.execute(operation, input, clock), hang(limit + 10)]);
	if (answer === 'hung') return { outcome: 'hung', fault: `gave no answer ${limit + 10} s later` };
	if (answer.status === 'success') return { outcome: 'success' };
	const { type, code, message } = answer.error;
	// An ffmpeg that loops over an input without a sound frame for ever is ended by the runtime's own guard.
	const isClear = (['InvalidInput', 'OperationFailed'].includes(type) || code === 'stalled') && !['unexpected', 'broken_answer'].includes(code) && !clock.aborted;
	return { outcome: code, ...(!isClear && { fault: `${type} ${code}: ${message}` }) };
}

function hang(seconds: number): Promise<'hung'> {
	return new Promise((resolve) => setTimeout(() => resolve('hung'), seconds * 1000).unref());
}

async function leftOver(before: readonly string[], options: TryOptions): Promise<string[]> {
	const strays = (await outside(options)).filter((path) => !before.includes(path));
	const running = childrenOf(process.pid).filter((name) => /^ff(mpeg|probe)/.test(name));
	return [...strays.map((path) => `left the file ${path}`), ...running.map((name) => `left ${name} running`)];
}

/** What lies outside of the jobs' own folders, where a stray file would. */
async function outside({ folder, runtime: { root } }: TryOptions): Promise<string[]> {
	const places = await Promise.all([folder, root, process.cwd()].map(async (place) => (await readdir(place)).map((name) => join(place, name))));
	return places.flat().filter((path) => !/^job-/.test(basename(path)));
}
