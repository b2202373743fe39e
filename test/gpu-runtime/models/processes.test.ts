import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { withFolderLock } from '../../../gpu-runtime/models/folder-lock';
import { dist } from '../../support/dist';
import { startModelServer } from '../../support/model-server';

const weights = Buffer.alloc(200_000, 'weights ');
const files = { 'onnx/model.onnx': Buffer.from('the graph'), 'onnx/model.onnx_data': weights };

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

/** A process of its own that makes sure of the model and ends. */
function ensureInProcess(limit = 'unlimited'): ChildProcess {
	const manifest = [
		{ name: 'tiny', repo: 'someone/tiny', revision: 'main', licence: 'MIT', precisions: ['fp32'], graphs: [{ name: 'model' }], files: [] },
	];
	const options = { folder: root, endpoint: server.endpoint, manifest, retryDelay: 1 };
	const script = `
		const { createModelStore } = require(${JSON.stringify(dist('gpu-runtime', 'models', 'store.js'))});
		const signal = new AbortController().signal;
		createModelStore(${JSON.stringify(options)}).ensure('tiny', { signal }).catch((error) => {
			process.stderr.write(String(error));
			process.exitCode = 1;
		});`;
	return spawn('sh', ['-c', `ulimit -f ${limit}; exec "$0" -e "$1"`, process.execPath, script], { stdio: ['ignore', 'inherit', 'pipe'] });
}

const endOf = async (child: ChildProcess): Promise<number | null> => (await once(child, 'exit'))[0];
const bodiesOf = (path: string) => server.seen.filter((seen) => seen.method === 'GET' && seen.path === path);
const modelFile = (path: string) => join(root, 'tiny', path);

async function until(holds: () => boolean): Promise<void> {
	while (!holds()) await new Promise((done) => setTimeout(done, 10));
}

it('two processes on one folder download once', async () => {
	server.faults.set('onnx/model.onnx_data', { slow: 2 });
	expect(await Promise.all([endOf(ensureInProcess()), endOf(ensureInProcess())])).toEqual([0, 0]);
	expect(bodiesOf('onnx/model.onnx_data')).toHaveLength(1);
	expect(bodiesOf('onnx/model.onnx')).toHaveLength(1);
	expect(weights.equals(await readFile(modelFile('onnx/model.onnx_data')))).toBe(true);
});

it('a download that was killed goes on where it stopped', async () => {
	server.faults.set('onnx/model.onnx_data', { slow: 5 });
	const killed = ensureInProcess();
	await until(() => server.bytesSent > 60_000);
	killed.kill('SIGKILL');
	await endOf(killed);
	expect(await readdir(modelFile('onnx'))).not.toContain('model.onnx_data');
	server.faults.clear();
	expect(await endOf(ensureInProcess())).toBe(0);
	const [, resumed] = bodiesOf('onnx/model.onnx_data');
	expect(resumed?.status).toBe(206);
	expect(Number(/\d+/.exec(resumed?.range ?? '')?.[0])).toBeGreaterThan(0);
	expect(weights.equals(await readFile(modelFile('onnx/model.onnx_data')))).toBe(true);
});

it('a disk that takes no more is said so, and what came before is kept', async () => {
	const child = ensureInProcess('200');
	let said = '';
	child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
	expect(await endOf(child)).toBe(1);
	expect(said).toMatch(/could not be written: .*Free some space/);
	expect(await endOf(ensureInProcess())).toBe(0);
	expect(bodiesOf('onnx/model.onnx_data').map(({ status }) => status)).toEqual([200, 206]);
});

describe('the lock of a folder', () => {
	const fast = { heartbeat: 20, stale: 200, poll: 10 };
	const signal = new AbortController().signal;

	it('lets one in at a time', async () => {
		let inside = 0;
		const visit = () =>
			withFolderLock(root, { signal, ...fast }, async () => {
				expect(++inside).toBe(1);
				await new Promise((done) => setTimeout(done, 20));
				inside--;
			});
		await Promise.all([visit(), visit(), visit()]);
		expect(await readdir(root)).toEqual([]);
	});

	it('is taken over when its holder has died on this machine', async () => {
		const child = spawn(process.execPath, ['-e', '']);
		await once(child, 'exit');
		await writeFile(join(root, '.lock'), `${child.pid} ${hostname()} token`);
		await withFolderLock(root, { signal, ...fast, stale: 60_000 }, async () => undefined);
	});

	it('is taken over by one alone when its holder on another machine gives no sign of life', async () => {
		await writeFile(join(root, '.lock'), '1 elsewhere token');
		const long = new Date(Date.now() - 60_000);
		await utimes(join(root, '.lock'), long, long);
		let inside = 0;
		const visit = () => withFolderLock(root, { signal, ...fast }, async () => void expect(++inside - inside--).toBe(0));
		await Promise.all([visit(), visit(), visit()]);
	});

	it('is waited for while its holder lives, and the wait can be cancelled', async () => {
		await mkdir(root, { recursive: true });
		const controller = new AbortController();
		await withFolderLock(root, { signal, ...fast }, async () => {
			const waiting = withFolderLock(root, { signal: controller.signal, ...fast }, async () => undefined);
			await new Promise((done) => setTimeout(done, 300));
			controller.abort(new Error('enough'));
			await expect(waiting).rejects.toThrow('enough');
		});
	});

	it('stops the work when somebody else took it over', async () => {
		const work = withFolderLock(root, { signal, ...fast }, async (own) => {
			await writeFile(join(root, '.lock'), 'another');
			await new Promise((_, reject) => own.addEventListener('abort', () => reject(own.reason)));
		});
		await expect(work).rejects.toMatchObject({ code: 'lock_lost', retryable: true });
		expect(await readFile(join(root, '.lock'), 'utf8')).toBe('another');
	});
});
