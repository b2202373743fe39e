import type { Progress } from '../../src/runpod/protocol';

/**
 * Sends progress one at a time and no more often than `gap` seconds; of what comes in between only the newest waits.
 * `settle` drops what waits and ends when nothing is on its way: progress after the result would set the job back to running.
 */
export function createProgress(send: (progress: Progress) => Promise<unknown>, gap: number) {
	let newest: Progress | undefined;
	let isOver = false;
	let timer: NodeJS.Timeout | undefined;
	let sending: Promise<unknown> | undefined;
	let last = -Infinity;

	function next() {
		timer = undefined;
		if (!newest || isOver) return;
		const progress = newest;
		newest = undefined;
		last = performance.now();
		sending = send(progress).finally(() => {
			sending = undefined;
			schedule();
		});
	}

	function schedule() {
		if (sending || timer || !newest || isOver) return;
		const wait = last + gap * 1000 - performance.now();
		if (wait <= 0) next();
		else timer = setTimeout(next, wait);
	}

	return {
		tell(progress: Progress) {
			newest = progress;
			schedule();
		},
		async settle() {
			isOver = true;
			clearTimeout(timer);
			await sending;
		},
	};
}
