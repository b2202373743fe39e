import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BenchRuntime, fileOf, withRuntime } from './bench-runtime';
import { clip } from './clips';
import { pictures } from './compare';
import { comparedRow, inTurn } from './measure';
import { frame, frames } from './older';
import type { Row } from './row';

export const run = () => withRuntime(async (runtime) => [await single(runtime), await several(runtime)]);

async function single({ run, folder }: BenchRuntime): Promise<Row> {
	const video = await clip('ten-minutes.mp4');
	const older = join(folder, 'frame.jpg');
	let output = '';
	// The older way decodes everything before it: once is enough to wait for.
	const costs = await inTurn(
		1,
		() => frame(video, 300, older),
		async () => void (output = fileOf((await run('extract_frame', { video: { file: video }, timestamp: 300 })).frame)),
	);
	const same = (await readFile(output)).equals(await readFile(older));
	return comparedRow({ row: 'frame at 300 s of 10 minutes', ...costs, by: 'cpu', limit: 1 / 80, quality: { ok: same, text: same ? 'the same file, byte for byte' : 'another picture' }, note: '1080p, one pair' });
}

/** The video repeats ten seconds, bit by bit, so that what it shows at a time is known without decoding up to there. */
async function several({ run, folder }: BenchRuntime): Promise<Row> {
	const video = await clip('two-minutes.mp4');
	const costs = await inTurn(
		1,
		() => frames(video, { amount: 5, seconds: 120 }, join(folder, 'frame-%03d.jpg')),
		() => run('extract_frames', { video: { file: video }, amount: 5 }),
	);
	const outputs = ((await run('extract_frames', { video: { file: video }, amount: 5, format: 'png' })).frames as unknown[]).map(fileOf);
	const wanted = await pictures(await clip('hd.mp4'), "select='eq(n,0)+eq(n,50)+eq(n,100)+eq(n,150)+eq(n,200)',format=rgb24");
	const shown = [50, 150, 0, 100, 200].map((number) => wanted[number / 50]);
	const found = (await Promise.all(outputs.map((output) => pictures(output, 'format=rgb24')))).flat();
	const right = shown.filter((hash, index) => hash === found[index]).length;
	return comparedRow({ row: '5 frames of 2 minutes', ...costs, by: 'cpu', limit: 1 / 3.5, quality: { ok: right === 5, text: `${right} of 5 are the frames of their times` }, note: '1080p, one pair' });
}
