import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { messageOf, OperationFailed, ToolError } from '../../../src/errors';
import type { EspeakVoice } from '../../../src/speech/espeak';
import type { HelperAnswer, HelperMessage, HelperRequest } from './protocol';

export interface HelperProcess {
	voices(signal: AbortSignal): Promise<EspeakVoice[]>;
	ask(request: HelperRequest, signal: AbortSignal): Promise<HelperAnswer[]>;
	close(): void;
}

/** Keeps one helper process warm, asks it one thing at a time, and starts it again after it crashed or was killed. */
export function createHelperProcess(helper: string): HelperProcess {
	let warm: { child: ChildProcess; voices?: EspeakVoice[] } | undefined;
	let queue: Promise<unknown> = Promise.resolve();

	async function ready(signal: AbortSignal): Promise<{ child: ChildProcess; voices: EspeakVoice[] }> {
		// A child that was killed, or whose end is about to be told, is no longer ours to ask.
		if (warm?.voices !== undefined && warm.child.connected && !warm.child.killed) return { child: warm.child, voices: warm.voices };
		const child = start(helper);
		warm = { child };
		child.once('exit', () => {
			if (warm?.child === child) warm = undefined;
		});
		const message = await next(child, signal, () => undefined);
		if (!('ready' in message)) {
			child.kill('SIGKILL');
			throw broken(`could not be loaded (${reasonIn(message)})`);
		}
		warm = { child, voices: message.ready };
		return { child, voices: message.ready };
	}

	async function answer(request: HelperRequest, signal: AbortSignal): Promise<HelperAnswer[]> {
		const { child } = await ready(signal);
		const message = await next(child, signal, () => child.send(request));
		if ('answers' in message) return message.answers;
		throw new OperationFailed(`Expected eSpeak NG to speak, it failed: ${reasonIn(message)}`, { code: 'speech_failed' });
	}

	function inTurn<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
		const turn = queue.then(() => {
			signal.throwIfAborted();
			return work();
		});
		queue = turn.catch(() => undefined);
		return turn;
	}

	return {
		voices: (signal) => inTurn(async () => (await ready(signal)).voices, signal),
		ask: (request, signal) => inTurn(() => answer(request, signal), signal),
		close() {
			warm?.child.kill('SIGKILL');
			warm = undefined;
		},
	};
}

function start(helper: string): ChildProcess {
	// An empty environment and no flags of the parent: the helper needs neither its keys nor its debugger.
	const child = fork(helper, [], { serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'], env: {}, execArgv: [] });
	// Whoever waits for the child hears of an error by himself; one that comes when nobody waits must not end the runtime.
	child.on('error', () => undefined);
	return child;
}

const reasonIn = (message: HelperMessage) => ('error' in message ? message.error : 'unexpected answer');

/** The child's next message. On abort the child is killed: its work cannot be stopped in any other way. Idle, it keeps nobody alive. */
async function next(child: ChildProcess, signal: AbortSignal, begin: () => void): Promise<HelperMessage> {
	const settled = new AbortController();
	signal.addEventListener('abort', () => child.kill('SIGKILL'), { signal: settled.signal });
	child.ref();
	child.channel?.ref();
	try {
		const message = once(child, 'message', settled).then(([value]) => value as HelperMessage);
		const exit = once(child, 'exit', settled).then(([code, name]): never => {
			throw broken(`ended unexpectedly (${name ?? `exit code ${code}`})`);
		});
		begin();
		return await Promise.race([message, exit]);
	} catch (error) {
		if (signal.aborted) throw signal.reason;
		throw error instanceof ToolError ? error : broken(messageOf(error), error);
	} finally {
		settled.abort();
		child.unref();
		child.channel?.unref();
	}
}

function broken(what: string, cause?: unknown): OperationFailed {
	return new OperationFailed(
		`The draft voice (eSpeak NG) ${what}. Run the job again; if it fails again, reinstall the package @echogarden/espeak-ng-emscripten`,
		{ code: 'speech_engine_broken', retryable: true, cause },
	);
}
