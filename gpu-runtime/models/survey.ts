import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Precision } from '../../src/vocabulary';
import { filesOf, type ModelEntry } from './manifest';
import { isPresent } from './presence';
import { hashFile, readRecord, stateOf, writeRecord } from './record';

export interface ModelStatus {
	name: string;
	repo: string;
	licence: string;
	folder: string;
	/** Precisions whose files are all there. */
	present: Precision[];
	available: readonly Precision[];
	/** Bytes on disk, unfinished files included. */
	size: number;
}

export interface Verification {
	file: string;
	/** `recorded`: seen for the first time. `foreign`: whole, but another file than the published one. */
	status: 'ok' | 'recorded' | 'foreign' | 'damaged' | 'missing';
}

export async function statusOf(entry: ModelEntry, folder: string): Promise<ModelStatus> {
	const { name, repo, licence, precisions: available } = entry;
	const record = await readRecord(folder, repo);
	const present: Precision[] = [];
	for (const precision of available) {
		if (await isPresent(folder, entry, precision, record)) present.push(precision);
	}
	const states = await Promise.all((await filesIn(folder)).map((path) => stateOf(join(folder, path))));
	const size = states.reduce((sum, state) => sum + (state?.size ?? 0), 0);
	return { name, repo, licence, folder, present, available, size };
}

/** Reads every file of the model that is or was there; a folder that was never used has none. */
export async function verifyModel(entry: ModelEntry, folder: string, signal: AbortSignal): Promise<Verification[]> {
	const record = await readRecord(folder, entry.repo);
	const wanted = entry.precisions.flatMap((precision) => filesOf(entry, precision)).map(({ path }) => path);
	const found = (await filesIn(folder)).filter((path) => wanted.includes(path) || entry.extras?.some((extra) => path.startsWith(`${extra}/`)));
	const results: Verification[] = [];
	for (const file of [...new Set([...Object.keys(record.files), ...found])].sort()) {
		const path = join(folder, file);
		const state = await stateOf(path);
		if (!state) {
			results.push({ file, status: 'missing' });
			continue;
		}
		const sha256 = await hashFile(path, signal);
		const known = record.files[file]?.sha256;
		if (known === undefined) record.files[file] = { sha256, ...state };
		results.push({ file, status: compare(sha256, known, entry.hashes?.[file]) });
	}
	if (results.some(({ status }) => status === 'recorded')) await writeRecord(folder, record);
	return results;
}

function compare(sha256: string, known: string | undefined, published: string | undefined): Verification['status'] {
	if (known !== undefined && known !== sha256) return 'damaged';
	if (published !== undefined && published !== sha256) return 'foreign';
	return known === undefined && published === undefined ? 'recorded' : 'ok';
}

async function filesIn(folder: string): Promise<string[]> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
	return entries
		.filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
		.map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
}
