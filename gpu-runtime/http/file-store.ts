import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { copyFile, link, rename, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { InvalidInput, OperationFailed } from '../../src/errors';
import { mimeTypeOf } from '../../src/mime';
import { safeName } from '../../src/storage/keys';
import { HttpProblem } from './exchange';
import { shownUrl } from './shown-url';

export interface KeptFile {
	fileName: string;
	mimeType: string;
	size: number;
}

export interface FileStoreOptions {
	/** A private folder, made and removed by the caller. */
	folder: string;
	/** Seconds that a file is kept and its link lives. */
	life: number;
	maxBytes: number;
}

interface Entry extends KeptFile {
	path: string;
	/** Seconds since the epoch. */
	expires: number;
	timer: NodeJS.Timeout;
}

/**
 * Files that travel between a client and this runtime, where there is no S3. Whoever has a file's link can fetch it until it
 * expires: the link is signed with a secret of this process.
 */
export function createFileStore({ folder, life, maxBytes }: FileStoreOptions) {
	const secret = randomBytes(32);
	const entries = new Map<string, Entry>();
	const signatureOf = (id: string, expires: number) => createHmac('sha256', secret).update(`${id} ${expires}`).digest('base64url');

	function add(id: string, path: string, file: KeptFile, origin: string) {
		const expires = Math.floor(Date.now() / 1000) + life;
		entries.set(id, { ...file, path, expires, timer: setTimeout(() => void remove(id), life * 1000).unref() });
		const url = `${origin}/files/${id}/${encodeURIComponent(file.fileName)}?expires=${expires}&signature=${signatureOf(id, expires)}`;
		return { ...file, url, expiresAt: new Date(expires * 1000).toISOString() };
	}

	async function remove(id: string): Promise<boolean> {
		const entry = entries.get(id);
		if (!entry) return false;
		clearTimeout(entry.timer);
		entries.delete(id);
		await rm(entry.path, { force: true });
		return true;
	}

	/** The file that a link leads to; undefined when the link was not made here, was changed, or has expired. */
	function open(url: URL): Entry | undefined {
		const id = idOf(url) ?? '';
		const expires = Number(url.searchParams.get('expires'));
		const given = Buffer.from(url.searchParams.get('signature') ?? '');
		const right = Buffer.from(signatureOf(id, expires));
		const isRight = given.length === right.length && timingSafeEqual(given, right);
		return isRight && expires > Date.now() / 1000 ? entries.get(id) : undefined;
	}

	return {
		/** Moves a finished local file into the store. */
		async keep({ file, fileName, mimeType, size }: KeptFile & { file: string }, origin: string) {
			const id = randomUUID();
			const path = join(folder, id);
			await rename(file, path).catch(() => copyFile(file, path));
			const { url } = add(id, path, { fileName: safeName(fileName), mimeType, size }, origin);
			return { url };
		},

		/** Takes the body of a request. */
		async receive(request: IncomingMessage, name: string, origin: string) {
			const tooLarge = new HttpProblem(413, `file too large; at most ${maxBytes} bytes, which AI_AGENT_TOOLS_MAX_DOWNLOAD of this runtime raises`, { connection: 'close' });
			if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge;
			const id = randomUUID();
			const path = join(folder, id);
			let size = 0;
			const count = new Transform({
				transform(chunk: Buffer, _encoding, done) {
					size += chunk.length;
					if (size > maxBytes) done(tooLarge);
					else done(null, chunk);
				},
			});
			try {
				await pipeline(request.iterator({ destroyOnReturn: false }), count, createWriteStream(path, { mode: 0o600 }));
			} catch (error) {
				await rm(path, { force: true });
				throw error instanceof HttpProblem ? error : request.destroyed ? new HttpProblem(400, 'the upload broke off') : new HttpProblem(507, 'the file could not be written; the disk may be full');
			}
			const fileName = safeName(name);
			return add(id, path, { fileName, mimeType: request.headers['content-type'] ?? mimeTypeOf(fileName), size }, origin);
		},

		async send(url: URL, method: string, response: ServerResponse): Promise<void> {
			const entry = open(url);
			if (!entry) throw new HttpProblem(404, 'no such file, or its link has expired');
			response.writeHead(200, {
				'content-type': entry.mimeType,
				'content-length': entry.size,
				'content-disposition': `attachment; filename="${entry.fileName}"`,
				'cache-control': 'private, no-store',
				'x-content-type-options': 'nosniff',
			});
			if (method === 'HEAD') response.end();
			// A client that leaves is no failure of ours.
			else await pipeline(createReadStream(entry.path), response).catch(() => response.destroy());
		},

		remove,

		/** Brings a url that leads into this store into place, without a detour through the network; false when it leads elsewhere. `origin` is where the client reached us. */
		async take(url: string, path: string, origin: string): Promise<boolean> {
			const parsed = URL.canParse(url) ? new URL(url) : undefined;
			if (!parsed || idOf(parsed) === undefined) return false;
			const entry = open(parsed);
			if (!entry && url.startsWith(`${origin}/files/`))
				throw new InvalidInput(`Expected a link to a file that this runtime keeps, got ${shownUrl(url)}. It has expired after ${life} s, was deleted or changed, or the runtime was started again since: send the file again`, { code: 'link_expired' });
			if (!entry) return false;
			await link(entry.path, path).catch(() =>
				copyFile(entry.path, path).catch((cause: unknown) => {
					throw new OperationFailed(`The file ${entry.fileName} could not be brought into place`, { code: 'disk_full', cause });
				}),
			);
			return true;
		},

		close() {
			for (const { timer } of entries.values()) clearTimeout(timer);
		},
	};
}

/** A proxy may have put something before the path. */
const idOf = ({ pathname }: URL) => /\/files\/([^/]+)\//.exec(pathname)?.[1];

