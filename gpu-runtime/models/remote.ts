import { setTimeout as sleep } from 'node:timers/promises';
import { OperationFailed, ToolError } from '../../src/errors';
import { isNetworkFault, reasonOf } from '../system-error';

export interface RemoteOptions {
	/** Where the repositories are, e.g. a mirror. */
	endpoint: string;
	/** Seconds without a byte after which a connection counts as dead. */
	stallLimit: number;
	/** How often a transfer is tried again. */
	retries: number;
	/** Milliseconds before the first retry; doubled each time. */
	retryDelay: number;
}

export const fileUrl = (endpoint: string, repo: string, revision: string, path: string) =>
	`${endpoint.replace(/\/+$/, '')}/${repo}/resolve/${encodeURIComponent(revision)}/${path.split('/').map(encodeURIComponent).join('/')}`;

/** What the server says about a file before it is fetched. */
export interface RemoteFile {
	url: string;
	size: number | undefined;
	/** Given by the hub for large files. */
	sha256: string | undefined;
	/** The commit that a branch stood at. */
	commit: string | undefined;
}

/** Asks about a file without fetching it; undefined when the repository has none of that name. */
export async function lookUp(url: string, options: RemoteOptions, signal: AbortSignal): Promise<RemoteFile | undefined> {
	return withRetries(options, signal, async () => {
		const patience = AbortSignal.any([signal, AbortSignal.timeout(options.stallLimit * 1000)]);
		// The hub answers for large files with a redirect, and only that answer carries the hash and the commit.
		const first = await request(url, { method: 'HEAD', redirect: 'manual' }, patience);
		if (first.status === 404) return undefined;
		const location = first.headers.get('location');
		const moved = first.status >= 300 && first.status < 400 && location !== null;
		const last = moved ? await request(new URL(location, url).href, { method: 'HEAD', redirect: 'follow' }, patience) : first;
		if (last.status === 404) return undefined;
		expectOk(last, url);
		const etag = first.headers.get('x-linked-etag')?.replace(/^W\/|"/g, '');
		return {
			url,
			size: sizeOf(first.headers.get('x-linked-size') ?? last.headers.get('content-length')),
			sha256: etag && /^[0-9a-f]{64}$/.test(etag) ? etag : undefined,
			commit: first.headers.get('x-repo-commit') ?? undefined,
		};
	});
}

const sizeOf = (header: string | null) => (header === null ? undefined : Number(header));

/** One HTTP exchange for plain bytes: offsets mean nothing in a compressed body. */
export const request = (url: string, init: RequestInit, signal: AbortSignal): Promise<Response> =>
	fetch(url, { ...init, headers: { 'accept-encoding': 'identity', ...init.headers }, signal });

export function expectOk(response: Response, url: string): void {
	if (response.ok) return;
	const { status } = response;
	const retryable = status === 408 || status === 429 || status >= 500;
	const advice =
		status === 401 || status === 403
			? 'The repository wants a login; use a mirror that serves it, or copy the files into the models folder by hand.'
			: status === 404
				? 'The file or its revision is not there; check the endpoint.'
				: 'Try again later.';
	throw new OperationFailed(`Expected a file at ${url}, got HTTP ${status}. ${advice}`, { code: 'model_download_failed', retryable });
}

/** Tries again what may go better the next time: broken connections and busy servers. */
export async function withRetries<T>({ retries, retryDelay }: RemoteOptions, signal: AbortSignal, attempt: () => Promise<T>): Promise<T> {
	for (let tries = 0; ; tries++) {
		try {
			return await attempt();
		} catch (error) {
			signal.throwIfAborted();
			const final = error instanceof ToolError ? !error.retryable : !isNetworkFault(error);
			if (final) throw error;
			if (tries >= retries) throw exhausted(error, tries + 1);
			await sleep(retryDelay * 2 ** tries, undefined, { signal }).catch(() => signal.throwIfAborted());
		}
	}
}

function exhausted(error: unknown, tries: number): ToolError {
	if (error instanceof ToolError) return error;
	return new OperationFailed(
		`The download broke off ${tries} times: ${reasonOf(error)}. Check the connection and run it again; it goes on where it stopped.`,
		{ code: 'model_download_failed', retryable: true, cause: error },
	);
}
