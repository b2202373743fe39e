import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createHost } from '../gpu-runtime/host';
import { run } from './n8n/command';
import { installPackage, readManifest } from './n8n/package';
import { project } from './n8n/settings';

/**
 * What the package weighs and how long it takes to be ready: packed, unpacked, installed as n8n's editor does it, and the
 * embedded runtime's start and first jobs from that installation. Build first, or name a folder with a built package.
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
		rows.push(...(await largest(join(installed, 'node_modules'))), ...(await times(installed, home)));
		for (const [what = '', figure = ''] of rows) process.stdout.write(`| ${what.padEnd(50)} | ${figure.padStart(10)} |\n`);
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

async function times(installed: string, home: string): Promise<string[][]> {
	const { createHost: createInstalled } = (await import(join(installed, 'dist/gpu-runtime/host.js'))) as { createHost: typeof createHost };
	const host = createInstalled({ idle: 0, grace: 5, env: { ...process.env, AI_AGENT_TOOLS_DATA: join(home, 'data'), AI_AGENT_TOOLS_SCRATCH: home } });
	const job = (operation: string, input: unknown) => () => host.run({ operation, input, folder: home, signal: new AbortController().signal });
	const speech = job('generate_draft_tts', { text: 'Hello brave new world.' });
	try {
		return [
			['runtime forked, ready and answering list_fonts', await seconds(job('list_fonts', {}))],
			['first job after that (draft speech)', await seconds(speech)],
			['second job', await seconds(speech)],
		];
	} finally {
		await host.close();
	}
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
