import { join } from 'node:path';
import { pixelsAt } from '../test/support/runtime';
import { type BenchRuntime, fileOf, withRuntime } from './bench-runtime';
import { clip } from './clips';
import { comparedRow, inTurn } from './measure';
import { colorKey } from './older';

export const run = () => withRuntime(async (runtime) => [await row(runtime)]);

async function row({ run, folder }: BenchRuntime) {
	const [video, overlay] = [await clip('ten-seconds.mp4'), await clip('green-screen.mp4')];
	let output = '';
	const costs = await inTurn(
		3,
		() => colorKey(video, overlay, 10, join(folder, 'keyed.mp4')),
		async () => void (output = fileOf((await run('add_colorkey_overlay', { video: { file: video }, overlay: { file: overlay }, quality: 'draft' })).video)),
	);
	const [base, keyed] = [pixelsAt(video, 2), pixelsAt(output, 2)];
	const away = (x: number, y: number, color: readonly number[]) => Math.max(...color.map((value, part) => Math.abs((keyed[(y * 1280 + x) * 3 + part] ?? 0) - value)));
	const at = (x: number, y: number) => [...base.subarray((y * 1280 + x) * 3, (y * 1280 + x) * 3 + 3)];
	const shown = away(300, 250, [255, 0, 0]) < 40;
	const green = [[1000, 600], [640, 600], [900, 200]].filter(([x = 0, y = 0]) => away(x, y, at(x, y)) > 60).length;
	return comparedRow({
		row: 'colour key',
		...costs,
		by: 'cpu',
		limit: 1,
		quality: { ok: shown && green === 0, text: shown && green === 0 ? 'the green screen is gone, what stood before it is there' : `${green} points wrong, figure ${shown ? 'shown' : 'gone'}` },
		note: '10 s, 720p; to the same quality',
	});
}
