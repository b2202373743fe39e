import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from '@20minutes/s3rver';
import { completeConfig, type GivenConfig, type StorageConfig } from '../../src/storage/config';

export const bucket = 'media';

const configFor = (endpoint: string, given: Partial<GivenConfig> = {}): StorageConfig =>
	completeConfig({ endpoint, bucket, accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER', forcePathStyle: true, ...given }, { endpoint: 'endpoint', bucket: 'bucket' });

/** A real S3 server on loopback, with one bucket; with `tls`, behind a certificate of its own making. */
export async function startS3(tls?: { key: string; cert: string }) {
	const directory = await mkdtemp(join(tmpdir(), 's3-test-'));
	const server = new S3rver({ address: '127.0.0.1', port: 0, silent: true, directory, configureBuckets: [{ name: bucket }], ...tls });
	const { port } = await server.run();
	return {
		config: (given?: Partial<GivenConfig>) => configFor(`http${tls ? 's' : ''}://127.0.0.1:${port}`, given),
		async close() {
			server.httpServer.closeAllConnections();
			await server.close();
			await rm(directory, { recursive: true });
		},
	};
}

/** A server that answers as it is told, and remembers what it was asked. */
export async function startFaultServer(listener: RequestListener) {
	const asked: IncomingMessage[] = [];
	const server = createServer((request, response) => {
		asked.push(request);
		listener(request, response);
	});
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	const { port } = server.address() as AddressInfo;
	return {
		asked,
		config: (given?: Partial<GivenConfig>) => configFor(`http://127.0.0.1:${port}`, given),
		connections: () => new Promise<number>((done, fail) => server.getConnections((error, count) => (error ? fail(error) : done(count)))),
		async close() {
			server.closeAllConnections();
			await new Promise((done) => server.close(done));
		},
	};
}
