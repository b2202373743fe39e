import { OperationFailed } from '../src/errors';

/** Lets at most `concurrency` heavy jobs run at once, in the order in which they came, and refuses more than `limit` waiting ones. */
export function createQueue({ concurrency, limit }: { concurrency: number; limit: number }) {
	const waiting: (() => void)[] = [];
	let running = 0;

	const next = () => {
		running--;
		waiting.shift()?.();
	};

	async function turn(signal: AbortSignal): Promise<void> {
		signal.throwIfAborted();
		if (running < concurrency) {
			running++;
			return;
		}
		if (waiting.length >= limit)
			throw new OperationFailed(`Expected a free place among the waiting jobs, got none: ${waiting.length} wait already. Try again later, or raise AI_AGENT_TOOLS_QUEUE`, { code: 'busy', retryable: true });
		await new Promise<void>((resolve, reject) => {
			const start = () => {
				signal.removeEventListener('abort', leave);
				running++;
				resolve();
			};
			const leave = () => {
				waiting.splice(waiting.indexOf(start), 1);
				reject(signal.reason);
			};
			waiting.push(start);
			signal.addEventListener('abort', leave, { once: true });
		});
	}

	return {
		async run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
			await turn(signal);
			try {
				return await work();
			} finally {
				next();
			}
		},
		get counts() {
			return { running, waiting: waiting.length };
		},
	};
}
