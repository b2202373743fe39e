import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModelEntry } from '../../../gpu-runtime/models/manifest';
import { createModelStore, type DownloadProgress, type EnsureRequest, type ModelStoreOptions } from '../../../gpu-runtime/models/store';
import { Cancelled } from '../../../src/errors';
import { commit, startModelServer } from '../../support/model-server';

const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex');
const weights = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7) % 251));
const files = {
	'config.json': Buffer.from('{"a":1}'),
	'onnx/model.onnx': Buffer.from('the graph'),
	'onnx/model.onnx_data': weights,
	'onnx/model_quantized.onnx': Buffer.from('the small graph'),
	'voices/one.bin': Buffer.from('voice one'),
};
const entry: ModelEntry = {
	name: 'tiny',
	repo: 'someone/tiny',
	revision: 'main',
	licence: 'MIT',
	precisions: ['fp32', 'q8'],
	graphs: [{ name: 'model' }],
	files: [{ path: 'config.json' }],
	extras: ['voices'],
	hashes: { 'onnx/model.onnx_data': sha256(weights) },
};

let root: string;
let server: Awaited<ReturnType<typeof startModelServer>>;

beforeEach(async () => {
	root = await mkdtemp(join(tmpdir(), 'models-'));
	server = await startModelServer(files);
});
afterEach(async () => {
	await server.close();
	await rm(root, { recursive: true });
});

const store = (options: Partial<ModelStoreOptions> = {}) =>
	createModelStore({ folder: root, manifest: [entry], endpoint: server.endpoint, retryDelay: 1, ...options });
const request = (facts: Partial<EnsureRequest> = {}): EnsureRequest => ({ signal: new AbortController().signal, ...facts });
const at = (path: string) => join(root, 'tiny', path);
const gets = () => server.seen.filter(({ method }) => method === 'GET').map(({ path }) => path);
const bodiesOf = (path: string) => server.seen.filter((seen) => seen.method === 'GET' && seen.path === path);

