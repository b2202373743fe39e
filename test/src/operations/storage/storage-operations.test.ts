import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRuntime, type ExecuteOptions, type Runtime } from '../../../../gpu-runtime/runtime';
import { readSettings } from '../../../../gpu-runtime/settings';
import { openStorage } from '../../../../gpu-runtime/storage';
import { uploadFile } from '../../../../src/operations/storage/upload-file';
import type { Job } from '../../../../src/runtime';
import { producedFile } from '../../../../src/vocabulary';
import { bucket, startS3 } from '../../../support/s3';

let server: Awaited<ReturnType<typeof startS3>>;
let runtime: Runtime;
let folder: string;

beforeAll(async () => {
	server = await startS3();
	const { endpoint, accessKeyId, secretAccessKey } = server.config();
	runtime = createRuntime(readSettings({ S3_ENDPOINT_URL: endpoint, S3_BUCKET_NAME: bucket, S3_KEY_PREFIX: 'tools', AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }));
});
afterAll(async () => {
	await runtime.close();
	await server.close();
});
beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'storage-test-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function execute(operation: string, input: Record<string, unknown>, options: Partial<ExecuteOptions> = {}, on = runtime) {
	return on.execute(operation, input, { id: 'job', folder, signal: new AbortController().signal, allowFiles: true, ...options });
}
async function run(operation: string, input: Record<string, unknown>, options: Partial<ExecuteOptions> = {}) {
	const answer = await execute(operation, input, options);
	if (answer.status === 'error') throw new Error(answer.error.message);
	return answer.result;
}
const errorOf = async (operation: string, input: Record<string, unknown>, options: Partial<ExecuteOptions> = {}, on = runtime) => {
	const answer = await execute(operation, input, options, on);
	return answer.status === 'error' ? answer.error : undefined;
};

async function clip(text = 'clip'): Promise<{ file: string }> {
	const file = join(folder, `${randomUUID()}.mp4`);
	await writeFile(file, text);
	return { file };
}
const newKey = () => `videos/${randomUUID()} é.mp4`;

it('an uploaded file can be asked about, downloaded and deleted by its key', async () => {
	const key = newKey();
	expect(await run('upload_file', { file: await clip(), key })).toMatchObject({ key, bucket, size: 4, contentType: 'video/mp4', warnings: [] });
	expect(await run('file_status', { key })).toMatchObject({ key, status: 'ready', size: 4, contentType: 'video/mp4', lastModified: expect.any(String) });
	const { file } = producedFile.parse((await run('download_file', { key })).file);
	expect(await run('download_file', { key })).toMatchObject({ file: { fileName: key.slice(7), mimeType: 'video/mp4', size: 4 } });
	expect(await readFile(file ?? '', 'utf8')).toBe('clip');
	expect(await run('delete_file', { key })).toMatchObject({ key, deleted: true });
	expect(await run('delete_file', { key })).toMatchObject({ key, deleted: false });
	expect(await run('file_status', { key })).toEqual({ key, status: 'not_found', warnings: [] });
});

it('a file without a key gets a new one each time, under the prefix and its kind', async () => {
	const file = await clip();
	const keys = [await run('upload_file', { file }), await run('upload_file', { file })].map(({ key }) => key);
	expect(keys[0]).toMatch(/^tools\/video\/[0-9a-f-]{36}\.mp4$/);
	expect(keys[0]).not.toBe(keys[1]);
});

it('base64 keeps the type that came with it', async () => {
	const base64 = `data:audio/wav;base64,${Buffer.from('sound').toString('base64')}`;
	expect(await run('upload_file', { file: { base64 } })).toMatchObject({ contentType: 'audio/wav', key: expect.stringMatching(/^tools\/audio\/.*\.wav$/) });
	expect(await run('upload_file', { file: { base64, fileName: 'a.srt', mimeType: 'text/plain' } })).toMatchObject({ contentType: 'text/plain' });
});

it('an object is replaced unless that is forbidden', async () => {
	const key = newKey();
	await run('upload_file', { file: await clip('first'), key });
	await run('upload_file', { file: await clip('second'), key });
	expect(await errorOf('upload_file', { file: await clip('third'), key, overwrite: false })).toMatchObject({ type: 'InvalidInput', code: 'object_exists', field: 'key' });
	expect(await run('file_status', { key })).toMatchObject({ size: 6 });
});

it('links lead to the file until they expire', async () => {
	const key = newKey();
	const { url, expiresAt } = await run('upload_file', { file: await clip(), key, createLink: true, expires: 60 });
	expect(await (await fetch(String(url))).text()).toBe('clip');
	expect(Date.parse(String(expiresAt)) - Date.now()).toBeLessThanOrEqual(60_000);
	const link = await run('download_file', { key, give: 'link' });
	expect(link).not.toHaveProperty('file');
	expect(await (await fetch(String(link.url))).text()).toBe('clip');
	expect(await run('download_file', { key, give: 'both' })).toMatchObject({ url: expect.any(String), file: { size: 4 } });
});

