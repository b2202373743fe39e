import type { PlainCredentials } from '../../support/engine/credentials';

/** Something that goes wrong for many who use the nodes, and all that n8n tells them then. In every text `{web}` and the like stand for what `errors-table.test.ts` puts in their place. */
export interface Mistake {
	what: string;
	type: 'speechTools' | 'audioTools' | 'videoTools' | 'imageTools' | 'storageTools';
	parameters: Record<string, unknown>;
	/** Binary fields of the item, and the test file in each. */
	files?: Record<string, TestFile>;
	/** Default 1. */
	items?: number;
	credentials?: PlainCredentials;
	message: string;
	description: string;
}

export const testFiles = ['plain.mp4', 'silent.mp4', 'tone.wav', 'picture.png', 'cut.png', 'cut.mp4', 'bomb.png', 'empty.mp4', 'page.mp4', 'latin1.srt', 'large.wav'] as const;
export type TestFile = (typeof testFiles)[number];

const from = (mode: string) => (value: string) => ({ __rl: true, mode, value });
export const binary = from('binary');
export const url = from('url');
export const key = from('key');
export const items = from('items');
export const text = from('text');

/** The credential of a runtime that serves at `{server}`, but for what is given. */
export const account = (given: Record<string, string> = {}): PlainCredentials => ({ aiAgentToolsRunPodApi: { baseUrl: '{server}', endpointId: 'local', apiKey: 'key', ...given } });

/** The credential of the storage at `{s3}`, but for what is given. */
export const storage = (given: Record<string, string> = {}): PlainCredentials => ({
	aiAgentToolsS3Api: { endpoint: '{s3}', region: '', accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER', sessionToken: '', bucketName: 'media', keyPrefix: '', forcePathStyle: true, ignoreSSLIssues: false, ...given },
});
