import { spawn } from 'node:child_process';
import { StringDecoder } from 'node:string_decoder';
import { Cancelled, messageOf, OperationFailed, TimedOut, ToolError } from '../../../src/errors';
import { createLog, type Log } from './log';
import { killAll, processTree } from './process-tree';

export interface RunOptions {
	cwd: string;
	env: Readonly<Record<string, string | undefined>>;
	signal: AbortSignal;
	/** Seconds for the whole run. */
	timeLimit: number;
	/** Seconds without `alive`; absent: only the time limit holds. */
	stallLimit?: number;
	onOutput?(text: string, alive: () => void): void;
}

export interface Ended {
	code: number | null;
	/** Set when somebody else killed it. */
	killedBy: NodeJS.Signals | null;
	log: Log;
}

/** Seconds between asking a program to stop and killing it. */
const grace = 2;

/** Runs one program to its end without a shell. An exit code is no error here; a stop by signal, time or stall is. */
export async function run(program: string, args: readonly string[], options: RunOptions): Promise<Ended> {
	const { cwd, env, signal, timeLimit, stallLimit } = options;
	if (signal.aborted) throw reasonOf(signal);
	const child = spawn(program, args, { cwd, env: pick(env), stdio: ['ignore', 'pipe', 'pipe'] });
	const log = createLog();
	let stopped: ToolError | undefined;
	let kill: NodeJS.Timeout | undefined;

	const stop = (reason: ToolError) => {
		if (stopped !== undefined || child.pid === undefined) return;
		stopped = reason;
		void processTree(child.pid).then((pids) => {
			if (child.exitCode !== null || child.signalCode !== null) return;
			killAll(pids, 'SIGTERM');
			kill = setTimeout(() => killAll(pids, 'SIGKILL'), grace * 1000);
		});
	};
	const onAbort = () => stop(reasonOf(signal));
	const wall = setTimeout(() => stop(new TimedOut(`Expected ffmpeg to end within ${timeLimit} s. Make the job smaller, or raise AI_AGENT_TOOLS_TIME_LIMIT`)), timeLimit * 1000);
	const stall = stallLimit === undefined ? undefined : setTimeout(() => stop(new TimedOut(`ffmpeg made no progress for ${stallLimit} s and was stopped. Try again; on a slow machine or disk raise AI_AGENT_TOOLS_STALL_LIMIT`, { code: 'stalled' })), stallLimit * 1000);

	signal.addEventListener('abort', onAbort, { once: true });
	read(child.stdout, (text) => options.onOutput?.(text, () => stall?.refresh()));
	read(child.stderr, (text) => log.write(text));
	try {
		const [code, killedBy] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
			child.once('error', (cause) => reject(new OperationFailed(`${program} could not be started: ${messageOf(cause)}. Install ffmpeg again, or correct FFMPEG_PATH and FFPROBE_PATH`, { code: 'ffmpeg_not_started', cause })));
			child.once('close', (...ending) => resolve(ending));
		});
		if (stopped !== undefined) throw stopped;
		log.end();
		return { code, killedBy, log };
	} finally {
		for (const timer of [wall, stall, kill]) clearTimeout(timer);
		signal.removeEventListener('abort', onAbort);
	}
}

function read(stream: NodeJS.ReadableStream, use: (text: string) => void) {
	const decoder = new StringDecoder('utf8');
	stream.on('data', (chunk: Buffer) => use(decoder.write(chunk)));
}

/**
 * No secret of ours reaches a program that reads foreign files, and none of the machine's modules for character sets: the
 * static ffprobe crashes when it loads them, as it does for every MPEG-TS file.
 */
function pick({ PATH, HOME, TMPDIR, MALLOC_TOP_PAD_ }: RunOptions['env']) {
	return { GCONV_PATH: '/nonexistent', ...(PATH !== undefined && { PATH }), ...(HOME !== undefined && { HOME }), ...(TMPDIR !== undefined && { TMPDIR }), ...(MALLOC_TOP_PAD_ !== undefined && { MALLOC_TOP_PAD_ }) };
}

const reasonOf = ({ reason }: AbortSignal): ToolError => (reason instanceof ToolError ? reason : new Cancelled());