it.each([0, 604_801, 1.5])('a link cannot live for %s seconds', async (expires) => {
	expect(await errorOf('download_file', { key: 'a', give: 'link', expires })).toMatchObject({ type: 'InvalidInput', field: 'expires' });
});

it('what is not there is an error of the key that names it', async () => {
	const key = newKey();
	for (const give of ['file', 'link', 'both']) expect(await errorOf('download_file', { key, give })).toMatchObject({ type: 'InvalidInput', code: 'object_not_found', field: 'key' });
	expect(await readdir(folder)).toEqual([]);
});

it.each(['/a.mp4', '../a.mp4', 'x'.repeat(1025)])('the key %s is refused by every operation', async (key) => {
	const inputs = { upload_file: { file: await clip() }, download_file: {}, delete_file: {}, file_status: {} };
	for (const [operation, input] of Object.entries(inputs)) expect(await errorOf(operation, { ...input, key })).toMatchObject({ code: 'bad_key', field: 'key' });
});

it('a media reference may be a key, and an error names the field that gave it', async () => {
	const key = newKey();
	await run('upload_file', { file: await clip(), key });
	expect(await run('upload_file', { file: { key }, key: newKey() })).toMatchObject({ size: 4 });
	expect(await errorOf('upload_file', { file: { key: newKey() } })).toMatchObject({ code: 'object_not_found', field: 'file' });
	expect(await errorOf('upload_file', { file: { key: '../etc' } })).toMatchObject({ code: 'bad_key', field: 'file' });
});

it.each([
	[{ url: 'https://example.com/a', key: 'a' }, 'file'],
	[{}, 'file'],
	[{ base64: 'not base64 !' }, 'file'],
	[{ url: 'file:///etc/passwd' }, 'file'],
	[{ url: 'http://127.0.0.1/a' }, 'file'],
])('the reference %j is refused', async (file, field) => {
	expect(await errorOf('upload_file', { file })).toMatchObject({ type: 'InvalidInput', field });
});

it('the runtime\'s keys open no other bucket than its own', async () => {
	expect(await errorOf('file_status', { key: 'a', bucket: 'other' })).toMatchObject({ type: 'InvalidInput', code: 'bucket_not_allowed', field: 'bucket' });
});

it('storage lent to one job is used for that job alone', async () => {
	const wrong = server.config({ secretAccessKey: 'not-the-secret' });
	expect(await errorOf('file_status', { key: 'a' }, { storage: wrong })).toMatchObject({ code: 'storage_denied' });
	expect(await run('file_status', { key: 'a' })).toMatchObject({ status: 'not_found' });
});

it('a provider without links leaves the upload good, and a warning says why', async () => {
	const { signal } = new AbortController();
	const real = openStorage(server.config(), 1_000_000);
	const volume = openStorage(server.config({ endpoint: 'https://s3api-eu-ro-1.runpod.io' }), 1_000_000);
	const { file } = await clip();
	const warnings: string[] = [];
	const job = { storage: { ...real.forJob(signal), link: volume.forJob(signal).link }, files: { local: async () => file }, warn: (text: string) => warnings.push(text), progress: () => undefined };
	const stored = await uploadFile.run({ file: { file }, key: newKey(), createLink: true, expires: 60 }, job as unknown as Job);
	expect(stored).toMatchObject({ size: 4 });
	expect(stored).not.toHaveProperty('url');
	expect(warnings).toEqual([expect.stringContaining('RunPod volumes have no presigned links')]);
	await Promise.all([real.close(), volume.close()]);
});

it('without storage every operation says how to set it up', async () => {
	const bare = createRuntime(readSettings({}));
	const inputs = { upload_file: { file: await clip() }, download_file: { key: 'a' }, delete_file: { key: 'a' }, file_status: { key: 'a' } };
	for (const [operation, input] of Object.entries(inputs))
		expect(await errorOf(operation, input, {}, bare)).toMatchObject({ type: 'OperationFailed', code: 'no_storage', message: expect.stringContaining('S3_BUCKET_NAME') });
	await bare.close();
});

it('requests of the older service are understood', async () => {
	const stored = await run('upload', { file_data: Buffer.from('old').toString('base64'), storage_key: 'old/a.txt' });
	expect(stored).toMatchObject({ key: 'old/a.txt', size: 3 });
	expect(await run('status', { file_id: 'old/a.txt' })).toMatchObject({ status: 'ready' });
	expect(await run('download', { file_id: 'old/a.txt' })).toMatchObject({ size: 3 });
	expect(await run('delete', { storage_key: 'old/a.txt' })).toMatchObject({ deleted: true });
});

it('a download that was stopped leaves no part of a file', async () => {
	const key = newKey();
	await run('upload_file', { file: await clip('x'.repeat(12_000_000)), key });
	for (const name of await readdir(folder)) await rm(join(folder, name));
	const stop = new AbortController();
	const running = errorOf('download_file', { key }, { signal: stop.signal });
	setTimeout(() => stop.abort(new Error('stopped')), 30);
	expect(await running).toBeDefined();
	expect(await readdir(folder)).toEqual([]);
});
