import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { z } from 'zod/v4';
import { messageOf, RemoteJobFailed, ToolError } from '../src/errors';
import { mimeTypeOf } from '../src/mime';
import { jsonIn } from '../src/read-json';
import { createRunPodClient } from '../src/runpod/client';
import { openAxios } from '../src/runpod/http';
import { redact } from '../src/runpod/redact';
import { pause, retryPause, timing as usualTiming, type Timing } from '../src/runpod/timing';
import { download } from './fetch';
import type { Settings } from './settings';

export interface OwnFilesTarget {
	baseUrl: string;
	endpointId: string;
	apiKey: string;
}

export interface OwnFilesOptions {
	signal: AbortSignal;
	settings: Pick<Settings, 'AI_AGENT_TOOLS_MAX_DOWNLOAD' | 'AI_AGENT_TOOLS_TIME_LIMIT' | 'AI_AGENT_TOOLS_STALL_LIMIT'>;
	/** Shortened in tests. */
	timing?: Timing | undefined;
}

/** What each endpoint said in this process. */
const known = new Map<string, boolean>();

const tries = 5;

const advice = 'Check the base URL in the credential; a proxy before the runtime must pass on /files as it does /v2';

const stored = z.object({ url: z.url() });

/**
 * The files that `serve` keeps beside its API: `https://host/v2` has them at `https://host/files`. They are reached by the
 * address in the credential alone, whatever host their links name: that of a proxy may differ from what the runtime knows.
 */
export function openOwnFiles(target: OwnFilesTarget, { signal, settings, timing = usualTiming }: OwnFilesOptions) {
	const root = `${target.baseUrl.replace(/\/+$/, '').replace(/\/v2$/, '')}/files`;

	/** Whether the endpoint keeps files, as RunPod does not. Asked once in a process. */
	async function areKept(): Promise<boolean> {
		const name = `${root} ${target.endpointId}`;
		const kept = known.get(name) ?? (await persist(async () => (await createRunPodClient(target).health({ signal })).files));
		known.set(name, kept);
		return kept;
	}

	async function put(file: string, fileName: string): Promise<{ url: string }> {
		const { size } = await stat(file);
		const headers = { 'content-type': mimeTypeOf(fileName), 'content-length': size };
		const answer = await persist(async () => {
			const data = createReadStream(file);
			try {
				return await ask('PUT', encodeURIComponent(fileName), { data, headers });
			} finally {
				data.destroy();
			}
		});
		const { data: kept } = stored.safeParse(jsonIn(answer));
		if (!kept) throw new RemoteJobFailed(`Expected the runtime at ${root} to say where it keeps a file, got ${JSON.stringify(redact(answer).slice(0, 80))}. ${advice}`, { code: 'protocol' });
		return kept;
	}

	async function ask(method: 'PUT' | 'DELETE', name: string, { headers, ...body }: { data?: NodeJS.ReadableStream; headers?: Record<string, string | number> } = {}): Promise<string> {
		const { axios, agents } = await openAxios();
		const call = { method, url: `${root}/${name}`, headers: { ...headers, authorization: `Bearer ${target.apiKey}` }, ...body, signal, timeout: settings.AI_AGENT_TOOLS_STALL_LIMIT * 1000 };
		const { status, data } = await axios.request<string>({ ...call, ...agents, ...plain, responseType: 'text' }).catch((error: unknown) => {
			signal.throwIfAborted();
			throw new RemoteJobFailed(`The files of the runtime at ${root} could not be reached (${redact(messageOf(error), [target.apiKey])}). Check that it is up`, { code: 'unreachable', retryable: true });
		});
		if (status >= 200 && status < 300) return data;
		throw new RemoteJobFailed(`The runtime at ${root} refused a file (HTTP ${status}): ${redact(data, [target.apiKey]).slice(0, 200)}${status === 404 ? `. ${advice}` : ''}`, { code: 'file_refused', retryable: mayPass(status) });
	}

	/** Asks for a link by the road that the jobs take, through a proxy where one is set. */
	async function open(url: URL, limit: AbortSignal): Promise<IncomingMessage> {
		const { axios, agents } = await openAxios();
		const { data } = await axios.request<IncomingMessage>({ url: url.href, signal: limit, ...agents, ...plain, responseType: 'stream', decompress: false }).catch((error: { code?: string }) => {
			// axios's own error holds the link.
			throw Object.assign(new Error(redact(messageOf(error))), { code: error.code });
		});
		return data;
	}

	/** Tries again what may pass: a dropped connection, a server that is busy or just starting. */
	async function persist<T>(work: () => Promise<T>): Promise<T> {
		for (let failures = 1; ; failures++) {
			try {
				return await work();
			} catch (error) {
				signal.throwIfAborted();
				if (failures === tries || !(error instanceof ToolError && error.retryable) || error.type === 'TimedOut') throw error;
				await pause(retryPause(timing, failures), signal);
			}
		}
	}

	return {
		areKept,
		put,

		/** Whether a link of a result leads to a file that the endpoint keeps. */
		owns: async (url: string) => idOf(url) !== undefined && (await areKept()),

		async fetch(url: string, path: string): Promise<void> {
			const { pathname, search } = new URL(url);
			const link = root + pathname.slice(pathname.lastIndexOf('/files/') + '/files'.length) + search;
			const { AI_AGENT_TOOLS_MAX_DOWNLOAD: maxBytes, AI_AGENT_TOOLS_TIME_LIMIT: timeLimit, AI_AGENT_TOOLS_STALL_LIMIT: stallLimit } = settings;
			await persist(() => download(link, path, { signal, maxBytes, timeLimit, stallLimit, allowPrivate: true, open }));
		},

		remove: (url: string) => persist(() => ask('DELETE', idOf(url) ?? '')),
	};
}

const plain = {
	validateStatus: () => true,
	transformResponse: [(value: unknown) => value],
	maxBodyLength: Infinity,
	maxContentLength: -1,
	// The key must not travel to wherever a redirection points.
	maxRedirects: 0,
};

const mayPass = (status: number) => status === 408 || status === 429 || (status >= 500 && status !== 507);

/** The id in a link that `serve` made, as in `…/files/<id>/<name>?expires=…&signature=…`. */
const idOf = (url: string) => /\/files\/([\w-]+)\/[^/?]*\?expires=\d+&signature=[\w-]+$/.exec(url)?.[1];
