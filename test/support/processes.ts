import { readdirSync, readFileSync } from 'node:fs';

/** Processes of a process group that are still alive (Linux). */
export function aliveInGroup(group: number): number[] {
	return readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.map(Number)
		.filter((pid) => statOf(pid)?.group === group);
}

/** Whether a process runs; one that ended and waits to be collected does not. */
export const isAlive = (pid: number) => statOf(pid) !== undefined;

function statOf(pid: number): { group: number } | undefined {
	try {
		const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
		return fields[0] === 'Z' ? undefined : { group: Number(fields[2]) };
	} catch {
		return undefined;
	}
}

/** Waits until `check` holds, at most `seconds`. */
export async function until(check: () => boolean | Promise<boolean>, seconds = 10): Promise<void> {
	for (const end = Date.now() + seconds * 1000; Date.now() < end; ) {
		if (await check()) return;
		await new Promise((resolve) => setTimeout(resolve, 25));
	}
	throw new Error(`Expected it to happen within ${seconds} s: ${check.toString()}`);
}
