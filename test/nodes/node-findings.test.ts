import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { versionOfN8n } from '../../nodes/shared/node-findings';

it('the version of n8n is that of the package whose program was started, and unknown for any other program', () => {
	const root = mkdtempSync(join(tmpdir(), 'n8n-version-'));
	for (const name of ['n8n', 'other']) {
		mkdirSync(join(root, name, 'bin'), { recursive: true });
		writeFileSync(join(root, name, 'package.json'), JSON.stringify({ name, version: '2.40.7' }));
	}
	expect(['n8n/bin/n8n', 'other/bin/n8n', 'nowhere/bin/n8n'].map((program) => versionOfN8n(join(root, program)))).toEqual(['2.40.7', undefined, undefined]);
	rmSync(root, { recursive: true });
});
