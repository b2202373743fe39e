import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';

/** How many cores this process may really use: more threads than that halve the speed. */
export function allowedThreads(cores = availableParallelism(), read = readText): number {
	const quotas = [...unifiedQuotas(read), legacyQuota(read)].filter((quota) => quota > 0);
	return Math.max(1, Math.floor(Math.min(cores, ...quotas)));
}

/** `cpu.max` of this process's group and of every group above it (cgroup 2): "150000 100000" is one core and a half. */
function unifiedQuotas(read: typeof readText): number[] {
	const own = /^0::(\/.*)$/m.exec(read('/proc/self/cgroup'))?.[1] ?? '/';
	const groups = [own];
	for (let group = own; group !== '/'; group = dirname(group)) groups.push(dirname(group));
	return groups.map((group) => {
		const [quota, period] = read(join('/sys/fs/cgroup', group, 'cpu.max')).split(/\s/).map(Number);
		return ratio(quota, period);
	});
}

function legacyQuota(read: typeof readText): number {
	const folder = '/sys/fs/cgroup/cpu';
	return ratio(Number(read(join(folder, 'cpu.cfs_quota_us'))), Number(read(join(folder, 'cpu.cfs_period_us'))));
}

/** 0 means no limit, which the kernel writes as "max" or -1. */
const ratio = (quota = 0, period = 0) => (quota > 0 && period > 0 ? quota / period : 0);

function readText(path: string): string {
	try {
		return readFileSync(path, 'utf8').trim();
	} catch {
		return ''; // Another kernel, another system: no such limit.
	}
}
