/** The code of a system error, e.g. `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
	const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
	return typeof code === 'string' ? code : undefined;
}

/** fetch throws a TypeError for a broken connection, and what a signal was aborted with; everything else, e.g. a full disk, stays. */
export function isNetworkFault(error: unknown): boolean {
	const name = typeof error === 'object' && error !== null && 'name' in error ? error.name : undefined;
	return name === 'TypeError' || name === 'TimeoutError' || name === 'AbortError';
}

/** The message of an error with that of its cause: fetch's own says no more than "fetch failed". */
export function reasonOf(error: unknown): string {
	if (typeof error !== 'object' || error === null) return String(error);
	const message = 'message' in error && error.message !== '' ? String(error.message) : (codeOf(error) ?? String(error));
	return 'cause' in error && error.cause ? `${message}: ${reasonOf(error.cause)}` : message;
}