describe('a download', () => {
	it('brings every file of one precision and pins the commit the branch stood at', async () => {
		const model = await store().ensure('tiny', request());
		expect(model).toMatchObject({ name: 'tiny', folder: join(root, 'tiny'), precision: 'fp32', revision: commit });
		expect(model.graph('model')).toBe(at('onnx/model.onnx'));
		expect(weights.equals(await readFile(at('onnx/model.onnx_data')))).toBe(true);
		expect(await readFile(model.file('config.json') ?? '')).toEqual(files['config.json']);
		expect(gets()).not.toContain('onnx/model_quantized.onnx');
		expect((await readdir(at('.'), { recursive: true })).filter((name) => /partial|lock|etag/.test(name))).toEqual([]);
	});

	it('is not repeated: a second use asks the network nothing', async () => {
		await store().ensure('tiny', request());
		const before = server.seen.length;
		await store().ensure('tiny', request());
		expect(server.seen).toHaveLength(before);
	});

	it('does without an optional file that the repository does not have', async () => {
		const model = await store().ensure('tiny', request({ precision: 'q8' }));
		expect(model.graph('model')).toBe(at('onnx/model_quantized.onnx'));
		expect(model.file('onnx/model_quantized.onnx_data')).toBeUndefined();
	});

	it('brings a further file when an engine asks for it', async () => {
		await store().ensure('tiny', request());
		const model = await store().ensure('tiny', request({ extras: ['voices/one.bin'] }));
		expect(await readFile(model.file('voices/one.bin') ?? '', 'utf8')).toBe('voice one');
		await expect(store().ensure('tiny', request({ extras: ['voices/../../secret'] }))).rejects.toMatchObject({ type: 'InvalidInput' });
	});

	it('tells its progress up to the whole', async () => {
		const told: DownloadProgress[] = [];
		await store().ensure('tiny', request({ onProgress: (progress) => told.push(progress) }));
		const total = weights.length + 7 + 9;
		expect(new Set(told.map((progress) => progress.total))).toEqual(new Set([total]));
		expect(told.map(({ bytes }) => bytes)).toEqual([...told.map(({ bytes }) => bytes)].sort((a, b) => a - b));
		expect(told.at(-1)).toMatchObject({ model: 'tiny', bytes: total });
	});

	it('goes on where a dropped connection stopped', async () => {
		server.faults.set('onnx/model.onnx_data', { dropAfter: 100_000, times: 1 });
		await store().ensure('tiny', request());
		const [first, second, third] = bodiesOf('onnx/model.onnx_data');
		expect([first?.status, second?.status, third]).toEqual([200, 206, undefined]);
		expect(Number(/\d+/.exec(second?.range ?? '')?.[0])).toBeGreaterThan(0);
		expect(weights.equals(await readFile(at('onnx/model.onnx_data')))).toBe(true);
	});

	it.each([
		['the server knows no ranges', { noRange: true }],
		['the file changed meanwhile', { newEtag: true }],
	])('starts again when %s', async (_name, fault) => {
		server.faults.set('onnx/model.onnx_data', { dropAfter: 100_000, times: 1 });
		await expect(store({ retries: 0 }).ensure('tiny', request())).rejects.toMatchObject({ code: 'model_download_failed' });
		server.faults.set('onnx/model.onnx_data', fault);
		await store().ensure('tiny', request());
		expect(bodiesOf('onnx/model.onnx_data').map(({ status }) => status)).toEqual([200, 200]);
		expect(weights.equals(await readFile(at('onnx/model.onnx_data')))).toBe(true);
	});

	it('never gives the final name to a file with a wrong hash', async () => {
		server.faults.set('onnx/model.onnx_data', { corrupt: true, times: 1 });
		await expect(store().ensure('tiny', request())).rejects.toMatchObject({
			code: 'model_hash_mismatch',
			message: expect.stringContaining(sha256(weights)),
		});
		expect(await readdir(at('onnx'))).toEqual([]);
		await store().ensure('tiny', request());
		expect(weights.equals(await readFile(at('onnx/model.onnx_data')))).toBe(true);
	});

	it('tries again when the server is busy, and gives up after the allowed number', async () => {
		server.faults.set('config.json', { status: 503, times: 2 });
		await store().ensure('tiny', request());
		server.faults.set('voices/one.bin', { status: 503 });
		await expect(store({ retries: 1 }).ensure('tiny', request({ extras: ['voices/one.bin'] }))).rejects.toMatchObject({
			code: 'model_download_failed',
			retryable: true,
			message: expect.stringContaining('HTTP 503'),
		});
	});

	it('tries again when the server falls silent', async () => {
		server.faults.set('onnx/model.onnx_data', { silent: true, times: 1 });
		await store({ stallLimit: 0.2 }).ensure('tiny', request());
		expect(bodiesOf('onnx/model.onnx_data')).toHaveLength(2);
	});

	it('says which file is not there, without trying again', async () => {
		const missing = request({ extras: ['voices/nobody.bin'] });
		await expect(store().ensure('tiny', missing)).rejects.toThrow(/someone\/tiny to have voices\/nobody\.bin/);
		expect(server.seen.filter(({ path }) => path === 'voices/nobody.bin')).toHaveLength(1);
	});

	it('says that a server which cannot be reached cannot be reached', async () => {
		const { endpoint } = server;
		await server.close();
		await expect(store({ retries: 1, endpoint }).ensure('tiny', request())).rejects.toMatchObject({
			code: 'model_download_failed',
			message: expect.stringMatching(/ECONNREFUSED.*goes on where it stopped/),
		});
		server = await startModelServer(files);
	});

	it('stops when it is cancelled, and goes on later', async () => {
		server.faults.set('onnx/model.onnx_data', { slow: 20 });
		const controller = new AbortController();
		const onProgress = ({ bytes }: DownloadProgress) => bytes > 20_000 && controller.abort(new Cancelled());
		await expect(store().ensure('tiny', { signal: controller.signal, onProgress })).rejects.toThrow(Cancelled);
		server.faults.clear();
		await store().ensure('tiny', request());
		expect(bodiesOf('onnx/model.onnx_data').map(({ status }) => status)).toEqual([200, 206]);
	});

	it('does not begin when the disk is too small', async () => {
		await expect(store({ freeBytes: async () => 1000 }).ensure('tiny', request())).rejects.toMatchObject({
			code: 'no_space',
			message: expect.stringMatching(/3\d\d kB free in .*tiny.*there are 1 kB/),
		});
		expect(gets()).toEqual([]);
	});

	it('is done once for two that ask at the same time', async () => {
		await Promise.all([store().ensure('tiny', request()), store().ensure('tiny', request())]);
		expect(gets()).toHaveLength(3);
	});
});

describe('offline', () => {
	it('opens no connection and names the missing files and the folder', async () => {
		await expect(store({ offline: true }).ensure('tiny', request())).rejects.toMatchObject({
			code: 'model_missing',
			message: expect.stringMatching(/lacks config\.json, onnx\/model\.onnx in .*tiny.*models download tiny/),
		});
		expect(server.connections).toBe(0);
	});

	it('uses what was copied there by hand, in the precision that is there', async () => {
		await fill({ 'config.json': '{}', 'onnx/model_quantized.onnx': 'graph' });
		const model = await store({ offline: true }).ensure('tiny', request());
		expect(model).toMatchObject({ precision: 'q8' });
		expect(model).not.toHaveProperty('revision');
		expect(server.connections).toBe(0);
	});
});

