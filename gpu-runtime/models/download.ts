import { open, readFile, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { OperationFailed } from '../../src/errors';
import { hashFile, moveIntoPlace, stateOf } from './record';
import { expectOk, request, withRetries, type RemoteFile, type RemoteOptions } from './remote';
import { reasonOf } from '../system-error';

export interface Download {
	remote: RemoteFile;
	/** Final path; the bytes gather in `PATH.partial` and get this name only when the hash is right. */
	path: string;
	sha256: string | undefined;
	signal: AbortSignal;
	/** Bytes of this file that are on disk. */
	onBytes(bytes: number): void;
}

/** Fetches one file, going on where an earlier try, of this process or of one that was killed, stopped. Returns its hash. */
export async function downloadFile(download: Download, options: RemoteOptions): Promise<string> {
	const { remote, path, sha256 = remote.sha256, signal } = download;
	const part = `${path}.partial`;
	await withRetries(options, signal, () => receive(download, part, options));
	const got = await hashFile(part, signal);
	if (sha256 !== undefined && got !== sha256) {
		await removePart(part);
		throw new OperationFailed(
			`Expected ${remote.url} to have the sha256 ${sha256}, got ${got}. The file was thrown away; try again, and check the mirror if it happens twice.`,
			{ code: 'model_hash_mismatch' },
		);
	}
	await moveIntoPlace(part, path);
	await rm(`${part}.etag`, { force: true });
	return got;
}

const removePart = (part: string) => Promise.all([rm(part, { force: true }), rm(`${part}.etag`, { force: true })]);

async function receive(download: Download, part: string, options: RemoteOptions): Promise<void> {
	const { remote, signal, onBytes } = download;
	const have = (await stateOf(part))?.size ?? 0;
	if (have > 0 && have === remote.size) return onBytes(have);
	const etag = await readFile(`${part}.etag`, 'utf8').catch(() => undefined);
	const resume = have > 0 && etag !== undefined;
	const stall = watchdog(options.stallLimit, signal);
	try {
		const headers: Record<string, string> = resume ? { range: `bytes=${have}-`, 'if-range': etag } : {};
		const response = await request(remote.url, { headers }, stall.signal);
		if (response.status === 416) {
			await removePart(part);
			throw new OperationFailed(`The server does not continue ${remote.url}`, { code: 'model_download_failed', retryable: true });
		}
		expectOk(response, remote.url);
		const continues = response.status === 206 && response.headers.get('content-range')?.startsWith(`bytes ${have}-`) === true;
		await rememberEtag(part, response);
		await write(response, part, {
			from: continues ? have : 0,
			onBytes(bytes) {
				stall.alive();
				onBytes(bytes);
			},
		});
	} finally {
		stall.end();
	}
	await expectWhole(part, remote);
}

/** Only a strong validator may continue a file: a weak one allows other bytes. */
async function rememberEtag(part: string, response: Response): Promise<void> {
	const etag = response.headers.get('etag');
	if (etag !== null && !etag.startsWith('W/')) await onDisk(writeFile(`${part}.etag`, etag));
	else await rm(`${part}.etag`, { force: true });
}

async function write(response: Response, part: string, { from, onBytes }: { from: number; onBytes(bytes: number): void }): Promise<void> {
	const file = await open(part, from > 0 ? 'r+' : 'w');
	let at = from;
	try {
		onBytes(at);
		for await (const chunk of response.body ?? []) {
			await onDisk(writeAll(file, chunk, at));
			at += chunk.length;
			onBytes(at);
		}
		await onDisk(file.truncate(at));
		await onDisk(file.sync());
	} finally {
		await file.close();
	}
}

async function writeAll(file: FileHandle, chunk: Uint8Array, at: number): Promise<void> {
	for (let done = 0; done < chunk.length; ) {
		done += (await file.write(chunk, done, chunk.length - done, at + done)).bytesWritten;
	}
}

/** A disk that refuses is another matter than a network that does: trying again would not help. */
async function onDisk<T>(work: Promise<T>): Promise<T> {
	try {
		return await work;
	} catch (cause) {
		throw new OperationFailed(`The model could not be written: ${reasonOf(cause)}. Free some space, or move the models folder to a larger disk.`, {
			code: 'no_space',
			cause,
		});
	}
}

async function expectWhole(part: string, { url, size }: RemoteFile): Promise<void> {
	const got = (await stateOf(part))?.size ?? 0;
	if (size === undefined || got === size) return;
	if (got > size) await removePart(part);
	throw new OperationFailed(`Expected ${size} bytes from ${url}, got ${got}`, { code: 'model_download_failed', retryable: true });
}

/** A signal that ends when the server falls silent for too long. */
function watchdog(limit: number, outer: AbortSignal) {
	const silent = new AbortController();
	const bark = () => silent.abort(new DOMException(`Nothing came for ${limit} s`, 'TimeoutError'));
	let timer = setTimeout(bark, limit * 1000);
	return {
		signal: AbortSignal.any([outer, silent.signal]),
		alive() {
			clearTimeout(timer);
			timer = setTimeout(bark, limit * 1000);
		},
		end: () => clearTimeout(timer),
	};
}
