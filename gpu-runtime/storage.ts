import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { InvalidInput, OperationFailed } from '../src/errors';
import type { ObjectPlace, Storage } from '../src/runtime';
import { bucketOf, type StorageConfig } from '../src/storage/config';
import { checkKey, uploadKey } from '../src/storage/keys';
import { createS3, type S3 } from '../src/storage/s3';

export interface OpenStorage {
	forJob(signal: AbortSignal): Storage;
	/** Closes the connections. */
	close(): Promise<void>;
}

/** Storage as operations use it: local files in and out. Connects on first use. `maxBytes` limits what is fetched. */
export function openStorage(config: StorageConfig, maxBytes: number): OpenStorage {
	const s3 = createS3(config);
	return {
		forJob: (signal) => storageOf(s3, config, signal, maxBytes),
		close: () => s3.close(),
	};
}

function storageOf(s3: S3, config: StorageConfig, signal: AbortSignal, maxBytes: number): Storage {
	const refOf = ({ bucket, key, field = 'key' }: ObjectPlace) => ({ bucket: bucketOf(config, bucket), key: checkKey(key, field), field });

	return {
		async put(path, { key, bucket, mimeType, fileName }) {
			const ref = refOf({ bucket, key: key ?? uploadKey({ prefix: config.keyPrefix, mimeType, id: randomUUID(), fileName }) });
			const { size } = await stat(path);
			const { field: _, ...place } = ref;
			return { ...place, ...(await s3.put({ ...ref, body: createReadStream(path), mimeType, size, signal })) };
		},

		async fetch(place, path) {
			const ref = refOf(place);
			const { body, ...facts } = await s3.get(ref, signal);
			if (facts.size > maxBytes) {
				body.destroy();
				throw new InvalidInput(`${ref.field}: Expected an object of at most ${maxBytes} bytes, got ${facts.size}. Give a smaller one, or raise AI_AGENT_TOOLS_MAX_DOWNLOAD`, { field: ref.field, code: 'download_too_large' });
			}
			const part = `${path}.part`;
			try {
				await pipeline(body, createWriteStream(part, { mode: 0o600 }));
				await rename(part, path);
			} finally {
				await rm(part, { force: true });
			}
			return facts;
		},

		status: async (place) => s3.head(refOf(place), signal),
		remove: async (place) => s3.remove(refOf(place), signal),

		async link(place, expires) {
			const expiresAt = new Date(Date.now() + expires * 1000).toISOString();
			return { url: await s3.link(refOf(place), expires), expiresAt };
		},
	};
}

/** In the place of storage where none is set up: says how to set one up. */
export const noStorage: OpenStorage = {
	forJob() {
		const refuse = () =>
			Promise.reject(
				new OperationFailed('There is no storage here to keep files in or to fetch keys from. Choose an S3 credential in n8n, or set S3_BUCKET_NAME, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY on the runtime (S3_ENDPOINT_URL unless it is AWS)', {
					code: 'no_storage',
				}),
			);
		return { put: refuse, fetch: refuse, status: refuse, remove: refuse, link: refuse };
	},
	close: () => Promise.resolve(),
};
