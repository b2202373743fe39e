import { OperationFailed } from '../../../src/errors';

/** One job at a time, in the order of asking, and no endless queue. */
export function createLock(name: string, maxWaiting: number) {
	const waiting: (() => void)[] = [];
	let taken = false;

	async function take(signal: AbortSignal): Promise<void> {
		signal.throwIfAborted();
		if (!taken) {
			taken = true;
			return;
		}
		if (waiting.length >= maxWaiting) {
			throw new OperationFailed(
				`Expected a free place in the queue of the ${name} device, but ${maxWaiting} jobs are waiting already. Try again when some have ended.`,
				{ code: 'busy', retryable: true },
			);
		}
		await new Promise<void>((resolve, reject) => {
			const turn = () => {
				signal.removeEventListener('abort', leave);
				resolve();
			};
			const leave = () => {
				waiting.splice(waiting.indexOf(turn), 1);
				reject(signal.reason);
			};
			waiting.push(turn);
			signal.addEventListener('abort', leave, { once: true });
		});
	}

	function give(): void {
		const next = waiting.shift();
		if (next) next();
		else taken = false;
	}

	return async <T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> => {
		await take(signal);
		try {
			return await work();
		} finally {
			give();
		}
	};
}
