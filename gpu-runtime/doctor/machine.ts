import { availableParallelism, cpus, freemem, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { allowedThreads } from '../engines/onnx/threads';
import { ownFolder, packageFacts } from '../package-facts';
import type { Found } from './finding';

const own = () => packageFacts(join(ownFolder, 'package.json'));

export function ownPackage(): Found {
	const { name, version } = own();
	return { status: 'ok', detail: `${name} ${version} in ${ownFolder}` };
}

export function nodeJs(running = process.versions.node, wanted = own().engines?.node ?? ''): Found {
	const detail = `${running} on ${process.platform} ${process.arch} (${type()} ${release()})`;
	const [major = 0, minor = 0] = (/\d+(\.\d+)?/.exec(wanted)?.[0] ?? '').split('.').map(Number);
	const [ownMajor = 0, ownMinor = 0] = running.split('.').map(Number);
	if (ownMajor > major || (ownMajor === major && ownMinor >= minor)) return { status: 'ok', detail };
	return { status: 'warning', detail, repair: `Use Node.js ${wanted}: nothing was tried with an older one` };
}

interface Header {
	header: { glibcVersionRuntime?: string };
}

export function cLibrary(): Found {
	const version = (process.report.getReport() as unknown as Header).header.glibcVersionRuntime;
	if (process.platform !== 'linux' || version !== undefined) return { status: 'ok', detail: version === undefined ? 'not Linux' : `glibc ${version}` };
	return {
		status: 'warning',
		detail: 'musl (Alpine): speech models cannot load in this process; ffmpeg operations and the draft voice work',
		repair: 'Run the speech models in the runtime container or on RunPod, or use an n8n on Debian',
	};
}

/** `threads`: how many a model gets. */
export function processors(threads: number, { there, allowed } = { there: availableParallelism(), allowed: allowedThreads() }): Found {
	const model = cpus()[0]?.model.trim();
	const limit = allowed < there ? `, of which the container gives ${allowed}` : '';
	const detail = `${there}${model ? ` (${model})` : ''}${limit}; models use ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
	if (threads <= allowed) return { status: 'ok', detail };
	return { status: 'warning', detail, repair: `Remove AI_AGENT_TOOLS_THREADS, or set it to ${allowed}: more threads than processors make models slow` };
}

/** All in bytes; `limit` is the container's, where there is one. */
export function memory({ free, total, limit } = measured()): Found {
	const detail = `${gigabytes(free)} of ${gigabytes(total)} GB free${limit === undefined ? '' : `; the container may use ${gigabytes(limit)} GB`}`;
	if (free > 5e8 && (limit ?? Infinity) >= 1e9) return { status: 'ok', detail };
	return { status: 'warning', detail, repair: 'Videos need about 0.5 GB beside n8n, models more: give the container more memory' };
}

/** Without a limit the kernel tells 0 or more than there is. */
function measured() {
	const [total, limit] = [totalmem(), process.constrainedMemory()];
	return { free: freemem(), total, limit: limit > 0 && limit < total ? limit : undefined };
}

export const gigabytes = (bytes: number) => (bytes / 1e9).toFixed(1);
