import { z } from 'zod/v4';
import { InvalidInput } from '../errors';
import type { S3Config } from '../runpod/protocol';
import { providerOf } from './providers';

/** Where objects are, and with whose keys. Holds secrets: never log it. */
export interface StorageConfig {
	/** A full URL; absent for AWS. */
	endpoint?: string | undefined;
	region: string;
	/** Bucket that is meant when a request names none. */
	bucket?: string | undefined;
	/** Goes before the keys that we make ourselves; without slashes at its ends. */
	keyPrefix: string;
	accessKeyId: string;
	secretAccessKey: string;
	sessionToken?: string | undefined;
	forcePathStyle: boolean;
	ignoreSSLIssues: boolean;
	/** Whether a request may name another bucket than `bucket`. */
	allowOtherBuckets: boolean;
}

const defaultRegion = 'us-east-1';

export type GivenConfig = Pick<StorageConfig, 'accessKeyId' | 'secretAccessKey'> & { [K in keyof StorageConfig]?: StorageConfig[K] | undefined };

/** Fills in what the endpoint's host name tells and what is usual. `names` says how the user knows the fields, for messages. */
export function completeConfig(given: GivenConfig, names: { endpoint: string; bucket: string }): StorageConfig {
	const address = readEndpoint(given.endpoint, names.endpoint);
	const provider = providerOf(address?.href);
	if (address && provider.bucket !== undefined) address.hostname = address.hostname.slice(provider.bucket.length + 1);
	if (given.bucket && provider.bucket !== undefined && given.bucket !== provider.bucket)
		throw new InvalidInput(`Expected one bucket, got ${given.bucket} in ${names.bucket} and ${provider.bucket} in ${names.endpoint}. Leave the bucket out of the endpoint`, { code: 'bad_storage_config' });
	const isRegionGiven = given.region !== undefined && given.region !== '' && given.region !== defaultRegion;
	return {
		endpoint: address?.href.replace(/\/+$/, ''),
		region: isRegionGiven && given.region ? given.region : (provider.region ?? defaultRegion),
		bucket: given.bucket || provider.bucket,
		keyPrefix: (given.keyPrefix ?? '').replace(/^\/+|\/+$/g, ''),
		accessKeyId: given.accessKeyId,
		secretAccessKey: given.secretAccessKey,
		sessionToken: given.sessionToken || undefined,
		forcePathStyle: given.forcePathStyle ?? false,
		ignoreSSLIssues: given.ignoreSSLIssues ?? false,
		allowOtherBuckets: given.allowOtherBuckets ?? true,
	};
}

/** A host without a scheme is meant as https; who wants plain http, e.g. in a LAN, says so. */
function readEndpoint(given: string | undefined, name: string): URL | undefined {
	if (given === undefined || given === '') return undefined;
	const text = given.includes('://') ? given : `https://${given}`;
	const parsed = URL.canParse(text) ? new URL(text) : undefined;
	if (parsed && /^https?:$/.test(parsed.protocol) && parsed.search === '' && parsed.username === '') return parsed;
	throw new InvalidInput(`${name}: Expected a URL such as https://s3.example.com, got something else`, { code: 'bad_storage_config' });
}

const trimmed = z.string().trim().optional();
const credential = z.looseObject({
	endpoint: trimmed,
	region: trimmed,
	accessKeyId: z.string().trim().min(1),
	secretAccessKey: z.string().trim().min(1),
	sessionToken: trimmed,
	bucketName: trimmed,
	keyPrefix: trimmed,
	forcePathStyle: z.boolean().optional(),
	ignoreSSLIssues: z.boolean().optional(),
});

/** Reads our n8n credential, whose fields are called as those of n8n's own `s3`. */
export function configOfCredential(data: unknown): StorageConfig {
	const parsed = credential.safeParse(data);
	if (!parsed.success)
		throw new InvalidInput(`S3 credential: ${parsed.error.issues[0]?.path.join('.')} is missing. Fill it in`, { code: 'bad_storage_config' });
	const { bucketName: bucket, ...rest } = parsed.data;
	return completeConfig({ ...rest, bucket }, { endpoint: 'Endpoint', bucket: 'Bucket Name' });
}

/** Storage that a caller lends to one job, as RunPod's API has it. It does not tell the style of addresses: with an endpoint of its own, the path is what most servers take. */
export function configOfJob({ accessId, accessSecret, bucketName, endpointUrl }: S3Config): StorageConfig {
	return completeConfig(
		{ accessKeyId: accessId, secretAccessKey: accessSecret, bucket: bucketName, endpoint: endpointUrl, forcePathStyle: endpointUrl !== '' },
		{ endpoint: 's3Config.endpointUrl', bucket: 's3Config.bucketName' },
	);
}

/** The bucket that a request means. */
export function bucketOf({ bucket, allowOtherBuckets }: StorageConfig, asked?: string): string {
	if (asked !== undefined && asked !== bucket && !allowOtherBuckets)
		throw new InvalidInput(`bucket: Expected ${bucket ?? 'no bucket'}, the only one this runtime may use, got ${asked}`, { field: 'bucket', code: 'bucket_not_allowed' });
	const chosen = asked ?? bucket;
	if (chosen) return chosen;
	throw new InvalidInput('bucket: Expected the name of a bucket. Give one, or set the bucket in the AI Agent Tools S3 credential', { field: 'bucket', code: 'no_bucket' });
}
