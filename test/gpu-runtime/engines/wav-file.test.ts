import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeWav } from '../../../gpu-runtime/engines/wav-file';
import { dist } from '../../support/dist';

const format = { sampleRate: 8000, channels: 1, encoding: 's16' } as const;

it('a full disk is said so, with what to do', async () => {
	const writing = writeWav('/dev/full', format, (wav) => wav.silence(1));
	await expect(writing).rejects.toMatchObject({ code: 'disk_full', retryable: true, message: expect.stringContaining('AI_AGENT_TOOLS_SCRATCH') });
});

it('a disk that takes only a part of the sound does not pass for one that took all', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'wav-file-'));
	const script = `
		const { writeWav } = require(${JSON.stringify(dist('gpu-runtime/engines/wav-file.js'))});
		writeWav('half.wav', ${JSON.stringify(format)}, (wav) => wav.silence(1)).then(() => console.log('written'), ({ code }) => console.log(code));`;
	const { stdout } = await promisify(execFile)('sh', ['-c', 'ulimit -f 8; exec "$0" -e "$1"', process.execPath, script], { cwd: folder });
	expect(stdout).toBe('disk_full\n');
	rmSync(folder, { recursive: true });
});
