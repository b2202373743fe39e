import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { operations } from '../../src/operations';
import { referencePage } from '../../src/reference';

describe('the reference', () => {
	it('docs/operations.md is as the operations are: run npm run docs when it is not', () => {
		expect(readFileSync(join(__dirname, '../../docs/operations.md'), 'utf8')).toBe(referencePage());
	});

	it('shows every operation with its fields and a command to try', () => {
		const page = referencePage();
		for (const { name, fields } of operations) {
			expect(page).toContain(`ai-agent-tools run ${name} `);
			for (const field of Object.keys(fields)) expect(page).toContain(`| \`${field}\` |`);
		}
	});
});
