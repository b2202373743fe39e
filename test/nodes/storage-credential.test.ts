import type { closeRuntime as CloseRuntime } from '../../nodes/shared/backend';
import { built } from '../support/dist';
import { closeEngine, runWorkflow } from '../support/engine';
import { bucket, startS3 } from '../support/s3';
import { inLine, node } from '../support/workflow';

const { closeRuntime } = built<{ closeRuntime: typeof CloseRuntime }>('nodes/shared/backend.js');
let s3: Awaited<ReturnType<typeof startS3>>;

beforeAll(async () => void (s3 = await startS3()));
afterAll(async () => {
	await closeRuntime();
	await s3.close();
	closeEngine();
});

/** The fields of n8n's own credential `s3`, and none of ours. */
const ofN8n = () => {
	const { endpoint = '', accessKeyId, secretAccessKey } = s3.config();
	return { endpoint, region: 'us-east-1', accessKeyId, secretAccessKey, forcePathStyle: true, ignoreSSLIssues: false };
};
const chosen = { credentials: { s3: { id: '1', name: 'S3' } } };
const statusOf = (options: object) => node('Status', 'storageTools', { authentication: 's3', operation: 'file_status', key: 'a.txt', ...options }, chosen);

it("n8n's own S3 credential does where the node names the bucket", async () => {
	const ended = await runWorkflow(inLine(statusOf({ options: { bucket } })), { credentials: { s3: ofN8n() } });
	expect(ended.error).toBeUndefined();
	expect(ended.items('Status')[0]?.json).toMatchObject({ key: 'a.txt', status: 'not_found' });
});

it("with n8n's own S3 credential and no bucket the error asks for one", async () => {
	const ended = await runWorkflow(inLine(statusOf({})), { credentials: { s3: ofN8n() } });
	expect(ended.error?.message).toMatch(/^Bucket: Expected the name of a bucket/);
});
