import { z } from 'zod/v4';
import type { Job, Render } from '../runtime';
import { chain, printGraph, type Chain, type Filter } from './graph';
import { measuring, normalization, normalizing, readLoudness } from './loudness';

/** What a loudness was and became. */
export const levelling = z.object({ measured: z.number(), target: z.number(), mode: z.enum(['linear', 'dynamic']) }).nullable();
export type Levelling = z.infer<typeof levelling>;

/** LUFS that both ffmpeg and ears make sense of. */
export const loudnessTarget = z.number().min(-70).max(-5);

export const loudnessWords = { label: 'Loudness', hint: 'LUFS by EBU R128 to bring the sound to, e.g. -16 for podcasts. Leave empty to keep the level', start: -16, advanced: true } as const;

export interface Unlevelled extends Pick<Render, 'inputs' | 'duration'> {
	/** The graph, which ends in the pad `from`. */
	chains: readonly Chain[];
	from: string;
}

/** First pass: what the second has to do. Silence has no loudness and stays as it is, with a warning. */
export async function levelled({ inputs, duration, chains, from }: Unlevelled, target: number | undefined, job: Job): Promise<{ filters: Filter[]; loudness?: Levelling }> {
	if (target === undefined) return { filters: [] };
	await job.ffmpeg.need(['loudnorm']);
	const log = await job.ffmpeg.analyse({
		inputs,
		filter: printGraph([...chains, chain([from], measuring(target), ['measured'])]),
		options: ['-map', '[measured]'],
		...(duration !== undefined && { duration }),
		onProgress: (fraction) => job.progress(fraction, 'Measuring the loudness'),
	});
	const measured = readLoudness(log);
	if (measured === null) {
		job.warn('The sound is silent, or too short to measure, so its loudness stays as it is');
		return { filters: [], loudness: null };
	}
	return { filters: normalizing(target, measured), loudness: { measured: measured.integrated, target, mode: normalization(target, measured) } };
}
