import { once } from 'node:events';
import { offeredOf } from '../../src/capabilities';
import { fromWireError } from '../../src/errors';
import { operations } from '../../src/operations';
import type { Finding } from '../../src/runtime';
import type { Runtime } from '../runtime';
import { withScratch } from '../scratch';
import { startServer } from '../server';
import type { Settings } from '../settings';
import { launch } from './launch';
import { readOptions } from './options';

/** Serves RunPod's API until it is told to stop; ends with 1 when jobs were lost by that. */
export async function serve(args: string[]): Promise<number> {
	readOptions({ args });
	const { settings, runtime, log, executor } = await launch();
	const server = await startServer({
		...serverOptions(settings),
		executor,
		examine: () => examine(runtime, settings.AI_AGENT_TOOLS_SCRATCH),
		log,
	});
	log('info', `Serving ${server.url}/v2/${settings.AI_AGENT_TOOLS_ENDPOINT}${settings.AI_AGENT_TOOLS_API_KEY === undefined ? ', this machine only: no key is set' : ''}`);
	log('info', settings.storage ? `Files are kept in storage set up by ${settings.storageNames.join(', ')}` : 'Files are kept by this runtime itself');
	await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
	for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => process.exit(1));
	log('info', 'Finishing the jobs that are here; a second signal ends at once');
	const finished = await server.stop(settings.AI_AGENT_TOOLS_DRAIN_LIMIT);
	await runtime.close();
	return finished ? 0 : 1;
}

const serverOptions = (settings: Settings) => ({
	host: settings.AI_AGENT_TOOLS_HOST,
	port: settings.AI_AGENT_TOOLS_PORT,
	key: settings.AI_AGENT_TOOLS_API_KEY,
	operations: offeredOf(operations, settings.AI_AGENT_TOOLS_CAPABILITIES).map(({ name }) => name),
	endpoint: settings.AI_AGENT_TOOLS_ENDPOINT,
	publicUrl: settings.AI_AGENT_TOOLS_PUBLIC_URL,
	concurrency: settings.AI_AGENT_TOOLS_CONCURRENCY,
	queueLength: settings.AI_AGENT_TOOLS_QUEUE,
	scratchRoot: settings.AI_AGENT_TOOLS_SCRATCH,
	maxFile: settings.AI_AGENT_TOOLS_MAX_DOWNLOAD,
	fileLife: settings.AI_AGENT_TOOLS_FILE_LIFE,
	allowPrivate: settings.AI_AGENT_TOOLS_ALLOW_PRIVATE_URLS,
});

const examine = (runtime: Runtime, scratchRoot: string): Promise<Finding[]> =>
	withScratch(scratchRoot, async (folder) => {
		const answer = await runtime.execute('doctor', {}, { id: 'health', folder, signal: new AbortController().signal, allowFiles: false });
		if (answer.status === 'error') throw fromWireError(answer.error);
		return answer.result.findings as Finding[];
	});
