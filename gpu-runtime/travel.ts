import { randomUUID } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { InvalidInput, OperationFailed, RemoteJobFailed } from '../src/errors';
import { fileSize } from '../src/file-size';
import { mimeTypeOf } from '../src/mime';
import type { Leftover } from '../src/runpod/leftover';
import { defaultBaseUrl, type S3Config } from '../src/runpod/protocol';
import type { StorageConfig } from '../src/storage/config';
import { temporaryKey } from '../src/storage/keys';
import type { Storage } from '../src/runtime';
import type { Media, ProducedFile } from '../src/vocabulary';
import type { Timing } from '../src/runpod/timing';
import { download } from './fetch';
import { openOwnFiles } from './own-files';
import type { Settings } from './settings';
import { openStorage } from './storage';

export interface TravelTarget {
	/** RunPod's when absent. */
	baseUrl?: string | undefined;
	endpointId: string;
	apiKey: string;
	/** Storage through which files travel; needed for all but small ones, unless the endpoint keeps files itself. */
	storage?: StorageConfig | undefined;
}

interface Surroundings {
	signal: AbortSignal;
	settings: Settings;
	/** Of calls about files that the endpoint keeps; shortened in tests. */
	timing?: Timing | undefined;
}

type Sent = Pick<Media, 'url' | 'key' | 'base64' | 'fileName'>;

/** Seconds that a link to an input lives: as long as a job may wait for a worker, and as S3 signs at most. The file itself goes when the job has ended. */
const linkLife = 604_800;

/** How the files of one job get to another machine and back, and how what they leave on the way is removed. */
export function openTravel({ storage, baseUrl = defaultBaseUrl, ...endpoint }: TravelTarget, { signal, settings, timing }: Surroundings) {
	const open = storage && openStorage(storage, settings.AI_AGENT_TOOLS_MAX_DOWNLOAD);
	const store = open?.forJob(signal);
	const openOwn = (ending: AbortSignal) => openOwnFiles({ ...endpoint, baseUrl }, { signal: ending, settings, timing });
	const own = openOwn(signal);
	const leftovers: Leftover[] = [];

	async function sendFile(file: string, fileName: string, field: string): Promise<Sent> {
		if (store && storage) return throughStorage(file, fileName, store, storage);
		if (await own.areKept()) return toOwnRuntime(file, fileName);
		const { size } = await stat(file);
		if (size <= settings.AI_AGENT_TOOLS_MAX_INLINE) return { base64: await readFile(file, 'base64'), fileName };
		throw new InvalidInput(`${field}: Expected a file of at most ${fileSize(settings.AI_AGENT_TOOLS_MAX_INLINE)} to send it inside the request, got ${fileSize(size)}. Choose an S3 credential in the node, or give the file by url`, { field, code: 'no_storage' });
	}

	async function throughStorage(file: string, fileName: string, store: Storage, { keyPrefix: prefix }: StorageConfig): Promise<Sent> {
		const { key, bucket } = await store.put(file, { key: temporaryKey({ prefix, id: randomUUID(), fileName }), mimeType: mimeTypeOf(fileName), fileName });
		leftovers.push({ key, bucket });
		// A provider without links is read by the worker itself.
		const link = await store.link({ key, bucket }, linkLife).catch(() => undefined);
		return link ? { url: link.url, fileName } : { key };
	}

	async function toOwnRuntime(file: string, fileName: string): Promise<Sent> {
		const { url } = await own.put(file, fileName);
		leftovers.push({ url });
		return { url, fileName };
	}

	/** The job's own signal may have been aborted by then. */
	async function remove(left: Leftover): Promise<unknown> {
		const ending = AbortSignal.timeout(30_000);
		if ('url' in left) return openOwn(ending).remove(left.url);
		if (!open) throw new OperationFailed('No storage is open');
		return open.forJob(ending).remove(left);
	}

	return {
		/** Lent to the job, so that its results come into the same bucket. */
		s3Config: storage && lent(storage),

		/** The input with every local file sent and named by where it is now. */
		async send(input: unknown, field = 'input'): Promise<Record<string, unknown>> {
			return (await sendAll(input, field)) as Record<string, unknown>;
		},

		/** Brings one file of the result into place. */
		async fetch(file: ProducedFile, path: string): Promise<void> {
			if (file.base64 !== undefined) await writeFile(path, Buffer.from(file.base64, 'base64'));
			else if (file.key !== undefined && store) {
				const place = { key: file.key };
				await store.fetch(place, path);
				leftovers.push(place);
			} else if (file.url !== undefined && (await own.owns(file.url))) {
				await own.fetch(file.url, path);
				leftovers.push({ url: file.url });
			} else if (file.url !== undefined) {
				await download(file.url, path, { signal, maxBytes: settings.AI_AGENT_TOOLS_MAX_DOWNLOAD, timeLimit: settings.AI_AGENT_TOOLS_TIME_LIMIT, stallLimit: settings.AI_AGENT_TOOLS_STALL_LIMIT, allowPrivate: settings.AI_AGENT_TOOLS_ALLOW_PRIVATE_URLS });
			} else throw new RemoteJobFailed(`${file.fileName} came without a place to fetch it from. Choose the S3 credential that the endpoint stores its results in`, { code: 'file_lost' });
		},

		/** What lies elsewhere because of this job. */
		leftovers: leftovers as readonly Leftover[],

		/** Ends without removing anything: the job that was sent still needs its files. */
		close: async () => open?.close(),

		/** Removes what was stored on the way, and `earlier` too: what an earlier call left. Its own failures must not hide how the job ended: stored files expire or are swept by the bucket's rules. */
		async cleanUp(earlier: readonly Leftover[] = []): Promise<void> {
			await Promise.allSettled([...earlier, ...leftovers].map(async (left) => remove(left)));
			await open?.close();
		},
	};

	async function sendAll(value: unknown, field: string): Promise<unknown> {
		if (Array.isArray(value)) return Promise.all(value.map((one, index) => sendAll(one, `${field}.${index}`)));
		if (typeof value !== 'object' || value === null) return value;
		if ('file' in value && typeof value.file === 'string') {
			const name = 'fileName' in value && typeof value.fileName === 'string' ? value.fileName : basename(value.file);
			return sendFile(value.file, name, field);
		}
		const entries = await Promise.all(Object.entries(value).map(async ([key, one]) => [key, await sendAll(one, field === 'input' ? key : `${field}.${key}`)] as const));
		return Object.fromEntries(entries);
	}
}

/** RunPod hands this to the worker beside the input. Absent where the storage is AWS's own, whose region it cannot tell. */
function lent({ endpoint, accessKeyId, secretAccessKey, bucket }: StorageConfig): S3Config | undefined {
	if (endpoint === undefined || bucket === undefined) return undefined;
	return { accessId: accessKeyId, accessSecret: secretAccessKey, bucketName: bucket, endpointUrl: endpoint };
}
