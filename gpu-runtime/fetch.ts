import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { basename } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { OperationFailed, TimedOut } from '../src/errors';
import { explainFailure, explainStatus, invalid, type Place } from './http/download-errors';
import type { Resolver } from './http/address-guard';
import { request } from './http/request';
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
}

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
	const place: Place = { shown: shownUrl(url), field: options.field };
	options.signal.throwIfAborted();
	const limits = startLimits(options, place);
	const part = `${path}.part`;
	try {
		const { response, last } = await follow(parse(url, place), { ...options, signal: limits.signal }, place);
		const size = await receive(response, part, options.maxBytes, limits, place);
		await rename(part, path);
		return { size, mimeType: response.headers['content-type'] ?? '', fileName: basename(last.pathname) };
	} catch (error) {
		// Whatever broke because the download was stopped, the stop is the reason.
		throw limits.signal.aborted ? limits.signal.reason : explainFailure(error, place);
	} finally {
		limits.end();
		await rm(part, { force: true });
	}
}

function parse(url: string, place: Place): URL {
	const parsed = URL.canParse(url) ? new URL(url) : undefined;
	if (parsed && ['http:', 'https:'].includes(parsed.protocol)) return parsed;
	throw invalid(`Expected a url that starts with http:// or https://, got ${place.shown}`, 'bad_url', place);
}

type Answer = { response: IncomingMessage; last: URL };

/** Follows redirections by hand, so that each target is checked, and none is given the user name and password of the first. */
async function follow(first: URL, { signal, allowPrivate, resolve }: DownloadOptions, place: Place): Promise<Answer> {
	let url = first;
	for (let hops = 0; hops <= maxRedirects; hops++) {
		const mayBePrivate = typeof allowPrivate === 'boolean' ? allowPrivate : allowPrivate.includes(url.origin);
		const response = await request(url, { signal, allowPrivate: mayBePrivate, resolve });
		const { statusCode = 0 } = response;
		const { location } = response.headers;
		if (statusCode < 300 || statusCode >= 400 || location === undefined) {
			if (statusCode === 200) return { response, last: url };
			response.destroy();
			throw explainStatus(statusCode, place);
		}
		response.destroy();
		url = redirected(location, url, place);
	}
	throw invalid(`Expected at most ${maxRedirects} redirections from ${place.shown}, got more`, 'too_many_redirects', place);
}

function redirected(location: string, from: URL, place: Place): URL {
	const target = URL.canParse(location, from.href) ? new URL(location, from).href : location;
	const url = parse(target, { ...place, shown: `${place.shown}, which leads to ${shownUrl(target)}` });
	url.username = url.password = '';
	return url;
}

async function receive(response: IncomingMessage, part: string, maxBytes: number, limits: Limits, place: Place): Promise<number> {
	const declared = response.headers['content-length'] === undefined ? undefined : Number(response.headers['content-length']);
	if (declared !== undefined && declared > maxBytes) {
		response.destroy();
		throw tooLarge(place, maxBytes, `${declared}`);
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
	await pipeline(response, count, createWriteStream(part, { mode: 0o600 }), { signal: limits.signal });
	if (declared !== undefined && size !== declared)
		throw new OperationFailed(`Expected ${declared} bytes from ${place.shown}, got ${size}. Try again`, { code: 'download_incomplete', retryable: true });
	return size;
}

const tooLarge = (place: Place, maxBytes: number, got: string) =>
	invalid(`Expected a file of at most ${maxBytes} bytes at ${place.shown}, got ${got}. Give a smaller file, or raise AI_AGENT_TOOLS_MAX_DOWNLOAD`, 'download_too_large', place);

type Limits = ReturnType<typeof startLimits>;

/** A signal that ends with the caller's, at the time limit, and when nothing comes for too long. */
function startLimits({ signal: outer, timeLimit, stallLimit }: DownloadOptions, { shown }: Place) {
	const stop = new AbortController();
	const forward = () => stop.abort(outer.reason);
	outer.addEventListener('abort', forward, { once: true });
	const overall = setTimeout(() => stop.abort(new TimedOut(`Expected ${shown} to be downloaded within ${timeLimit} s`, { code: 'download_timed_out' })), timeLimit * 1000);
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
