import { Cancelled } from '../../src/errors';
import { storeOptions } from '../engines/speech';
import { createModelStore } from '../models/store';
import { createRuntime } from '../runtime';
import { withScratch } from '../scratch';
import { readSettings } from '../settings';
import { runModels } from './models';

/** The command `models`, with what this process has to offer. */
export async function models(args: string[]): Promise<number> {
	const settings = readSettings();
	const stop = new AbortController();
	process.once('SIGINT', () => stop.abort(new Cancelled()));
	const runtime = createRuntime(settings);
	try {
		return await withScratch(settings.AI_AGENT_TOOLS_SCRATCH, (folder) => {
			const job = runtime.job({ id: 'models', folder, signal: stop.signal, allowFiles: true });
			return runModels(args, {
				store: createModelStore(storeOptions(settings)),
				print: (line) => void process.stdout.write(`${line}\n`),
				tell: (text) => void process.stderr.write(text),
				isTerminal: process.stderr.isTTY,
				signal: stop.signal,
				speech: job.speech,
				withJob: (run) => run(job),
			});
		});
	} finally {
		await runtime.close();
	}
}