async function fill(content: Record<string, string>): Promise<void> {
	await mkdir(at('onnx'), { recursive: true });
	for (const [path, text] of Object.entries(content)) await writeFile(at(path), text);
}

describe('files on disk', () => {
	it('are used without a network when they are all there', async () => {
		await fill({ 'config.json': '{}', 'onnx/model.onnx': 'graph' });
		await store().ensure('tiny', request());
		expect(server.connections).toBe(0);
	});

	it('may not change after their first use', async () => {
		await fill({ 'config.json': '{}', 'onnx/model.onnx': 'graph' });
		await store().ensure('tiny', request());
		await writeFile(at('onnx/model.onnx'), 'other');
		await expect(store().ensure('tiny', request())).rejects.toMatchObject({
			code: 'model_damaged',
			message: expect.stringMatching(/model\.onnx changed on disk.*Delete it and download/),
		});
		await rm(at('onnx/model.onnx'));
		await store().ensure('tiny', request());
	});

	it('may be touched, as long as they stay the same', async () => {
		await fill({ 'config.json': '{}', 'onnx/model.onnx': 'graph' });
		await store().ensure('tiny', request());
		await writeFile(at('onnx/model.onnx'), 'graph');
		await store().ensure('tiny', request());
	});

	it('are verified by reading them again', async () => {
		await store().ensure('tiny', request());
		const states = async () => Object.fromEntries((await store().verify('tiny', request().signal)).map(({ file, status }) => [file, status]));
		expect(await states()).toEqual({ 'config.json': 'ok', 'onnx/model.onnx': 'ok', 'onnx/model.onnx_data': 'ok' });
		const { atime, mtime } = await stat(at('config.json'));
		await writeFile(at('config.json'), '{"a":2}');
		await utimes(at('config.json'), atime, mtime);
		await rm(at('onnx/model.onnx'));
		await fill({ 'onnx/model_quantized.onnx': 'by hand' });
		expect(await states()).toEqual({
			'config.json': 'damaged',
			'onnx/model.onnx': 'missing',
			'onnx/model.onnx_data': 'ok',
			'onnx/model_quantized.onnx': 'recorded',
		});
	});

	it('are listed with what is there and what there is', async () => {
		await store().ensure('tiny', request({ precision: 'q8' }));
		const [status] = await store().list();
		expect(status).toMatchObject({ name: 'tiny', present: ['q8'], available: ['fp32', 'q8'], folder: join(root, 'tiny') });
		expect(status?.size).toBe(7 + 15);
		expect(store().path('tiny')).toBe(join(root, 'tiny'));
	});
});

describe('a request', () => {
	it('names the models there are when it asks for another', async () => {
		await expect(store().ensure('huge', request())).rejects.toThrow('Expected one of the models tiny, got huge');
	});

	it('names the precisions there are when it asks for another', async () => {
		await expect(store().ensure('tiny', request({ precision: 'q4' }))).rejects.toMatchObject({ field: 'precision' });
	});

	it('gets the precision of the runtime when it names none and the model has it', async () => {
		expect(await store({ precision: 'q8' }).ensure('tiny', request())).toMatchObject({ precision: 'q8' });
		expect(await store({ precision: 'fp16' }).ensure('tiny', request({ precision: 'q8' }))).toMatchObject({ precision: 'q8' });
	});
});

it('on a GPU the precision for it is taken, unless another one is there already', async () => {
	const manifest = [{ ...entry, cuda: 'q8' as const }];
	expect(await store({ manifest }).ensure('tiny', request({ device: 'cuda' }))).toMatchObject({ precision: 'q8' });
	expect(await store({ manifest }).ensure('tiny', request({ device: 'cpu' }))).toMatchObject({ precision: 'q8' });
});

it('a models folder that cannot be written is named, with what to do', async () => {
	if (process.getuid?.() === 0) {
		await writeFile(join(root, 'file'), '');
		await expect(store({ folder: join(root, 'file') }).ensure('tiny', request())).rejects.toMatchObject({ code: 'models_folder' });
		return;
	}
	await chmod(root, 0o500);
	await expect(store().ensure('tiny', request())).rejects.toMatchObject({ code: 'models_folder' });
	await chmod(root, 0o700);
});
