import { bucketOf, configOfCredential, configOfJob } from '../../../src/storage/config';

const keys = { accessKeyId: 'AK', secretAccessKey: 'SK' };

it('our credential is taken without the blanks around its values, with nothing but what must be there', () => {
	expect(configOfCredential({ endpoint: ' https://minio.example.com/ ', region: 'us-east-1', accessKeyId: ' AK ', secretAccessKey: 'SK\n', forcePathStyle: true, ignoreSSLIssues: false })).toEqual({
		endpoint: 'https://minio.example.com',
		region: 'us-east-1',
		bucket: undefined,
		keyPrefix: '',
		...keys,
		sessionToken: undefined,
		forcePathStyle: true,
		ignoreSSLIssues: false,
		allowOtherBuckets: true,
	});
});

it('it also tells bucket, prefix and session token', () => {
	expect(configOfCredential({ ...keys, endpoint: '', region: 'eu-west-1', sessionToken: 'T', bucketName: ' media ', keyPrefix: '/n8n/' })).toMatchObject({
		endpoint: undefined,
		region: 'eu-west-1',
		sessionToken: 'T',
		bucket: 'media',
		keyPrefix: 'n8n',
	});
});

it('a missing secret is named, and nothing of the rest is shown', () => {
	expect(() => configOfCredential({ accessKeyId: 'AK' })).toThrow('secretAccessKey is missing');
});

it.each([
	['https://abc.r2.cloudflarestorage.com', 'auto'],
	['https://s3.us-west-004.backblazeb2.com', 'us-west-004'],
	['https://s3api-eu-ro-1.runpod.io/', 'EU-RO-1'],
	['s3.eu-central-1.amazonaws.com', 'eu-central-1'],
	['https://minio.example.com', 'us-east-1'],
])('the region of %s is %s unless one is given', (endpoint, region) => {
	expect(configOfCredential({ ...keys, endpoint }).region).toBe(region);
	expect(configOfCredential({ ...keys, endpoint, region: 'mars-1' }).region).toBe('mars-1');
});

it('a bucket in the host name of an endpoint is understood', () => {
	expect(configOfJob({ accessId: 'AK', accessSecret: 'SK', bucketName: '', endpointUrl: 'https://my-bucket.s3.us-west-2.amazonaws.com/' })).toMatchObject({
		endpoint: 'https://s3.us-west-2.amazonaws.com',
		bucket: 'my-bucket',
		region: 'us-west-2',
	});
});

it('a bucket in the endpoint that is not the bucket given is refused', () => {
	expect(() => configOfJob({ accessId: 'AK', accessSecret: 'SK', bucketName: 'other', endpointUrl: 'https://my-bucket.s3.us-west-2.amazonaws.com' })).toThrow(/one bucket/);
});

it.each(['ftp://x', 'http://', 'https://me:secret@host', 'https://host/?token=secret'])('the endpoint %s is refused without being shown', (endpoint) => {
	expect(() => configOfCredential({ ...keys, endpoint })).toThrow(/^Endpoint: Expected a URL such as https:\/\/s3.example.com, got something else$/);
});

it('a request may name another bucket only where that is allowed', () => {
	const own = configOfCredential({ ...keys, bucketName: 'media' });
	expect(bucketOf(own)).toBe('media');
	expect(bucketOf(own, 'other')).toBe('other');
	expect(bucketOf({ ...own, allowOtherBuckets: false }, 'media')).toBe('media');
	expect(() => bucketOf({ ...own, allowOtherBuckets: false }, 'other')).toThrow(expect.objectContaining({ code: 'bucket_not_allowed', field: 'bucket' }));
	expect(() => bucketOf(configOfCredential(keys))).toThrow(expect.objectContaining({ code: 'no_bucket' }));
});
