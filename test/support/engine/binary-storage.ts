import { Container } from '@n8n/di';
import { BinaryDataConfig, BinaryDataService } from 'n8n-core';

/** `default` keeps files in memory as base64 (n8n's own name for it); `filesystem` is what an n8n does that nobody configured. */
export type BinaryMode = 'default' | 'filesystem';

/** Says where n8n keeps files from now on: one setting per process, as in n8n itself. */
export async function storeBinaries(mode: BinaryMode): Promise<BinaryDataService> {
	Container.get(BinaryDataConfig).mode = mode;
	const service = Container.get(BinaryDataService);
	await service.init();
	return service;
}
