import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Heartbeat } from './heartbeat-thread';
import type { WorkerLog } from './log';
import { pause } from './timing';

/** Tells the platform that this worker lives, and with which jobs. A thread that breaks is started again. */
export function startHeartbeat(settings: Heartbeat, log: WorkerLog) {
	let thread: Worker | undefined;
	let jobIds: readonly string[] = [];
	let isOver = false;
	let hadFailure = false;
	let sayBeaten: () => void = () => undefined;
	const beaten = new Promise<void>((resolve) => {
		sayBeaten = resolve;
	});

	function start() {
		thread = new Worker(join(__dirname, 'heartbeat-thread.js'), { workerData: settings });
		thread.unref();
		thread.postMessage(jobIds);
		thread.on('message', ({ failure }: { failure: string | undefined }) => {
			sayBeaten();
			if (failure && !hadFailure) log('warn', `The heartbeat does not get through: ${failure}`);
			hadFailure = failure !== undefined;
		});
		thread.on('error', (error) => log('error', `The heartbeat broke: ${error.message}`));
		thread.on('exit', () => {
			if (!isOver) setTimeout(start, 1000).unref();
		});
	}

	start();
	return {
		/** Resolves once the first beat was answered or failed, so that the platform knows us before the first take. */
		first: Promise.race([beaten, pause(2)]),
		tell(ids: readonly string[]) {
			jobIds = ids;
			thread?.postMessage(ids);
		},
		async stop() {
			isOver = true;
			await thread?.terminate();
		},
	};
}
