import { readdirSync, readFileSync } from 'node:fs';

/** Names of the programs that a process started and that still run (Linux; empty elsewhere). */
export function childrenOf(parent: number): string[] {
	return processes().filter((one) => one.parent === parent && one.state !== 'Z').map(({ name }) => name);
}

const processes = () => ids().flatMap((id) => statOf(id) ?? []);

function ids(): string[] {
	try {
		return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
	} catch {
		return [];
	}
}

function statOf(id: string) {
	try {
		const [, name = '', state = '', parent = ''] = /\((.*)\) (\S) (\d+)/.exec(readFileSync(`/proc/${id}/stat`, 'utf8')) ?? [];
		return { name, state, parent: Number(parent) };
	} catch {
		return undefined;
	}
}
