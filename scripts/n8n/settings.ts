import { join, resolve } from 'node:path';

/** What the package is tried with: one pinned n8n, because the API behind its editor has no promise. */
export const nodeVersion = '24.9.0';
export const n8nVersion = '2.40.7';

export const project = resolve(__dirname, '../..');

/** About 3 GB that every run shares. */
export const cache = process.env.AI_AGENT_TOOLS_N8N_CACHE ?? join(project, '.cache/n8n');

export const nodeFolder = join(cache, 'node24');
export const appFolder = join(cache, 'app');
export const emptyDatabase = join(cache, 'empty.sqlite');
export const n8nProgram = join(appFolder, 'node_modules/n8n/bin/n8n');

/** The environment in which npm and n8n run: Node 24 first, native modules compiled against its own headers. */
export const node24: NodeJS.ProcessEnv = {
	...process.env,
	PATH: `${join(nodeFolder, 'bin')}:${process.env.PATH}`,
	npm_config_nodedir: nodeFolder,
};

export const owner = { email: 'owner@example.com', password: 'Passw0rd123', firstName: 'Test', lastName: 'Owner' };

export const say = (line: string) => process.stderr.write(`${line}\n`);
