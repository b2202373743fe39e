import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { createHost } from '../gpu-runtime/host';
import type { createModelStore } from '../gpu-runtime/models/store';
import { startModelServer } from '../test/support/model-server';
import { run } from './n8n/command';
import { installPackage, readManifest } from './n8n/package';
import { project } from './n8n/settings';

/**
 * What the package weighs and how long it takes to be ready: packed, unpacked, installed as n8n's editor does it, and from
 * that installation two starts of the embedded runtime with their first jobs, what they fetch, and what a model does. Build
 * first, or name a folder with a built package.
 */
async function main() {
	const folder = resolve(process.argv[2] ?? project);
	const home = await mkdtemp(join(tmpdir(), 'footprint-'));
	try {
		const [packed] = JSON.parse(await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: folder })) as [{ size: number; unpackedSize: number; entryCount: number }];
		const rows = [
			['package as it is downloaded', megabytes(packed.size)],
			[`package unpacked, ${packed.entryCount} files`, megabytes(packed.unpackedSize)],
		];
		const installing = await seconds(() => installPackage(folder, home));
		const installed = join(home, '.n8n/nodes/node_modules', (await readManifest(folder)).name);
		rows.push(['installed by n8n\'s editor, dependencies included', megabytes(await sizeOf(installed))], ['… which took (the npm cache and network decide)', installing]);
		rows.push(...(await largest(join(installed, 'node_modules'))), ...(await times(installed, home)), ...(await modelBytes(installed, home)));
		for (const [what = '', figure = ''] of rows) process.stdout.write(`| ${what.padEnd(68)} | ${figure.padStart(22)} |\n`);
	} finally {
		await rm(home, { recursive: true, force: true });
	}
}

/** The five dependencies that weigh most. */
async function largest(modules: string): Promise<string[][]> {
	const names = (await readdir(modules)).filter((name) => !name.startsWith('.'));
	const sizes = await Promise.all(names.map(async (name) => ({ name, bytes: await sizeOf(join(modules, name)) })));
	return sizes.sort((a, b) => b.bytes - a.bytes).slice(0, 5).map(({ name, bytes }) => [`… of it ${name}`, megabytes(bytes)]);
}

/** Two starts of the runtime with two jobs each; what they fetch is counted, and so that 0 means something, what a job with a url fetches. */
async function times(installed: string, home: string): Promise<string[][]> {
	const { createHost: createInstalled } = (await import(join(installed, 'dist/gpu-runtime/host.js'))) as { createHost: typeof createHost };
	const start = async (name: string) => {
		const count = join(home, `${name}.count`);
		await writeFile(count, '');
		const env = { ...process.env, AI_AGENT_TOOLS_DATA: join(home, 'data'), AI_AGENT_TOOLS_SCRATCH: home, AI_AGENT_TOOLS_ALLOW_PRIVATE_URLS: '1', NODE_OPTIONS: `--require ${join(__dirname, 'count-connections.js')}`, COUNT_INTO: count };
		const host = createInstalled({ idle: 0, grace: 5, env });
		const job = (operation: string, input: unknown) => seconds(() => host.run({ operation, input, folder: home, signal: new AbortController().signal }));
		const speak = () => job('generate_draft_tts', { text: 'Hello brave new world.' });
		const rows = [
			[`${name} start: forked, ready and answering list_fonts`, await job('list_fonts', {})],
			['… first job after that (draft speech)', await speak()],
			['… second job', await speak()],
			['… fetched by all of these', fetched(await readFile(count, 'utf8'))],
		];
		return { host, job, count, rows };
	};
	const first = await start('first');
	await first.host.close();
	const second = await start('second');
	try {
		const file = await serveFile(Buffer.alloc(1e6));
		// No caption file: the job fails after it was fetched.
		await second.job('convert_captions', { captions: { url: file.url }, to: 'text' }).catch(() => undefined);
		file.close();
		return [...first.rows, ...second.rows, ['… for comparison, with a job that is given a file of 1.0 MB by url', fetched(await readFile(second.count, 'utf8'))]];
	} finally {
		await second.host.close();
	}
}

function fetched(count: string): string {
	const lines = count.split('\n').filter(Boolean);
	const bytes = lines.reduce((sum, line) => sum + Number(line.split(' ')[1]), 0);
	return `${megabytes(bytes)}, ${lines.filter((line) => line.startsWith('connection')).length} connections`;
}

/** What a model costs the first time it is needed and the second, from a hub on loopback. */
async function modelBytes(installed: string, home: string): Promise<string[][]> {
	const { createModelStore: createInstalled } = (await import(join(installed, 'dist/gpu-runtime/models/store.js'))) as { createModelStore: typeof createModelStore };
	const hub = await startModelServer({ 'onnx/model.onnx': Buffer.alloc(50_000_000) });
	const entry = { name: 'made', repo: 'someone/made', revision: 'main', licence: 'MIT', precisions: ['fp32'], graphs: [{ name: 'model' }], files: [] } as const;
	const need = async () => {
		const before = hub.bytesSent;
		await createInstalled({ folder: join(home, 'models'), endpoint: hub.endpoint, manifest: [entry] }).ensure('made', { signal: new AbortController().signal });
		return megabytes(hub.bytesSent - before);
	};
	try {
		return [['a made model of 50.0 MB: fetched when it is first needed', await need()], ['… and by the next process', await need()]];
	} finally {
		await hub.close();
	}
}

async function serveFile(bytes: Buffer) {
	const server = createServer((_, response) => response.end(bytes)).listen(0, '127.0.0.1');
	await once(server, 'listening');
	return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/file.srt`, close: () => server.close() };
}

async function seconds(work: () => Promise<unknown>): Promise<string> {
	const start = performance.now();
	const answer = await work();
	if (typeof answer === 'object' && answer !== null && 'status' in answer && answer.status !== 'success') throw new Error(`A job failed: ${JSON.stringify(answer)}`);
	return `${((performance.now() - start) / 1000).toFixed(2)} s`;
}

/** Bytes of all files under a folder; links are not followed. */
async function sizeOf(folder: string): Promise<number> {
	const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
	const sizes = await Promise.all(files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size));
	return sizes.reduce((sum, size) => sum + size, 0);
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
	process.exitCode = 1;
});
