import { statfs } from 'node:fs/promises';
import { call, withQuery } from './call';
import type { WorkerEnvironment } from './environment';
import type { WorkerLog } from './log';
import { reasonOf } from './post';

/** Something without which the worker must take no job. */
export interface FitnessCheck {
	name: string;
	/** Throws when the worker is unfit. */
	check(): Promise<void>;
}

export const hasSpace = (folder: string, bytes: number): FitnessCheck => ({
	name: 'disk',
	async check() {
		const { bavail, bsize } = await statfs(folder);
		if (bavail * bsize < bytes) throw new Error(`Expected ${bytes} bytes free at ${folder}, got ${bavail * bsize}`);
	},
});

/** Runs the checks; tells the platform of the first that fails and answers false. */
export async function isFit(checks: readonly FitnessCheck[], environment: WorkerEnvironment, log: WorkerLog): Promise<boolean> {
	for (const { name, check } of checks) {
		const reason = await check().then(
			() => undefined,
			(error: unknown) => reasonOf(error).slice(0, 256),
		);
		if (reason === undefined) continue;
		log('error', `Unfit, ${name}: ${reason}`);
		await tellUnhealthy(name, reason, environment, log);
		return false;
	}
	return true;
}

async function tellUnhealthy(name: string, reason: string, { pingUrl, key }: WorkerEnvironment, log: WorkerLog) {
	if (pingUrl === undefined) return;
	const query = new URLSearchParams({ status: 'unhealthy', check: name, reason });
	await call({ url: withQuery(pingUrl, String(query)), headers: { Authorization: key }, timeout: 10 }).catch((error: unknown) =>
		log('warn', `The platform could not be told: ${reasonOf(error)}`),
	);
}
