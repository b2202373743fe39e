import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startS3 } from '../../../test/support/s3';
import { inLine, node } from '../../../test/support/workflow';
import { itemsOf } from '../execution';
import type { Client } from '../rest';
import type { Stage, Step } from '../stage';

const key = 'sesame';

/** Presses Test on both credentials, with right and with wrong values, and uses n8n's own S3 credential. */
export const credentials: Step = {
	name: 'credentials',
	async run({ server }: Stage) {
		const { client } = await server();
		await testRunPod(client);
		await testS3(client);
		await useN8nS3(client);
		return 'RunPod: right key, wrong key, unknown endpoint and nobody there are told apart; S3: right keys, wrong secret, unknown key, missing bucket and nobody there too; Storage Tools works with n8n\'s own S3 credential';
	},
};

async function testRunPod(client: Client): Promise<void> {
	const endpoint = await standIn();
	const ask = await asker(client, 'aiAgentToolsRunPodApi', { baseUrl: `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/v2`, endpointId: 'local', apiKey: key });
	try {
		await ask('the right key', {}, /^OK/);
		await ask('a wrong key', { apiKey: 'guess' }, /^Error: .*API key/);
		await ask('an unknown endpoint', { endpointId: 'nowhere' }, /^Error: .*endpoint/i);
	} finally {
		endpoint.close();
	}
	await ask('nobody there', {}, /^Error: ./);
}

async function testS3(client: Client): Promise<void> {
	const s3 = await startS3();
	const { endpoint = '', bucket: bucketName = '', accessKeyId, secretAccessKey } = s3.config();
	const ask = await asker(client, 'aiAgentToolsS3Api', { endpoint, region: 'us-east-1', accessKeyId, secretAccessKey, bucketName, forcePathStyle: true });
	try {
		await ask('the right keys', {}, /^OK/);
		await ask('the right keys without a bucket', { bucketName: '' }, /^OK/);
		await ask('a wrong secret', { secretAccessKey: 'guess' }, /^Error: .*secret access key does not fit/);
		await ask('an unknown key', { accessKeyId: 'nobody' }, /^Error: .*does not know the access key/);
		await ask('a missing bucket', { bucketName: 'nowhere' }, /^Error: Expected a bucket nowhere/);
	} finally {
		await s3.close();
	}
	await ask('nobody there', {}, /^Error: .*ECONNREFUSED/);
}

/** Asks for a file that is not there. */
async function useN8nS3(client: Client): Promise<void> {
	const s3 = await startS3();
	try {
		const { endpoint, bucket, accessKeyId, secretAccessKey } = s3.config();
		const stored = await client.createCredential('S3 of n8n', 's3', { endpoint, region: 'us-east-1', accessKeyId, secretAccessKey, forcePathStyle: true, ignoreSSLIssues: false });
		const status = node('Status', 'storageTools', { authentication: 's3', operation: 'file_status', key: 'a.txt', options: { bucket } }, { credentials: { s3: { id: stored.id, name: stored.name } } });
		const execution = await client.runWorkflow(inLine(status), 'Start');
		const [item] = itemsOf(execution, 'Status');
		if (item?.json.status !== 'not_found') throw new Error(`Expected a file that is not there with n8n's own S3 credential, got ${execution.status}: ${JSON.stringify(item?.json)}`);
	} finally {
		await s3.close();
	}
}

/** Stores a credential; what it gives tests it with some values changed. */
async function asker<T extends object>(client: Client, type: string, right: T) {
	const stored = await client.createCredential(type, type, right);
	return async (what: string, changed: Partial<T>, wanted: RegExp) => {
		const { status, message } = await client.testCredential(stored, type, { ...right, ...changed });
		const answer = `${status}: ${message}`;
		if (!wanted.test(answer)) throw new Error(`Expected the answer to ${what} to match ${wanted}, got "${answer}"`);
	};
}

/** Answers like an endpoint's health check, to those with the key. */
async function standIn(): Promise<HttpServer> {
	const server = createServer((request, response) => {
		const status = request.headers.authorization !== `Bearer ${key}` ? 401 : request.url === '/v2/local/health' ? 200 : 404;
		response.writeHead(status, { 'content-type': 'application/json' }).end(status === 200 ? '{"jobs":{},"workers":{"idle":1}}' : '{}');
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	return server;
}
