import type { Envelope } from '../src/execute';
import type { StorageConfig } from '../src/storage/config';

/** What n8n's process and its embedded runtime say to each other. Files travel as paths in the job's scratch folder. */
export type ToChild =
	| { type: 'run'; id: string; operation: string; input: unknown; folder: string; storage?: StorageConfig | undefined }
	| { type: 'cancel'; id: string };

export type ToParent =
	| { type: 'ready' }
	| { type: 'progress'; id: string; fraction: number; activity: string }
	| { type: 'done'; id: string; envelope: Envelope };
