import { readFile } from 'node:fs/promises';

/**
 * Signals a process and what it started itself (FFMPEG_PATH may name a wrapper script). Not by process group: ffmpeg stays in
 * the runtime's own, so that whoever kills the runtime outright takes ffmpeg along.
 */
export async function killTree(pid: number, signal: NodeJS.Signals): Promise<void> {
	for (const one of [pid, ...(await descendants(pid))]) {
		try {
			process.kill(one, signal);
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
		}
	}
}

/** Where there is no /proc, only the process itself is known. */
async function descendants(pid: number): Promise<number[]> {
	const list = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
	const children = list.trim().split(/\s+/).filter(Boolean).map(Number);
	return [...children, ...(await Promise.all(children.map(descendants))).flat()];
}
