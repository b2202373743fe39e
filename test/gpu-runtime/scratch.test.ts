import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeScratch, sweepScratch, withScratch } from '../../gpu-runtime/scratch';

const root = mkdtempSync(join(tmpdir(), 'scratch-test-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('the scratch folder of a job', () => {
	it('is private, and gone afterwards', async () => {
		await withScratch(root, (folder) => {
			expect(statSync(folder).mode & 0o777).toBe(0o700);
			writeFileSync(join(folder, 'big.wav'), 'x');
			return Promise.resolve();
		});
		expect(readdirSync(root)).toEqual([]);
	});

	it('is gone when the work failed', async () => {
		await expect(withScratch(root, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
		expect(readdirSync(root)).toEqual([]);
	});

	it('what a killed process left behind is swept, what runs is not', async () => {
		const own = await makeScratch(root);
		mkdirSync(join(root, 'job-999999999-1700000000000-abcdef'));
		mkdirSync(join(root, `job-${process.pid}-1700000000000-abcdef`));
		mkdirSync(join(root, 'something-else'));
		await sweepScratch(root);
		expect(readdirSync(root).sort()).toEqual([own.split('/').at(-1), 'something-else'].sort());
	});

	it('a folder that cannot be written is named, with what to do', async () => {
		await expect(makeScratch(join(__filename, 'under-a-file'))).rejects.toMatchObject({ code: 'no_scratch', message: expect.stringContaining('AI_AGENT_TOOLS_SCRATCH') });
	});
});
