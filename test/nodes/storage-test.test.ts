import type { ICredentialDataDecryptedObject, ICredentialTestFunctions } from 'n8n-workflow';
import { testStorage } from '../../nodes/shared/storage-test';
import { startFaultServer } from '../support/s3';

const context = {} as ICredentialTestFunctions;
const ask = (data: ICredentialDataDecryptedObject) =>
	testStorage.call(context, { id: '1', name: 'S3', type: 'aiAgentToolsS3Api', data: { accessKeyId: 'AK', secretAccessKey: 'hidden', bucketName: 'media', forcePathStyle: true, ...data } });

async function against(status: number, data: ICredentialDataDecryptedObject = {}) {
	const server = await startFaultServer((_, response) => response.writeHead(status).end());
	const result = await ask({ endpoint: server.config().endpoint ?? '', ...data });
	await server.close();
	return { ...result, asked: server.asked.map(({ method, url }) => `${method} ${url}`) };
}

it('a credential with which the bucket opens is right', async () => {
	expect(await against(200)).toEqual({ status: 'OK', message: 'Connection successful!', asked: ['HEAD /media/'] });
});

it.each([
	[403, {}, /HTTP 403.*Check the access key and the secret/],
	[404, {}, /a bucket media.*found none/],
	[301, {}, /another region/],
	[403, { bucketName: '' }, /enter a bucket name/],
])('an answer of HTTP %i to %j is explained', async (status, data, message) => {
	const result = await against(status, data);
	expect(result).toMatchObject({ status: 'Error', message: expect.stringMatching(message) });
	expect(result.message).not.toContain('hidden');
});

it.each([
	[{ endpoint: 'http://127.0.0.1:1' }, /127\.0\.0\.1:1/],
	[{ endpoint: 'nonsense://' }, /Endpoint: Expected a URL/],
	[{ endpoint: '', secretAccessKey: '' }, /secretAccessKey is missing/],
])('%j is explained', async (data, message) => {
	expect(await ask(data)).toMatchObject({ status: 'Error', message: expect.stringMatching(message) });
});
