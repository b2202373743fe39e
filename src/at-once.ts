/** Does the work for every item, so many at a time, and gives the results in order. After a failure no further one is begun. */
export async function atOnce<T, R>(limit: number, items: readonly T[], work: (item: T, index: number) => Promise<R>): Promise<R[]> {
	const results: R[] = [];
	const queue = items.entries();
	let hasFailed = false;

	async function worker() {
		for (const [index, item] of queue) {
			if (hasFailed) return;
			try {
				results[index] = await work(item, index);
			} catch (error) {
				hasFailed = true;
				throw error;
			}
		}
	}

	const ended = await Promise.allSettled(Array.from({ length: limit }, worker));
	for (const one of ended) if (one.status === 'rejected') throw one.reason;
	return results;
}
