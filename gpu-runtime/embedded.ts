import { Cancelled } from '../src/errors';
import type { ToChild, ToParent } from './ipc';
import type { Runtime } from './runtime';
import { removeScratch } from './scratch';

/** The child's side of the embedded runtime: runs what the parent asks for, and ends with it. */
export function serveParent(runtime: Runtime): void {
	const running = new Map<string, { stop: AbortController; folder: string }>();
	const tell = (message: ToParent) => {
		if (process.connected) process.send?.(message);
	};

	async function run({ id, operation, input, folder, storage }: Extract<ToChild, { type: 'run' }>) {
		const stop = new AbortController();
		running.set(id, { stop, folder });
		const envelope = await runtime.execute(operation, input, {
			id,
			folder,
			storage,
			signal: stop.signal,
			allowFiles: true,
			onProgress: (fraction, activity) => tell({ type: 'progress', id, fraction, activity }),
		});
		running.delete(id);
		tell({ type: 'done', id, envelope });
	}

	process.on('message', (message: ToChild) => {
		if (message.type === 'run') void run(message);
		else running.get(message.id)?.stop.abort(new Cancelled());
	});
	process.on('disconnect', () => void endWithParent(running, runtime));
	// Ctrl-C in a terminal reaches the parent too, which decides.
	process.on('SIGINT', () => undefined);
	tell({ type: 'ready' });
}

/** The parent is gone: stop the work, leave no file and no process. */
async function endWithParent(running: Map<string, { stop: AbortController; folder: string }>, runtime: Runtime) {
	for (const { stop } of running.values()) stop.abort(new Cancelled('The parent process ended'));
	setTimeout(() => process.exit(1), 5000).unref();
	await runtime.close();
	await Promise.all([...running.values()].map(({ folder }) => removeScratch(folder)));
	process.exit(0);
}
