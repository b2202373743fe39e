import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { clip } from './clips';
import type { Row } from './row';

/** How much n8n's process grows while a video of a gigabyte passes through two nodes; in a process of its own, as n8n is. */
export async function run(): Promise<Row[]> {
	const [small, large] = [await clip('ten-seconds.mp4'), await clip('large.mkv')];
	const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', join(__dirname, 'memory-n8n.ts'), small, large], { maxBuffer: 1e8 });
	const { growth, size } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as { growth: number; size: number };
	return [
		{
			row: "growth of n8n's process for a 1 GB video",
			ours: growth / 1e6,
			older: null,
			ratio: null,
			unit: 'MB',
			goal: '≤ 100 MB',
			ok: growth <= 100e6 && size >= 1e9,
			quality: `${(size / 1e9).toFixed(2)} GB came out`,
			note: 'Get Info, then Add Captions, files kept in n8n’s filesystem mode; peak over what a small video left',
		},
	];
}
