import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dist } from './dist';

/** The built command line as a process of its own. */
export function startProcess(command: string, env: Record<string, string | undefined>) {
	const child = spawn(process.execPath, [dist('gpu-runtime/main.js'), command], { env, stdio: ['ignore', 'ignore', 'pipe'] });
	let log = '';
	child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
	const ended = once(child, 'exit');
	return {
		pid: child.pid ?? 0,
		log: () => log,
		/** Waits for a line of its log. */
		async says(pattern: RegExp): Promise<RegExpExecArray> {
			for (const end = Date.now() + 20_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 25))) {
				const found = pattern.exec(log);
				if (found) return found;
				if (child.exitCode !== null) break;
			}
			throw new Error(`Expected the log to say ${String(pattern)}, got ${log}`);
		},
		async stop() {
			child.kill('SIGTERM');
			await ended;
		},
	};
}
