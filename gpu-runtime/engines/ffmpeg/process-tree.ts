import { readFile } from 'node:fs/promises';

/**
 * A process and what it started itself (FFMPEG_PATH may name a wrapper script). Not a process group: ffmpeg stays in the
 * runtime's own, so that whoever kills the runtime outright takes ffmpeg along. Where there is no /proc, only the process is known.
 */
export async function processTree(pid: number): Promise<number[]> {
	const list = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
	const children = list.trim().split(/\s+/).filter(Boolean).map(Number);
	return [pid, ...(await Promise.all(children.map(processTree))).flat()];
}

export function killAll(pids: readonly number[], signal: NodeJS.Signals): void {
	for (const pid of pids) {
		try {
			process.kill(pid, signal);
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
		}
	}
}
