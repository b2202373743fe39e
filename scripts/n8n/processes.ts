import { readdir, readFile } from 'node:fs/promises';

export interface Process {
	pid: number;
	parent: number;
	command: string;
}

/** All that a process started, and what those started in turn. Linux only, as the rest here. */
export async function descendants(root: number): Promise<Process[]> {
	const pids = (await readdir('/proc')).map(Number).filter(Boolean);
	const all = (await Promise.all(pids.map(readProcess))).filter((process) => process !== undefined);
	const under = (parent: number): Process[] => all.filter((process) => process.parent === parent).flatMap((process) => [process, ...under(process.pid)]);
	return under(root);
}

/** Undefined for one that has ended meanwhile, or waits to be collected. */
async function readProcess(pid: number): Promise<Process | undefined> {
	try {
		const [command, stat] = await Promise.all([readFile(`/proc/${pid}/cmdline`, 'utf8'), readFile(`/proc/${pid}/stat`, 'utf8')]);
		// The name before it is in parentheses and may itself hold some.
		const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
		return command ? { pid, parent, command: command.split('\0').join(' ').trim() } : undefined;
	} catch {
		return undefined;
	}
}
