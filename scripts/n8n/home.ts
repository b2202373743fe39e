import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quietEnvironment } from './environment';
import { installN8n } from './install';
import { installPackage } from './package';
import { emptyDatabase, say } from './settings';

/** The user folder of one n8n, with the package in it. */
export interface Home {
	folder: string;
	environment: NodeJS.ProcessEnv;
	/** Where its editor answers once a server runs. */
	url: string;
	remove(): Promise<void>;
}

/** A fresh user folder, or the one named: there a person's workflows stay from run to run. */
export async function prepareHome(packageFolder: string, kept?: string): Promise<Home> {
	await installN8n();
	const folder = kept ?? (await mkdtemp(join(tmpdir(), 'n8n-home-')));
	await mkdir(join(folder, '.n8n'), { recursive: true });
	const database = join(folder, '.n8n/database.sqlite');
	if (!existsSync(database)) await copyFile(emptyDatabase, database);
	const started = Date.now();
	await installPackage(packageFolder, folder);
	say(`Installed the package as n8n's editor does, in ${Math.round((Date.now() - started) / 1000)} s`);
	const environment = await quietEnvironment(folder);
	return {
		folder,
		environment,
		url: `http://127.0.0.1:${environment.N8N_PORT}`,
		remove: () => (kept ? Promise.resolve() : rm(folder, { recursive: true, force: true })),
	};
}
