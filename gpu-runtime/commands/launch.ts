import { createExecutor } from '../executor';
import { createRuntime } from '../runtime';
import { sweepScratch } from '../scratch';
import { readSettings, type Settings } from '../settings';
import { createWorkerLog } from '../worker/log';

/** What a process that works for other machines is made of. */
export async function launch() {
	const settings = readSettings();
	await sweepScratch(settings.AI_AGENT_TOOLS_SCRATCH);
	const runtime = createRuntime(settings);
	const log = createWorkerLog({ write: (line) => process.stderr.write(line), level: settings.AI_AGENT_TOOLS_LOG, secrets: secretsOf(settings) });
	const executor = createExecutor({
		runtime,
		scratchRoot: settings.AI_AGENT_TOOLS_SCRATCH,
		storage: settings.storage,
		maxInline: settings.AI_AGENT_TOOLS_MAX_INLINE,
		maxDownload: settings.AI_AGENT_TOOLS_MAX_DOWNLOAD,
		linkLife: settings.AI_AGENT_TOOLS_FILE_LIFE,
	});
	return { settings, runtime, log, executor };
}

const secretsOf = ({ AI_AGENT_TOOLS_API_KEY: key, storage }: Settings) => [key, storage?.secretAccessKey, storage?.sessionToken].filter((secret) => secret !== undefined);
