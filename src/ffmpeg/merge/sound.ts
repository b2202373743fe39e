import type { RenderInput } from '../../runtime';
import { chain, filter, type Chain } from '../graph';
import { loopedInput } from '../picture';
import { lasting, mixed, silence, stereo, type Music } from '../sound';
import type { Clip } from './clip';

export interface Soundtrack {
	inputs: RenderInput[];
	/** End in the pad `sound`. */
	chains: Chain[];
}

interface Given {
	clips: readonly Clip[];
	/** Seconds of each clip. */
	lengths: readonly number[];
	music?: (Pick<Music, 'channels' | 'volume' | 'duck'> & { path: string; index: number }) | undefined;
	/** Number of the first input that this adds. */
	from: number;
}

/** The sounds of all clips in a row, each as long as its picture, with silence where there is none, and music under them. */
export function soundtrack({ clips, lengths, music, from }: Given): Soundtrack {
	const inputs: RenderInput[] = [];
	const chains = clips.map(({ path, audio }, index) => {
		const length = lengths[index] ?? 0;
		if (audio === null) return chain([], silence(length), [`sound${index}`]);
		inputs.push({ path });
		return chain([`${from + inputs.length - 1}:${audio.index}`], [...stereo(audio.channels), ...lasting(length)], [`sound${index}`]);
	});
	const duration = lengths.reduce((sum, one) => sum + one, 0);
	const joined = filter('concat', { n: clips.length, v: 0, a: 1 });
	const row = chain(clips.map((_, index) => `sound${index}`), [joined, ...lasting(duration)], [music ? 'voice' : 'sound']);
	if (!music) return { inputs, chains: [...chains, row] };
	const under = mixed({ voice: 'voice', music: { ...music, from: `${from + inputs.length}:${music.index}` }, duration, to: 'sound' });
	return { inputs: [...inputs, loopedInput(music.path)], chains: [...chains, row, ...under] };
}
