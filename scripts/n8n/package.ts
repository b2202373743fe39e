import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './command';
import { node24 } from './settings';

interface Manifest {
	name: string;
	[key: string]: unknown;
}

export const readManifest = async (folder: string) => JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;

/** What n8n's installer takes out of a package before it installs it. */
const stripped = ['devDependencies', 'peerDependencies', 'optionalDependencies'];

/** The flags of n8n's own installer: no script of ours or of a dependency ever runs, no program is linked. */
const installerFlags = [
	'--audit=false',
	'--fund=false',
	'--bin-links=false',
	'--install-strategy=shallow',
	'--ignore-scripts=true',
	'--package-lock=false',
	'--loglevel=error',
];

/** Installs a built package into an n8n's user folder, step for step as its Community Nodes screen does. */
export async function installPackage(folder: string, home: string): Promise<void> {
	const { name } = await readManifest(folder);
	const target = join(home, '.n8n/nodes/node_modules', name);
	const pack = await mkdtemp(join(tmpdir(), 'n8n-pack-'));
	try {
		const archive = (await run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', pack], { cwd: folder, env: node24 })).trim();
		await rm(target, { recursive: true, force: true });
		await mkdir(target, { recursive: true });
		await run('tar', ['-xzf', join(pack, archive), '-C', target, '--strip-components=1']);
	} finally {
		await rm(pack, { recursive: true, force: true });
	}
	const kept = Object.entries(await readManifest(target)).filter(([key]) => !stripped.includes(key));
	await writeFile(join(target, 'package.json'), JSON.stringify(Object.fromEntries(kept), null, 2));
	await run('npm', ['install', ...installerFlags], { cwd: target, env: node24 });
}
