import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod/v4';
import { jsonIn } from '../../src/read-json';

const recordedFile = z.object({
	sha256: z.string(),
	size: z.number(),
	/** Milliseconds; with the size, tells whether the file was touched since its hash was taken. */
	modified: z.number(),
});

const schema = z.object({
	repo: z.string(),
	/** The commit the files came from; absent for a folder that was filled by hand. */
	revision: z.string().optional(),
	files: z.record(z.string(), recordedFile),
	/** Optional files that the repository does not have. */
	absent: z.array(z.string()),
});

/** What is known of a model's folder: every whole file with its hash. A file that is not in it is not trusted yet. */
export type ModelRecord = z.infer<typeof schema>;

export const recordPath = (folder: string) => join(folder, '.record.json');

export async function readRecord(folder: string, repo: string): Promise<ModelRecord> {
	const text = await readFile(recordPath(folder), 'utf8').catch(() => undefined);
	// Unreadable is as good as none: the files are hashed again.
	const parsed = text === undefined ? undefined : schema.safeParse(jsonIn(text));
	return parsed?.success ? parsed.data : { repo, files: {}, absent: [] };
}

export async function writeRecord(folder: string, record: ModelRecord): Promise<void> {
	const path = recordPath(folder);
	const part = `${path}.${process.pid}`;
	const file = await open(part, 'w');
	try {
		await file.writeFile(JSON.stringify(record, null, '\t'));
		await file.sync();
	} finally {
		await file.close();
	}
	await moveIntoPlace(part, path);
}

/** After this the file has its name even if the machine loses power. */
export async function moveIntoPlace(part: string, path: string): Promise<void> {
	await rename(part, path);
	const folder = await open(dirname(path), 'r');
	try {
		await folder.sync();
	} finally {
		await folder.close();
	}
}

export interface FileState {
	size: number;
	modified: number;
}

export async function stateOf(path: string): Promise<FileState | undefined> {
	const found = await stat(path).catch(() => undefined);
	return found?.isFile() ? { size: found.size, modified: Math.floor(found.mtimeMs) } : undefined;
}

export async function hashFile(path: string, signal?: AbortSignal): Promise<string> {
	const hash = createHash('sha256');
	await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash, { ...(signal && { signal }) });
	return hash.digest('hex');
}
