import { fromWireError, OperationFailed } from '../../src/errors';
import type { Finding } from '../../src/runtime';
import { withScratch } from '../scratch';
import { hasSpace, runWorker } from '../worker';
import { launch } from './launch';
import { readOptions } from './options';

/** Works for RunPod's queue until it is told to stop; RunPod's own variables say where the queue is. */
export async function worker(args: string[]): Promise<number> {
	readOptions({ args });
	const { settings, runtime, log, executor } = await launch();
	const root = settings.AI_AGENT_TOOLS_SCRATCH;
	const code = await runWorker({
		env: process.env,
		executor,
		log,
		concurrency: settings.AI_AGENT_TOOLS_CONCURRENCY,
		checks: [{ name: 'doctor', check: () => withScratch(root, (folder) => examine(runtime, folder)) }, hasSpace(root, 1e9)],
	});
	await runtime.close();
	// Jobs that were given up may still hold the process.
	return process.exit(code);
}

/** Throws what is missing on this machine. */
async function examine(runtime: Awaited<ReturnType<typeof launch>>['runtime'], folder: string): Promise<void> {
	const answer = await runtime.execute('doctor', {}, { id: 'fitness', folder, signal: new AbortController().signal, allowFiles: false });
	if (answer.status === 'error') throw fromWireError(answer.error);
	const missing = (answer.result.findings as Finding[]).find(({ status }) => status === 'missing');
	if (missing) throw new OperationFailed(`${missing.name}: ${missing.detail}`);
}
