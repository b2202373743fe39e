import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { basename } from 'node:path';
import { Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { OperationFailed, TimedOut } from '../src/errors';
import { fileSize } from '../src/file-size';
import { explainFailure, explainStatus, invalid, type Place } from './http/download-errors';
import type { Resolver } from './http/address-guard';
import { request, type HttpRequest } from './http/request';
import { shownUrl } from './http/shown-url';

export interface DownloadOptions {
	signal: AbortSignal;
	maxBytes: number;
	/** Seconds for the whole download. */
	timeLimit: number;
	/** Seconds without a byte. */
	stallLimit: number;
	/** Whether loopback, private and link-local addresses may be asked; or the origins that may be such, e.g. `http://minio:9000`. */
	allowPrivate: boolean | readonly string[];
	/** The input field that the url came from, for messages. */
	field?: string | undefined;
	resolve?: Resolver | undefined;
	/** Another way to ask, which then decides itself what may be asked. */
	open?: ((url: URL, signal: AbortSignal) => Promise<IncomingMessage>) | undefined;
}

/** A download, or a request of another kind to a service. */
export type FetchOptions = DownloadOptions & Pick<HttpRequest, 'method' | 'headers' | 'body'>;

export interface Downloaded {
	size: number;
	/** As the server says it; empty when it does not. */
	mimeType: string;
	/** The last part of the final url's path; may be empty. */
	fileName: string;
}

const maxRedirects = 5;

/** Fetches a file by http or https. `path` appears only when the whole file has come; in every other ending nothing is left. */
export async function download(url: string, path: string, options: DownloadOptions): Promise<Downloaded> {
	const part = `${path}.part`;
	try {
		return await exchange(url, options, async ({ response, last }, receive, place) => {
			if (response.statusCode !== 200) {
				response.destroy();
				throw explainStatus(response.statusCode ?? 0, place);
			}
			const size = await receive(createWriteStream(part, { mode: 0o600 }));
			await rename(part, path);
			return { size, mimeType: response.headers['content-type'] ?? '', fileName: basename(last.pathname) };
		});
	} finally {
		await rm(part, { force: true });
	}
}

/** Fetches a text, whatever the status of the answer. */
export function fetchText(url: string, options: FetchOptions): Promise<{ status: number; text: string }> {
	return exchange(url, options, async ({ response }, receive) => {
		const chunks: Buffer[] = [];
		await receive(new Writable({ write: (chunk: Buffer, _encoding, done) => (chunks.push(chunk), done()) }));
		return { status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') };
	});
}

/** Puts the answer's bytes into a stream, within the limits; their number. */
type Receive = (into: Writable) => Promise<number>;

/** One exchange with everything that limits it; a failure is explained, and a stop is the reason of what broke by it. */
async function exchange<T>(url: string, options: FetchOptions, use: (answer: Answer, receive: Receive, place: Place) => Promise<T>): Promise<T> {
	const place: Place = { shown: shownUrl(url), field: options.field };
	options.signal.throwIfAborted();
	const limits = startLimits(options, place);
	try {
		const answer = await follow(parse(url, place), { ...options, signal: limits.signal }, place);
		return await use(answer, (into) => receive(answer.response, into, options.maxBytes, limits, place), place);
	} catch (error) {
		throw limits.signal.aborted ? limits.signal.reason : explainFailure(error, place);
	} finally {
		limits.end();
	}
}

function parse(url: string, place: Place): URL {
	const parsed = URL.canParse(url) ? new URL(url) : undefined;
	if (parsed && ['http:', 'https:'].includes(parsed.protocol)) return parsed;
	throw invalid(`Expected a url that starts with http:// or https://, got ${place.shown}. Enter the whole link`, 'bad_url', place);
}

type Answer = { response: IncomingMessage; last: URL };

/** Follows redirections by hand, so that each target is checked, and none is given the user name and password of the first. */
async function follow(first: URL, { signal, allowPrivate, open, ...given }: FetchOptions, place: Place): Promise<Answer> {
	let url = first;
	for (let hops = 0; hops <= maxRedirects; hops++) {
		const mayBePrivate = typeof allowPrivate === 'boolean' ? allowPrivate : allowPrivate.includes(url.origin);
		const response = await (open ? open(url, signal) : request(url, { ...given, signal, allowPrivate: mayBePrivate }));
		const { statusCode = 0 } = response;
		const { location } = response.headers;
		if (statusCode < 300 || statusCode >= 400 || location === undefined) return { response, last: url };
		response.destroy();
		url = redirected(location, url, place);
	}
	throw invalid(`Expected at most ${maxRedirects} redirections from ${place.shown}, got more. Use the link that the last one leads to`, 'too_many_redirects', place);
}

function redirected(location: string, from: URL, place: Place): URL {
	const target = URL.canParse(location, from.href) ? new URL(location, from).href : location;
	const url = parse(target, { ...place, shown: `${place.shown}, which leads to ${shownUrl(target)}` });
	url.username = url.password = '';
	return url;
}

async function receive(response: IncomingMessage, into: Writable, maxBytes: number, limits: Limits, place: Place): Promise<number> {
	const declared = response.headers['content-length'] === undefined ? undefined : Number(response.headers['content-length']);
	if (declared !== undefined && declared > maxBytes) {
		response.destroy();
		throw tooLarge(place, maxBytes, fileSize(declared));
	}
	let size = 0;
	const count = new Transform({
		transform(chunk: Buffer, _encoding, done) {
			limits.alive();
			size += chunk.length;
			if (size > maxBytes) done(tooLarge(place, maxBytes, 'more'));
			else done(null, chunk);
		},
	});
	await pipeline(response, count, into, { signal: limits.signal });
	if (declared !== undefined && size !== declared)
		throw new OperationFailed(`Expected ${declared} bytes from ${place.shown}, got ${size}. Try again`, { code: 'download_incomplete', retryable: true });
	return size;
}

const tooLarge = (place: Place, maxBytes: number, got: string) =>
	invalid(`Expected a file of at most ${fileSize(maxBytes)} at ${place.shown}, got ${got}. Give a smaller file, or raise AI_AGENT_TOOLS_MAX_DOWNLOAD`, 'download_too_large', place);

type Limits = ReturnType<typeof startLimits>;

/** A signal that ends with the caller's, at the time limit, and when nothing comes for too long. */
function startLimits({ signal: outer, timeLimit, stallLimit }: DownloadOptions, { shown }: Place) {
	const stop = new AbortController();
	const forward = () => stop.abort(outer.reason);
	outer.addEventListener('abort', forward, { once: true });
	const overall = setTimeout(() => stop.abort(new TimedOut(`Expected ${shown} to be downloaded within ${timeLimit} s. Try again, or raise AI_AGENT_TOOLS_TIME_LIMIT`, { code: 'download_timed_out' })), timeLimit * 1000);
	const stall = setTimeout(
		() => stop.abort(new OperationFailed(`Nothing came from ${shown} for ${stallLimit} s. Try again`, { code: 'download_stalled', retryable: true })),
		stallLimit * 1000,
	);
	return {
		signal: stop.signal,
		alive: () => void stall.refresh(),
		end() {
			clearTimeout(overall);
			clearTimeout(stall);
			outer.removeEventListener('abort', forward);
		},
	};
}
