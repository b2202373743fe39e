import { OperationFailed } from '../errors';
import { filter, type Filter } from './graph';
import { sampleRate } from './sound';

/** By EBU R128. */
export interface Loudness {
	/** LUFS over the whole length. */
	integrated: number;
	/** dBTP. */
	truePeak: number;
	/** LU. */
	range: number;
	/** LUFS below which sound counts as none. */
	threshold: number;
	/** LU, what ffmpeg's second pass needs beside these. */
	offset: number;
}

const limits = { truePeak: -1.5, range: 11 };
const targets = (integrated: number) => ({ I: integrated, TP: limits.truePeak, LRA: limits.range });

/** First pass: its log is read by `readLoudness`. */
export const measuring = (target = -16): Filter[] => [filter('loudnorm', { ...targets(target), print_format: 'json' })];

/** Second pass. Without the resampling it would come out at 192 kHz. */
export const normalizing = (target: number, measured: Loudness): Filter[] => [
	filter('loudnorm', {
		...targets(target),
		measured_I: measured.integrated,
		measured_TP: measured.truePeak,
		measured_LRA: measured.range,
		measured_thresh: measured.threshold,
		offset: measured.offset,
		linear: 'true',
		print_format: 'json',
	}),
	// Not aresample, which finds no channel layout for sound that names none.
	filter('aformat', { sample_rates: sampleRate }),
];

/** Whether the second pass turns the whole sound up or down alike, or has to follow it: ffmpeg's own rule. */
export function normalization(target: number, { integrated, truePeak, range }: Loudness): 'linear' | 'dynamic' {
	const fits = truePeak + (target - integrated) <= limits.truePeak && range <= limits.range;
	return fits && range !== 0 ? 'linear' : 'dynamic';
}

/** Null for silence, which has no loudness. */
export function readLoudness(log: string): Loudness | null {
	const facts = new Map([...(/\{[^{}]*\}\s*$/.exec(log)?.[0] ?? '').matchAll(/"(\w+)"\s*:\s*"([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]));
	const number = (name: string) => Number(facts.get(name)?.replace('inf', 'Infinity') ?? Number.NaN);
	const integrated = number('input_i');
	if (Number.isNaN(integrated)) throw new OperationFailed('Expected ffmpeg to report the loudness, its log has none', { code: 'no_loudness' });
	const found = { integrated, truePeak: number('input_tp'), range: number('input_lra'), threshold: number('input_thresh'), offset: number('target_offset') };
	return Object.values(found).every(Number.isFinite) ? found : null;
}
