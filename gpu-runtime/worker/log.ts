import { redact } from '../../src/runpod/redact';

export const levels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type Level = (typeof levels)[number];

/** `jobId` when the message is about one job. */
export type WorkerLog = (level: Exclude<Level, 'silent'>, message: string, jobId?: string) => void;

/** RunPod's form: one JSON object a line, of which it shows 4096 characters. */
export function createWorkerLog({ write, level, secrets }: { write(line: string): void; level: Level; secrets: readonly string[] }): WorkerLog {
	return (at, message, jobId) => {
		if (levels.indexOf(at) < levels.indexOf(level)) return;
		const text = redact(message, secrets).slice(0, 4096);
		write(`${JSON.stringify({ requestId: jobId ?? null, message: text, level: at.toUpperCase() })}\n`);
	};
}
