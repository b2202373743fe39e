/** What sets a provider apart, known by the host name of its endpoint. */
export interface Provider {
	name: string;
	/** Region that the host name tells. */
	region?: string;
	/** Bucket that the host name tells, and the endpoint without it. */
	bucket?: string;
	/** How often a call is tried in all. */
	attempts: number;
	/** Why there are no presigned links, where there are none. */
	noLinks?: string;
}

type Reader = (match: RegExpExecArray) => Partial<Provider> & { name: string };

const known: readonly [host: RegExp, read: Reader][] = [
	[/^(?:(.+)\.)?s3(?:[.-]([a-z0-9-]+))?\.amazonaws\.com$/, ([, bucket, region]) => ({ name: 'AWS', ...(bucket && { bucket }), ...(region && { region }) })],
	[/\.r2\.cloudflarestorage\.com$/, () => ({ name: 'Cloudflare R2', region: 'auto' })],
	[/^s3\.([a-z0-9-]+)\.backblazeb2\.com$/, ([, region]) => ({ name: 'Backblaze B2', ...(region && { region }) })],
	[
		/^s3api-([a-z0-9-]+)\.runpod\.io$/,
		([, datacenter = '']) => ({
			name: 'RunPod volume',
			region: datacenter.toUpperCase(),
			// They answer 502 at times.
			attempts: 10,
			noLinks: 'RunPod volumes have no presigned links',
		}),
	],
];

/** `endpoint` is a full URL; without one it is AWS. */
export function providerOf(endpoint: string | undefined): Provider {
	const host = endpoint === undefined ? 's3.amazonaws.com' : new URL(endpoint).hostname;
	for (const [pattern, read] of known) {
		const match = pattern.exec(host);
		if (match) return { attempts: 3, ...read(match) };
	}
	return { name: host, attempts: 3 };
}
