import { InvalidInput } from '../errors';
import { completeConfig, type StorageConfig } from './config';

type Env = Record<string, string | undefined>;

/** Every variable that tells of storage. Several names for one thing come from AWS, from RunPod and from older deployments. */
const aliases = {
	endpoint: ['S3_ENDPOINT_URL', 'AWS_ENDPOINT_URL', 'BUCKET_ENDPOINT_URL'],
	bucket: ['S3_BUCKET_NAME', 'AWS_S3_BUCKET'],
	region: ['AWS_DEFAULT_REGION', 'AWS_REGION'],
	accessKeyId: ['AWS_ACCESS_KEY_ID', 'BUCKET_ACCESS_KEY_ID'],
	secretAccessKey: ['AWS_SECRET_ACCESS_KEY', 'BUCKET_SECRET_ACCESS_KEY'],
	sessionToken: ['AWS_SESSION_TOKEN'],
	keyPrefix: ['S3_KEY_PREFIX'],
	forcePathStyle: ['S3_FORCE_PATH_STYLE'],
	ignoreSSLIssues: ['S3_IGNORE_SSL_ISSUES'],
} as const;
type Name = keyof typeof aliases;

export interface EnvironmentStorage {
	config: StorageConfig;
	/** The variables that were used, for the log at start; never their values. */
	names: string[];
}

/**
 * Reads the storage that the environment sets up; undefined when it sets up none. Keys alone do not: many machines have
 * them for other ends. What contradicts itself or is half there stops the start and is named.
 */
export function storageOfEnvironment(env: Env): EnvironmentStorage | undefined {
	const names: string[] = [];
	const read = (name: Name) => {
		const found = valueOf(env, aliases[name]);
		names.push(...found.names);
		return found.value;
	};
	const accessKeyId = read('accessKeyId');
	const secretAccessKey = read('secretAccessKey');
	const endpoint = read('endpoint');
	const bucket = read('bucket');
	if ((accessKeyId === undefined) !== (secretAccessKey === undefined)) throw missing(accessKeyId === undefined ? 'accessKeyId' : 'secretAccessKey', names);
	if (endpoint === undefined && bucket === undefined) return undefined;
	if (accessKeyId === undefined || secretAccessKey === undefined) throw missing('accessKeyId', names);
	const config = completeConfig(
		{
			endpoint,
			bucket,
			accessKeyId,
			secretAccessKey,
			region: read('region'),
			sessionToken: read('sessionToken'),
			keyPrefix: read('keyPrefix'),
			// Most servers of one's own take the bucket in the path only.
			forcePathStyle: flag(read('forcePathStyle'), endpoint !== undefined, 'S3_FORCE_PATH_STYLE'),
			ignoreSSLIssues: flag(read('ignoreSSLIssues'), false, 'S3_IGNORE_SSL_ISSUES'),
			allowOtherBuckets: false,
		},
		{ endpoint: endpointName(env), bucket: aliases.bucket.join(' or ') },
	);
	if (config.bucket === undefined) throw missing('bucket', names);
	return { config, names };
}

const endpointName = (env: Env) => aliases.endpoint.find((name) => env[name]) ?? aliases.endpoint[0];

function valueOf(env: Env, names: readonly string[]): { value?: string; names: string[] } {
	const set = names.map((name) => ({ name, value: env[name]?.trim() })).filter(({ value }) => value);
	const [first, ...others] = set;
	if (!first?.value) return { names: [] };
	const other = others.find(({ value }) => value !== first.value);
	if (other) throw new InvalidInput(`Environment variables ${first.name} and ${other.name} contradict each other. Set only one of them`, { code: 'bad_setting' });
	return { value: first.value, names: set.map(({ name }) => name) };
}

const missing = (name: Name, found: readonly string[]) =>
	new InvalidInput(`Environment variable ${aliases[name].join(' or ')} is missing: ${found.join(', ')} set up storage only together with it`, { code: 'bad_setting' });

function flag(value: string | undefined, otherwise: boolean, name: string): boolean {
	if (value === undefined) return otherwise;
	if (['1', 'true'].includes(value)) return true;
	if (['0', 'false'].includes(value)) return false;
	throw new InvalidInput(`Environment variable ${name}: Expected true or false, got ${JSON.stringify(value)}`, { code: 'bad_setting' });
}
