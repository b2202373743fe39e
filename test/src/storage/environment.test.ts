import { storageOfEnvironment } from '../../../src/storage/environment';

const keys = { AWS_ACCESS_KEY_ID: 'AK', AWS_SECRET_ACCESS_KEY: 'secret-value' };

it('storage is set up by an endpoint, a bucket and keys, and only their names are reported', () => {
	const found = storageOfEnvironment({ ...keys, S3_ENDPOINT_URL: 'http://minio:9000', S3_BUCKET_NAME: 'media', AWS_SESSION_TOKEN: 'T', S3_KEY_PREFIX: 'tools' });
	expect(found?.config).toEqual({
		endpoint: 'http://minio:9000',
		region: 'us-east-1',
		bucket: 'media',
		keyPrefix: 'tools',
		accessKeyId: 'AK',
		secretAccessKey: 'secret-value',
		sessionToken: 'T',
		forcePathStyle: true,
		ignoreSSLIssues: false,
		allowOtherBuckets: false,
	});
	expect(found?.names.sort()).toEqual(['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'S3_BUCKET_NAME', 'S3_ENDPOINT_URL', 'S3_KEY_PREFIX']);
});

it.each([
	[{ AWS_ENDPOINT_URL: 'https://s3.example.com', AWS_S3_BUCKET: 'media', ...keys }],
	[{ BUCKET_ENDPOINT_URL: 'https://s3.example.com', S3_BUCKET_NAME: 'media', BUCKET_ACCESS_KEY_ID: 'AK', BUCKET_SECRET_ACCESS_KEY: 'secret-value' }],
	[{ S3_ENDPOINT_URL: 'https://s3.example.com', AWS_ENDPOINT_URL: 'https://s3.example.com', S3_BUCKET_NAME: 'media', ...keys }],
])('%j says the same with other names', (env) => {
	expect(storageOfEnvironment(env)?.config).toMatchObject({ endpoint: 'https://s3.example.com', bucket: 'media', accessKeyId: 'AK', secretAccessKey: 'secret-value' });
});

it('RunPod\'s endpoint with the bucket in its host is enough', () => {
	const found = storageOfEnvironment({ BUCKET_ENDPOINT_URL: 'https://media.s3.eu-west-1.amazonaws.com', BUCKET_ACCESS_KEY_ID: 'AK', BUCKET_SECRET_ACCESS_KEY: 'S' });
	expect(found?.config).toMatchObject({ bucket: 'media', region: 'eu-west-1' });
});

it('AWS needs no endpoint', () => {
	expect(storageOfEnvironment({ ...keys, S3_BUCKET_NAME: 'media', AWS_DEFAULT_REGION: 'eu-west-1' })?.config).toMatchObject({ endpoint: undefined, region: 'eu-west-1', forcePathStyle: false });
});

it.each([[{}], [keys], [{ AWS_DEFAULT_REGION: 'eu-west-1', S3_BUCKET_NAME: ' ' }]])('%j sets up none', (env) => {
	expect(storageOfEnvironment(env)).toBeUndefined();
});

it.each([
	[{ AWS_ACCESS_KEY_ID: 'AK' }, /AWS_SECRET_ACCESS_KEY or BUCKET_SECRET_ACCESS_KEY is missing: AWS_ACCESS_KEY_ID/],
	[{ BUCKET_SECRET_ACCESS_KEY: 'S' }, /AWS_ACCESS_KEY_ID or BUCKET_ACCESS_KEY_ID is missing/],
	[{ S3_BUCKET_NAME: 'media' }, /AWS_ACCESS_KEY_ID or BUCKET_ACCESS_KEY_ID is missing: S3_BUCKET_NAME/],
	[{ ...keys, S3_ENDPOINT_URL: 'https://s3.example.com' }, /S3_BUCKET_NAME or AWS_S3_BUCKET is missing/],
	[{ ...keys, S3_BUCKET_NAME: 'a', AWS_S3_BUCKET: 'b' }, /S3_BUCKET_NAME and AWS_S3_BUCKET contradict/],
	[{ ...keys, S3_BUCKET_NAME: 'a', S3_ENDPOINT_URL: 'not a url://' }, /S3_ENDPOINT_URL: Expected a URL/],
	[{ ...keys, S3_BUCKET_NAME: 'a', S3_FORCE_PATH_STYLE: 'yes' }, /S3_FORCE_PATH_STYLE: Expected true or false, got "yes"/],
	[{ ...keys, S3_BUCKET_NAME: 'a', BUCKET_ENDPOINT_URL: 'https://b.s3.eu-west-1.amazonaws.com' }, /one bucket/],
])('%j stops the start', (env, problem) => {
	let message = '';
	try {
		storageOfEnvironment(env);
	} catch (error) {
		message = String(error);
	}
	expect(message).toMatch(problem);
	expect(message).not.toContain('secret-value');
});
