import type { StorageConfig } from '../../src/storage/config';
import type { Settings } from '../settings';
import type { Found } from './finding';

/** Which settings are made, by name: values may be secret. A name that nobody knows is most likely a slip. */
export function examineSettings({ names, unknownNames }: Settings): Found {
	const detail = names.length === 0 ? 'none is set; nothing needs to be' : names.join(', ');
	if (unknownNames.length === 0) return { status: 'ok', detail };
	return { status: 'warning', detail: `${detail}; no settings are ${unknownNames.join(', ')}`, repair: 'Look for the right name in docs/embedded.md: another one has no effect' };
}

/** Where files can be kept; `lent` is the storage of a node's credential. Nothing is asked of the storage itself. */
export function examineStorage({ storage, storageNames }: Settings, lent: StorageConfig | undefined): Found {
	const config = lent ?? storage;
	if (!config) return { status: 'ok', detail: 'none is set up: files given by key need it, and large files of jobs on RunPod' };
	const from = lent ? 'by the S3 credential of the node' : `by ${storageNames.join(', ')}`;
	return { status: 'ok', detail: `bucket ${config.bucket ?? '(none)'} at ${config.endpoint ?? 'AWS'}, set up ${from}` };
}
