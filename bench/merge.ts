import { join } from 'node:path';
import { streamsOf } from '../test/support/runtime';
import { type BenchRuntime, fileOf, withRuntime } from './bench-runtime';
import { type BenchClip, clip } from './clips';
import { level, pictures } from './compare';
import { comparedRow, inTurn } from './measure';
import { merge, withMusic } from './older';
import type { Row } from './row';

const hd = { width: 1280, height: 720 };

export const run = () => withRuntime(async (runtime) => [await likeClips(runtime), await music(runtime), await mixed(runtime, 'auto'), await mixed(runtime, 'encode')]);

async function likeClips({ run, folder }: BenchRuntime): Promise<Row> {
	const videos = await all(['longer-1.mp4', 'longer-2.mp4', 'longer-3.mp4', 'longer-4.mp4', 'longer-5.mp4', 'longer-6.mp4']);
	let output = '';
	const costs = await inTurn(
		3,
		() => merge(videos, hd, join(folder, 'like.mp4')),
		async () => void (output = fileOf((await run('merge_videos', { videos: videos.map((file) => ({ file })) })).video)),
	);
	const wanted = (await Promise.all(videos.map((video) => pictures(video)))).flat();
	const found = await pictures(output);
	const ok = found.join() === wanted.join();
	return comparedRow({
		row: 'merge of like clips',
		...costs,
		by: 'cpu',
		limit: 1 / 50,
		quality: { ok, text: `${found.length} of ${wanted.length} frames, ${ok ? 'each of them bit-exact' : 'not the same'}` },
		note: '6 clips of 10 s, 720p; what the copy costs hardly depends on their length',
	});
}

async function music({ run, folder }: BenchRuntime): Promise<Row> {
	const [video, sound] = [await clip('thirty-seconds.mp4'), await clip('music.mp3')];
	const older = join(folder, 'music.mp4');
	let output = '';
	const ask = (volume: number) => run('merge_videos', { videos: [{ file: video }], backgroundMusic: { file: sound }, backgroundMusicVolume: volume });
	const costs = await inTurn(
		3,
		() => withMusic(video, sound, hd, older),
		async () => void (output = fileOf((await ask(0.5)).video)),
	);
	const same = (await pictures(output)).join() === (await pictures(video)).join();
	// The voice alone, through the same mix.
	const change = (await level(fileOf((await ask(0)).video))) - (await level(video));
	return comparedRow({
		row: 'one clip + music',
		...costs,
		by: 'cpu',
		limit: 1 / 10,
		quality: { ok: same && Math.abs(change) <= 0.5, text: `picture ${same ? 'bit-exact' : 'changed'}, voice ${signed(change)} dB` },
		note: '30 s, 720p; the older way takes 6 dB off the voice',
	});
}

/** Of another size, rate and number of channels each; what is encoded is of the first one's kind, which can stay as it is. */
async function mixed({ run, folder }: BenchRuntime, mode: 'auto' | 'encode'): Promise<Row> {
	const videos = await all(['like-1.mp4', 'mixed-25.mp4', 'mixed-ntsc.mp4']);
	const older = join(folder, 'mixed.mp4');
	let output = '';
	const costs = await inTurn(
		3,
		() => merge(videos, hd, older),
		async () => void (output = fileOf((await run('merge_videos', { videos: videos.map((file) => ({ file })), mode })).video)),
	);
	const found = streamsOf(output);
	const gap = Math.abs(Number(found.video?.duration) - Number(found.audio?.duration));
	return comparedRow({
		row: mode === 'auto' ? 'mixed merge' : 'mixed merge, all encoded',
		...costs,
		by: 'cpu',
		limit: mode === 'auto' ? 1 : 1.05,
		quality: { ok: found.video?.nb_frames === '360' && gap <= 1 / 30, text: `${found.video?.nb_frames ?? 0} of 360 frames, sound and picture end within ${Math.round(gap * 1000)} ms` },
		note: `3 clips of 4 s: 720p30 stereo, 358p25 mono, 720p29.97 stereo; to the same quality; ${mode === 'auto' ? 'the first is kept as it is' : 'by the mode encode'}`,
	});
}

const all = (names: BenchClip[]) => Promise.all(names.map(clip));
const signed = (value: number) => `${value > 0 ? '+' : ''}${value.toFixed(1)}`;
