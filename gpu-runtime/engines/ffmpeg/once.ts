/** Runs `work` on first use and keeps what it gave; a failure is not kept, since its cause may be removed meanwhile. */
export function once<T>(work: () => Promise<T>): () => Promise<T> {
	let result: Promise<T> | undefined;
	return () =>
		(result ??= work().catch((error: unknown) => {
			result = undefined;
			throw error;
		}));
}
