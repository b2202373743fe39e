import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { OperationFailed } from '../../src/errors';
import { fileSize } from '../../src/file-size';
import { downloadFile } from './download';
import type { ModelEntry, ModelFile } from './manifest';
import { stateOf, writeRecord, type ModelRecord } from './record';
import { fileUrl, lookUp, type RemoteFile, type RemoteOptions } from './remote';

export interface DownloadProgress {
	model: string;
	file: string;
	/** Of all files that are being fetched. */
	bytes: number;
	total: number;
}

export interface FetchMissing {
	entry: ModelEntry;
	folder: string;
	missing: readonly ModelFile[];
	/** Written after every file, so that a killed download keeps what it has. */
	record: ModelRecord;
	remote: RemoteOptions;
	freeBytes(folder: string): Promise<number>;
	signal: AbortSignal;
	onProgress?: ((progress: DownloadProgress) => void) | undefined;
}

/** Fetches the missing files of one model, all from one commit. The caller holds the folder's lock. */
export async function fetchMissing(task: FetchMissing): Promise<void> {
	const { entry, folder, record, remote, signal, onProgress } = task;
	const found = await survey(task);
	const total = found.reduce((sum, { facts }) => sum + (facts.size ?? 0), 0);
	await expectSpace(task, found);
	let before = 0;
	for (const { file, facts } of found) {
		const path = join(folder, file.path);
		await mkdir(dirname(path), { recursive: true });
		const onBytes = (bytes: number) => onProgress?.({ model: entry.name, file: file.path, bytes: before + bytes, total });
		const sha256 = await downloadFile({ remote: facts, path, sha256: file.sha256, signal, onBytes }, remote);
		const state = await stateOf(path);
		if (state) record.files[file.path] = { sha256, ...state };
		before += state?.size ?? 0;
		await writeRecord(folder, record);
	}
}

type Found = { file: ModelFile; facts: RemoteFile };

/** Asks for every file first: the sizes for the progress, and the commit that all of them must come from. */
async function survey({ entry, folder, missing, record, remote, signal }: FetchMissing): Promise<Found[]> {
	const found: Found[] = [];
	for (const file of missing) {
		const url = fileUrl(remote.endpoint, entry.repo, record.revision ?? entry.revision, file.path);
		const facts = await lookUp(url, remote, signal);
		if (facts) {
			record.revision ??= facts.commit;
			found.push({ file, facts });
		} else if (file.optional) record.absent.push(file.path);
		else {
			throw new OperationFailed(
				`Expected ${entry.repo} to have ${file.path}, but ${url} does not exist. Choose another precision, or check the endpoint.`,
				{ code: 'model_download_failed' },
			);
		}
	}
	await writeRecord(folder, record);
	// A model counts as whole with its required files: they come last.
	return found.sort((a, b) => Number(b.file.optional ?? false) - Number(a.file.optional ?? false));
}

async function expectSpace({ entry, folder, freeBytes }: FetchMissing, found: readonly Found[]): Promise<void> {
	let needed = 0;
	for (const { file, facts } of found) {
		const partial = await stateOf(join(folder, `${file.path}.partial`));
		needed += Math.max(0, (facts.size ?? 0) - (partial?.size ?? 0));
	}
	const free = await freeBytes(folder);
	if (free >= needed) return;
	throw new OperationFailed(
		`Expected ${fileSize(needed)} free in ${folder} for the model ${entry.name}, but there are ${fileSize(free)}. Free some space, or move the models folder to a larger disk.`,
		{ code: 'no_space' },
	);
}
