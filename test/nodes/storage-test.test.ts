import type { ICredentialDataDecryptedObject, ICredentialTestFunctions } from 'n8n-workflow';
import { testStorage } from '../../nodes/shared/storage-test';
import { bucket, startFaultServer, startS3 } from '../support/s3';

const context = {} as ICredentialTestFunctions;
const ask = (data: ICredentialDataDecryptedObject) =>
	testStorage.call(context, { id: '1', name: 'S3', type: 'aiAgentToolsS3Api', data: { accessKeyId: 'AK', secretAccessKey: 'hidden', bucketName: bucket, forcePathStyle: true, ...data } });
const right = { status: 'OK', message: 'Connection successful!' };
const wrong = (message: RegExp) => ({ status: 'Error', message: expect.stringMatching(message) });

describe('against a real S3 server', () => {
	let server: Awaited<ReturnType<typeof startS3>>;
	beforeAll(async () => {
		server = await startS3();
	});
	afterAll(() => server.close());
	const askServer = (data: ICredentialDataDecryptedObject = {}) => {
		const { endpoint = '', accessKeyId, secretAccessKey } = server.config();
		return ask({ endpoint, accessKeyId, secretAccessKey, ...data });
	};

	it.each([{}, { keyPrefix: 'n8n/files' }, { bucketName: '' }])('the right keys with %j are right', async (data) => {
		expect(await askServer(data)).toEqual(right);
	});

	it.each([
		[{ secretAccessKey: 'hidden' }, /HTTP 403 SignatureDoesNotMatch.*The secret access key does not fit the access key/],
		[{ accessKeyId: 'NOBODY' }, /InvalidAccessKeyId.*does not know the access key; check it/],
		[{ bucketName: 'nowhere' }, /Expected a bucket nowhere at 127.*Check its name/],
		[{ bucketName: '', secretAccessKey: 'hidden' }, /The secret access key does not fit/],
	])('%j is explained', async (data, message) => {
		const answer = await askServer(data);
		expect(answer).toEqual(wrong(message));
		expect(answer.message).not.toMatch(/hidden|Signature=/);
	});

	it('https where only http is spoken is explained', async () => {
		const { endpoint = '' } = server.config();
		expect(await askServer({ endpoint: endpoint.replace('http:', 'https:') })).toEqual(wrong(/does not speak https; write http:\/\//));
	});
});

interface Answer {
	status: number;
	code?: string;
	headers?: Record<string, string>;
}

/** Asks a server that gives these answers to HEAD and to GET. */
async function against(head: Answer, get: Answer, data: ICredentialDataDecryptedObject = {}) {
	const server = await startFaultServer(({ method }, response) => {
		const { status, code = '', headers = {} } = method === 'HEAD' ? head : get;
		response.writeHead(status, headers).end(method === 'HEAD' ? '' : `<Error><Code>${code}</Code></Error>`);
	});
	const answer = await ask({ endpoint: server.config().endpoint ?? '', ...data });
	await server.close();
	return answer;
}

const noSuchKey = { status: 404, code: 'NoSuchKey' };
const denied = { status: 403, code: 'AccessDenied' };

it.each([
	['opens the bucket', { status: 200 }, noSuchKey],
	['opens the bucket, from which these keys may not fetch', { status: 200 }, denied],
	['refuses to open the bucket but knows what is in it', { status: 403 }, noSuchKey],
	['takes the question for a bad one but knows what is in the bucket', { status: 400 }, noSuchKey],
])('a credential is right where the server %s', async (_, head, get) => {
	expect(await against(head, get)).toEqual(right);
});

const elsewhere = { status: 301, code: 'PermanentRedirect', headers: { 'x-amz-bucket-region': 'eu-central-1' } };

it.each([
	['without a reason', { status: 403 }, { status: 403 }, /HTTP 403\).*Check the access key and the secret/],
	['for want of rights', { status: 403 }, denied, /AccessDenied.*Allow the access key s3:ListBucket and s3:GetObject/],
	['for the clock', { status: 403 }, { status: 403, code: 'RequestTimeTooSkewed' }, /The clock of this machine is wrong; set it right/],
	['for the session token', { status: 400 }, { status: 400, code: 'ExpiredToken' }, /make new temporary credentials/],
	['from another region', elsewhere, elsewhere, /The bucket is in region eu-central-1; enter that/],
	['from a region it does not tell', { status: 301 }, { status: 301, code: 'PermanentRedirect' }, /another region or at another endpoint/],
	['for another form of address', { status: 400 }, { status: 400, code: 'InvalidBucketName' }, /check endpoint \(http or https\), path style/],
	['with no bucket', { status: 404 }, noSuchKey, /Expected a bucket media .*found none/],
	['with a page for everything', { status: 200 }, { status: 200 }, /web site.*S3 API.*another port/],
	['as broken', { status: 503 }, { status: 503 }, /broken or overloaded/],
])('a server that answers %s is explained', async (_, head, get, message) => {
	expect(await against(head, get)).toEqual(wrong(message));
});

it('keys that may not list buckets are told to name one', async () => {
	expect(await against(denied, denied, { bucketName: '' })).toEqual(wrong(/enter a bucket name/));
});

it.each([
	[{ endpoint: 'http://127.0.0.1:1' }, /127\.0\.0\.1:1: ECONNREFUSED\. Check the endpoint/],
	[{ endpoint: 'http://nowhere.invalid' }, /no such host/],
	[{ endpoint: 'nonsense://' }, /Endpoint: Expected a URL/],
	[{ endpoint: '', secretAccessKey: '' }, /secretAccessKey is missing/],
])('%j is explained', async (data, message) => {
	expect(await ask(data)).toEqual(wrong(message));
});
