import { randomUUID } from 'node:crypto';
import { appendFile, open, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { InvalidInput, OperationFailed } from '../src/errors';
import { fileSize } from '../src/file-size';
import { extensionOf, mimeTypeOf } from '../src/mime';
import type { Files } from '../src/runtime';
import type { Media } from '../src/vocabulary';

export interface FilesOptions {
	folder: string;
	maxInline: number;
	download(url: string, path: string, field: string): Promise<void>;
	/** Fetches an object of the configured bucket. */
	fetchObject(media: Media, path: string, field: string): Promise<void>;
}

const maxText = 10_000_000;

function readText(bytes: Buffer, field: string): string {
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch (cause) {
		throw new InvalidInput(`${field}: Expected a text file in UTF-8, got one in another encoding. Save it as UTF-8 and try again`, { field, code: 'not_utf8', cause });
	}
}

/** The job's files: media in, results out. Names inside the folder are always made by us. */
export function createFiles({ folder, maxInline, download, fetchObject }: FilesOptions): Files {
	const fresh = (name: string) => join(folder, `${randomUUID().slice(0, 8)}${/^\.[a-z0-9]{1,5}$/i.test(extname(name)) ? extname(name) : ''}`);

	async function fromBase64(media: Media, field: string): Promise<string> {
		const [, mimeType, text = ''] = /^(?:data:([^;,]*)[^,]*,)?([\s\S]*)$/.exec(media.base64 ?? '') ?? [];
		const clean = text.replace(/\s/g, '');
		if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(clean)) throw new InvalidInput(`${field}: Expected base64, got other characters. Look at what fills it in`, { field, code: 'bad_base64' });
		const bytes = Buffer.from(clean, 'base64');
		if (bytes.length > maxInline)
			throw new InvalidInput(`${field}: Expected at most ${fileSize(maxInline)} of base64, got ${fileSize(bytes.length)}. Give a url or a storage key instead`, { field, code: 'inline_too_large' });
		const path = fresh(media.fileName ?? `inline${extensionOf(media.mimeType ?? mimeType ?? '')}`);
		await writeFile(path, bytes);
		return path;
	}

	/** A link with a name of our own: to ffmpeg a `%` or a leading dash in a name means something. */
	async function fromFile(path: string, field: string): Promise<string> {
		const found = await stat(path).catch(() => undefined);
		if (!found?.isFile()) throw new InvalidInput(`${field}: Expected a file that can be read at ${path}, got ${found ? 'something that is no file' : 'nothing'}`, { field, code: 'file_not_found' });
		const link = fresh(path);
		await symlink(resolve(path), link);
		return link;
	}

	async function local(media: Media, field: string): Promise<string> {
		if (media.file !== undefined) return fromFile(media.file, field);
		if (media.base64 !== undefined) return fromBase64(media, field);
		const path = fresh(media.fileName ?? '');
		if (media.url !== undefined) await download(media.url, path, field);
		else await fetchObject(media, path, field);
		return path;
	}

	return {
		folder,
		path: fresh,
		local,
		async text(media, field) {
			const path = await local(media, field);
			const { size } = await stat(path);
			if (size > maxText) throw new InvalidInput(`${field}: Expected a text file of at most ${fileSize(maxText)}, got ${fileSize(size)}. Choose a smaller file`, { field, code: 'text_too_large' });
			return readText(await readFile(path), field);
		},
		async write(name, text) {
			const path = fresh(name);
			await writeFile(path, text);
			return path;
		},
		size: async (path) => (await stat(path)).size,
		async read(path, start, length) {
			const file = await open(path);
			try {
				const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, start);
				return buffer.subarray(0, bytesRead);
			} finally {
				await file.close();
			}
		},
		append: (path, bytes) => appendFile(path, bytes),
		async result(path, { fileName, ...facts } = {}) {
			const { size } = await stat(path);
			const name = fileName ?? basename(path);
			if (size === 0) throw new OperationFailed(`${name} came out empty. An input may be damaged: look whether it plays`, { code: 'empty_result' });
			return { fileName: name, mimeType: mimeTypeOf(name), size, ...facts, file: path };
		},
	};
}
