import { sampleRate } from '../../../../src/speech/whisper/mel';
import { musicPitch, pitches } from './listening';

const slot = sampleRate / 2;
const { sin, PI } = Math;

/** Half a second of each pitch by its number; null is silence, 'music' the pitch that is no word. */
export function tones(slots: readonly (number | 'music' | null)[], amplitude = 0.5): Float32Array {
	const samples = new Float32Array(slots.length * slot);
	for (const [i, which] of slots.entries()) {
		if (which === null) continue;
		const pitch = which === 'music' ? musicPitch : pitches[which]!;
		for (let k = 0; k < slot; k++) samples[i * slot + k] = amplitude * sin((2 * PI * pitch * k) / sampleRate);
	}
	return samples;
}

/** `count` numbers of pitches in an order that does not repeat itself. */
export function shuffledPitches(count: number): number[] {
	let state = 7;
	return Array.from({ length: count }, () => {
		state = (state * 48271) % 2147483647;
		return state % pitches.length;
	});
}
