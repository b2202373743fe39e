import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dist } from '../test/support/dist';
import { clip } from './clips';
import { similarity } from './compare';
import { comparedRow, inTurn } from './measure';
import { panCaptioned, stillCaptioned } from './older';
import type { Row } from './row';
import { type BenchRuntime, fileOf, withRuntime } from './bench-runtime';

const seconds = 8;
const text = 'Every evening the keeper climbed one hundred steps and lit the lamp above the dark and quiet sea'.split(' ');
const words = text.map((word, index) => ({ text: word, start: (index * seconds) / text.length, end: ((index + 1) * seconds) / text.length }));

/** Captions over a picture, still and panned. */
export const run = () =>
	withRuntime(async (runtime) => [
		await row(runtime, { row: 'still picture + captions', effect: { effect: 'none' }, older: stillCaptioned, limit: 0.4 }),
		await row(runtime, { row: 'panned picture + captions', effect: { effect: 'pan' }, older: panCaptioned, limit: 0.5 }),
	]);

interface Case {
	row: string;
	effect: Record<string, unknown>;
	older: typeof stillCaptioned;
	limit: number;
}

async function row({ run, folder }: BenchRuntime, { row, effect, older, limit }: Case): Promise<Row> {
	const [picture, sound] = [await clip('picture.png'), await clip('voice.wav')];
	const size = { width: 1080, height: 1920 };
	const input = { background: { file: picture }, audio: { file: sound }, words, quality: 'draft', ...size, ...effect };
	let result = await run('generate_captioned_video', input);
	// The older way draws the very same captions.
	await writeFile(join(folder, 'captions.ass'), (result.captions as { ass: string }).ass);
	await cp(dist('fonts'), join(folder, 'fonts'), { recursive: true });
	const output = join(folder, 'older.mp4');
	const costs = await inTurn(
		3,
		() => older({ picture, sound, seconds, folder, output, ...size }),
		async () => void (result = await run('generate_captioned_video', input)),
	);
	const ssim = await similarity(fileOf(result.video), output);
	return comparedRow({ row, ...costs, by: 'cpu', limit, quality: { ok: ssim >= 0.999, text: `SSIM ${ssim.toFixed(6)}` }, note: `${seconds} s at 1080×1920` });
}
