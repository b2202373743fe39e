import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attempt, run } from './command';
import { type Execution, executionFromLog } from './execution';
import type { Home } from './home';
import { n8nProgram } from './settings';
import type { WorkflowJson } from './workflows';

export interface StoredCredential {
	id: string;
	name: string;
	type: string;
	/** Plain values; n8n encrypts them as it reads them. */
	data: Record<string, unknown>;
}

/** Puts workflows and credentials into the database of an n8n that is not running. */
export async function importInto(home: Home, workflows: WorkflowJson[], credentials: StoredCredential[] = []): Promise<void> {
	const folder = await mkdtemp(join(tmpdir(), 'n8n-import-'));
	try {
		for (const [what, content] of [['credentials', credentials], ['workflow', workflows]] as const) {
			if (!content.length) continue;
			const file = join(folder, `${what}.json`);
			await writeFile(file, JSON.stringify(content));
			await run('node', [n8nProgram, `import:${what}`, `--input=${file}`], { env: home.environment });
		}
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** Runs an imported workflow without a server, under further settings of n8n. Its JSON tells how it ended: n8n's exit code is no guide. */
export async function executeHeadless(home: Home, workflowId: string, settings: NodeJS.ProcessEnv = {}): Promise<Execution> {
	const { stdout, stderr } = await attempt('node', [n8nProgram, 'execute', `--id=${workflowId}`, '--rawOutput'], { env: { ...home.environment, ...settings } });
	return executionFromLog(`${stdout}\n${stderr}`);
}
