import { Container } from '@n8n/di';
import { BinaryDataConfig, BinaryDataService } from 'n8n-core';
import { ObjectStoreManager } from 'n8n-core/dist/binary-data/object-store.manager';
import { ObjectStoreConfig } from 'n8n-core/dist/binary-data/object-store/object-store.config';
import type { StorageConfig } from '../../../src/storage/config';

/** `default` keeps files in memory as base64 (n8n's own name for it); `filesystem` is what an n8n does that nobody configured; a bucket is n8n's mode `s3`. */
export type BinaryMode = 'default' | 'filesystem' | StorageConfig;

/** Says where n8n keeps files from now on: one setting per process, as in n8n itself. */
export async function storeBinaries(mode: BinaryMode): Promise<BinaryDataService> {
	const config = Container.get(BinaryDataConfig);
	const service = Container.get(BinaryDataService);
	config.mode = typeof mode === 'string' ? mode : 's3';
	await service.init();
	if (typeof mode !== 'string') service.setManager('s3', inBucket(mode));
	return service;
}

/** As n8n sets it up at its start, but for the licence that it asks for and its HeadBucket, whose signature the test's S3 server does not accept. */
function inBucket({ endpoint = '', bucket, region, accessKeyId, secretAccessKey }: StorageConfig): ObjectStoreManager {
	const { protocol, host } = new URL(endpoint);
	const config = Container.get(ObjectStoreConfig);
	Object.assign(config, { host, protocol: protocol.slice(0, -1) });
	Object.assign(config.bucket, { name: bucket, region });
	Object.assign(config.credentials, { accessKey: accessKeyId, accessSecret: secretAccessKey });
	return Container.get(ObjectStoreManager);
}
