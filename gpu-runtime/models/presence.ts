import { join } from 'node:path';
import { OperationFailed } from '../../src/errors';
import type { Precision } from '../../src/vocabulary';
import { filesOf, type ModelEntry, type ModelFile } from './manifest';
import { hashFile, stateOf, type ModelRecord } from './record';

export interface Presence {
	/** Not on disk. */
	missing: ModelFile[];
	/** On disk, but their hash is not recorded for this size and time. */
	unproved: ModelFile[];
}

/** Compares the folder with what a model needs, by name, size and time: cheap enough for every job. */
export async function inspect(folder: string, files: readonly ModelFile[], record: ModelRecord): Promise<Presence> {
	const absent: ModelFile[] = [];
	const unproved: ModelFile[] = [];
	for (const file of files) {
		const state = await stateOf(join(folder, file.path));
		const known = record.files[file.path];
		if (!state) absent.push(file);
		else if (state.size !== known?.size || state.modified !== known.modified) unproved.push(file);
	}
	// A folder that somebody filled by hand is whole without the optional files; a download fetches them before the others.
	const whole = required(absent).length === 0;
	const missing = absent.filter(({ path }) => (whole ? path in record.files : !record.absent.includes(path)));
	return { missing, unproved };
}

export const required = (files: readonly ModelFile[]) => files.filter((file) => !file.optional);

/** Whether a model can be used in a precision without fetching anything. */
export async function isPresent(folder: string, entry: ModelEntry, precision: Precision, record: ModelRecord): Promise<boolean> {
	return (await inspect(folder, required(filesOf(entry, precision)), record)).missing.length === 0;
}

/** Records the hash of a file on its first use; one that changed later is an error. */
export async function prove(folder: string, { path }: ModelFile, record: ModelRecord, signal: AbortSignal): Promise<void> {
	const full = join(folder, path);
	const state = await stateOf(full);
	if (!state) throw damaged(full, 'it is gone');
	const sha256 = await hashFile(full, signal);
	const known = record.files[path];
	if (known && known.sha256 !== sha256) throw damaged(full, `its sha256 is ${sha256} and was ${known.sha256} at first use`);
	record.files[path] = { sha256, ...state };
}

const damaged = (path: string, reason: string) =>
	new OperationFailed(`The model file ${path} changed on disk: ${reason}. Delete it and download the model again.`, { code: 'model_damaged' });
