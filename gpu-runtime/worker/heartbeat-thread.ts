import { parentPort, workerData } from 'node:worker_threads';
import { call, withQuery } from './call';

/** Runs in a thread of its own, so that it beats while inference blocks the main one, and dies with the process. */
export interface Heartbeat {
	url: string;
	key: string;
	/** Seconds. */
	interval: number;
	version: string;
}

const { url, key, interval, version } = workerData as Heartbeat;
let jobIds: readonly string[] = [];
let isBeating = false;

async function beat() {
	if (isBeating) return;
	isBeating = true;
	const plain = withQuery(url, `runpod_version=${encodeURIComponent(version)}`);
	const target = jobIds.length > 0 ? withQuery(plain, `job_id=${jobIds.map(encodeURIComponent).join(',')}`) : plain;
	const failure = await call({ url: target, headers: { Authorization: key }, timeout: 2 * interval }).then(
		({ status }) => (status < 400 ? undefined : `HTTP ${status}`),
		(error: unknown) => String(error),
	);
	isBeating = false;
	parentPort?.postMessage({ failure });
}

parentPort?.on('message', (ids: readonly string[]) => {
	jobIds = ids;
});
setInterval(() => void beat(), interval * 1000);
void beat();
