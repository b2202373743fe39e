import { existsSync } from 'node:fs';
import { mkdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidInput, OperationFailed } from '../../src/errors';
import type { Precision } from '../../src/vocabulary';
import { fetchMissing, type DownloadProgress } from './fetch-missing';
import { withFolderLock } from './folder-lock';
import { filesOf, findModel, graphPath, manifest as known, type ModelEntry, type ModelFile } from './manifest';
import { inspect, isPresent, prove, required } from './presence';
import { readRecord, writeRecord } from './record';
import type { RemoteOptions } from './remote';
import { codeOf, reasonOf } from '../system-error';
import { statusOf, verifyModel, type ModelStatus, type Verification } from './survey';

export type { DownloadProgress } from './fetch-missing';
export type { ModelStatus, Verification } from './survey';

export interface ModelStoreOptions extends Partial<RemoteOptions> {
	/** Outside the package, as n8n replaces package folders. One folder for each model is made in it. */
	folder: string;
	/** Never touches the network. */
	offline?: boolean | undefined;
	/** Taken where a request names no precision and the model has it. */
	precision?: Precision | undefined;
	manifest?: readonly ModelEntry[];
	/** Bytes free for us where the folder is. */
	freeBytes?: (folder: string) => Promise<number>;
}

export interface EnsureRequest {
	precision?: Precision | undefined;
	/** What the model will run on, where that is known; decides the precision when nothing else does. */
	device?: 'cpu' | 'cuda' | undefined;
	/** Further files, e.g. `voices/af_heart.bin`. */
	extras?: readonly string[];
	signal: AbortSignal;
	onProgress?: ((progress: DownloadProgress) => void) | undefined;
}

/** A model whose files are all there, whole. */
export interface ReadyModel {
	name: string;
	folder: string;
	precision: Precision;
	/** The commit, where it is known. */
	revision?: string;
	/** Absolute path of a graph in this precision, e.g. `graph('encoder_model')`. */
	graph(name: string): string;
	/** Absolute path of another file; undefined when an optional one is not there. */
	file(path: string): string | undefined;
}

/** What tells a loaded model from all others: each precision of it is one. */
export const nameOf = ({ name, precision }: Pick<ReadyModel, 'name' | 'precision'>) => `${name} ${precision}`;

export interface ModelStore {
	readonly folder: string;
	/** Makes sure that a model is there, fetching what is missing, once for all processes that share the folder. */
	ensure(name: string, request: EnsureRequest): Promise<ReadyModel>;
	list(): Promise<ModelStatus[]>;
	/** Reads every file of a model again and compares the hashes. */
	verify(name: string, signal: AbortSignal): Promise<Verification[]>;
	path(name: string): string;
}

const remoteDefaults: RemoteOptions = { endpoint: 'https://huggingface.co', stallLimit: 60, retries: 5, retryDelay: 1000 };

const freeBytesOf = async (folder: string) => {
	const { bavail, bsize } = await statfs(folder);
	return bavail * bsize;
};

export function createModelStore(options: ModelStoreOptions): ModelStore {
	const { folder: root, offline = false, precision, manifest = known, freeBytes = freeBytesOf, ...given } = options;
	const remote = { ...remoteDefaults, ...given };
	const folderOf = (name: string) => join(root, findModel(name, manifest).name);

	return {
		folder: root,
		async ensure(name, request) {
			const entry = findModel(name, manifest);
			const folder = folderOf(name);
			const chosen = await choosePrecision(entry, folder, { ...request, preferred: precision });
			const files = filesOf(entry, chosen, checkedExtras(entry, request.extras ?? []));
			const whole = await isWhole(folder, entry, files);
			if (!whole && offline) expectPresent(name, folder, (await look(folder, entry, files)).missing);
			if (!whole) await complete({ entry, folder, files, request, fetching: !offline, remote, freeBytes });
			return ready(entry, folder, chosen);
		},
		list: () => Promise.all(manifest.map((entry) => statusOf(entry, folderOf(entry.name)))),
		verify: (name, signal) => verifyModel(findModel(name, manifest), folderOf(name), signal),
		path: folderOf,
	};
}

