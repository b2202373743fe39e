import { type BenchRuntime, withRuntime } from './bench-runtime';
import { clip } from './clips';
import { comparedRow, inTurn } from './measure';
import { probes } from './older';

export const run = () => withRuntime(async (runtime) => [await row(runtime)]);

async function row({ run }: BenchRuntime) {
	const videos = await Promise.all((['like-1.mp4', 'like-2.mp4', 'like-3.mp4'] as const).map(clip));
	let fields = 0;
	const costs = await inTurn(
		7,
		() => probes(videos),
		async () => {
			const found = await Promise.all(videos.map((file) => run('get_video_info', { video: { file } })));
			fields = Object.keys(found[0] ?? {}).length;
		},
	);
	return comparedRow({
		row: 'probing 3 files',
		...costs,
		by: 'wall',
		limit: 1 / 5,
		quality: { ok: fields > 11, text: `${fields} fields a file; older: 11` },
		note: 'wall time of the questions a merge asks, about clips of an encoder that was met before: the older way asks ten times, one after the other',
	});
}