/** What is asked for; else the runtime's choice; else what is on disk already; else the model's usual one. */
async function choosePrecision(
	entry: ModelEntry,
	folder: string,
	{ precision: asked, device, preferred }: Pick<EnsureRequest, 'precision' | 'device'> & { preferred: Precision | undefined },
): Promise<Precision> {
	if (asked !== undefined) {
		if (entry.precisions.includes(asked)) return asked;
		throw new InvalidInput(`Expected a precision that ${entry.name} has (${entry.precisions.join(', ')}), got ${asked}`, {
			field: 'precision',
			code: 'precision_unavailable',
		});
	}
	if (preferred !== undefined && entry.precisions.includes(preferred)) return preferred;
	const usual = (device === 'cuda' ? entry.cuda : undefined) ?? entry.precisions[0] ?? 'fp32';
	const record = await readRecord(folder, entry.repo);
	for (const precision of [usual, ...entry.precisions]) {
		if (await isPresent(folder, entry, precision, record)) return precision;
	}
	return usual;
}

function checkedExtras(entry: ModelEntry, extras: readonly string[]): readonly string[] {
	const bad = extras.find((path) => path.includes('..') || !entry.extras?.some((folder) => path.startsWith(`${folder}/`)));
	if (bad === undefined) return extras;
	throw new InvalidInput(`Expected a file in ${entry.extras?.join(', ') ?? 'no further folder'} of ${entry.name}, got ${bad}`);
}

const look = async (folder: string, entry: ModelEntry, files: readonly ModelFile[]) =>
	inspect(folder, files, await readRecord(folder, entry.repo));

async function isWhole(folder: string, entry: ModelEntry, files: readonly ModelFile[]): Promise<boolean> {
	const { missing, unproved } = await look(folder, entry, files);
	return missing.length === 0 && unproved.length === 0;
}

function expectPresent(name: string, folder: string, missing: readonly ModelFile[]): void {
	const lacking = required(missing).map(({ path }) => path);
	if (lacking.length === 0) return;
	throw new OperationFailed(
		`The model ${name} lacks ${lacking.join(', ')} in ${folder}, and the runtime is set to stay offline. Copy the files there, or run "ai-agent-tools models download ${name}" with a network.`,
		{ code: 'model_missing' },
	);
}

interface Completion {
	entry: ModelEntry;
	folder: string;
	files: readonly ModelFile[];
	request: EnsureRequest;
	/** Whether missing files are fetched; those present are proved either way. */
	fetching: boolean;
	remote: RemoteOptions;
	freeBytes(folder: string): Promise<number>;
}

/** Under the folder's lock: another process may have done it all meanwhile. */
async function complete({ entry, folder, files, request, fetching, remote, freeBytes }: Completion): Promise<void> {
	const { signal: outer, onProgress } = request;
	try {
		await mkdir(folder, { recursive: true });
		await withFolderLock(folder, { signal: outer }, async (signal) => {
			const record = await readRecord(folder, entry.repo);
			const { missing, unproved } = await inspect(folder, files, record);
			for (const file of unproved) await prove(folder, file, record, signal);
			if (unproved.length > 0) await writeRecord(folder, record);
			if (missing.length > 0 && fetching) await fetchMissing({ entry, folder, missing, record, remote, freeBytes, signal, onProgress });
		});
	} catch (error) {
		if (!isReadOnly(error)) throw error;
		// A models folder that is only lent to us cannot keep a record; what is in it can still be used.
		const { missing } = await look(folder, entry, files);
		if (required(missing).length > 0) throw notWritable(folder, error);
	}
}

const isReadOnly = (error: unknown) => ['EROFS', 'EACCES', 'EPERM', 'ENOTDIR'].includes(codeOf(error) ?? '');

const notWritable = (folder: string, cause: unknown) =>
	new OperationFailed(`Expected a models folder that can be written, got: ${reasonOf(cause)}. Give the runtime the right to write ${folder}, or set another folder.`, {
		code: 'models_folder',
		cause,
	});

async function ready(entry: ModelEntry, folder: string, precision: Precision): Promise<ReadyModel> {
	const { revision } = await readRecord(folder, entry.repo);
	return {
		name: entry.name,
		folder,
		precision,
		...(revision !== undefined && { revision }),
		graph: (name) => join(folder, graphPath(entry, name, precision)),
		file: (path) => (existsSync(join(folder, path)) ? join(folder, path) : undefined),
	};
}
