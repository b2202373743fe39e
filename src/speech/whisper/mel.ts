import { powerSpectrum } from './fft';

/** What Whisper hears: 16 kHz mono, frames of 400 samples every 160, windows of 3000 frames (30 s). */
export const sampleRate = 16_000;
export const hop = 160;
export const framesPerSecond = sampleRate / hop;
export const windowFrames = 3000;
const frameLength = 400;

/** Samples that the first and the last frame reach beyond the samples they are centred on. */
export const reach = frameLength / 2;

/** log10 of the smallest power that counts; digital silence has it everywhere. */
export const quietest = -10;

export interface Mel {
	readonly bins: number;
	/**
	 * log10 of the mel power of `count` frames, frame after frame. Frame i covers `samples[i * hop]` and the 399 after it, so the
	 * sound has to be given with `reach` samples before its first frame's centre.
	 */
	frames(samples: Float32Array, count: number): Float32Array;
}

const spectrumSize = frameLength / 2 + 1;
const hann = Float64Array.from({ length: frameLength }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / frameLength));

const { log10 } = Math;

export function createMel(bins: number): Mel {
	const filters = melFilters(bins);
	const spectrum = powerSpectrum(frameLength);
	const frame = new Float64Array(frameLength);
	const power = new Float64Array(spectrumSize);
	return {
		bins,
		frames(samples, count) {
			const mel = new Float32Array(count * bins);
			for (let i = 0; i < count; i++) {
				for (let k = 0; k < frameLength; k++) frame[k] = samples[i * hop + k]! * hann[k]!;
				spectrum(frame, power);
				for (const [bin, { from, weights }] of filters.entries()) {
					let sum = 0;
					for (let k = 0; k < weights.length; k++) sum += weights[k]! * power[from + k]!;
					mel[i * bins + bin] = sum > 1e-10 ? log10(sum) : quietest;
				}
			}
			return mel;
		},
	};
}

interface Filter {
	from: number;
	weights: Float64Array;
}

/** Triangles on Slaney's mel scale from 0 to 8000 Hz, each of equal area; only their weights above zero are kept. */
export function melFilters(bins: number): Filter[] {
	const top = hertzToMel(sampleRate / 2);
	const edges = Array.from({ length: bins + 2 }, (_, i) => melToHertz((top * i) / (bins + 1)));
	return Array.from({ length: bins }, (_, bin) => {
		const [low, middle, high] = edges.slice(bin, bin + 3) as [number, number, number];
		const all = Array.from({ length: spectrumSize }, (_, k) => {
			const hertz = (k * sampleRate) / frameLength;
			const height = Math.min((hertz - low) / (middle - low), (high - hertz) / (high - middle));
			return (Math.max(0, height) * 2) / (high - low);
		});
		const from = Math.max(0, all.findIndex((weight) => weight > 0));
		return { from, weights: Float64Array.from(all.slice(from, all.findLastIndex((weight) => weight > 0) + 1)) };
	});
}

/** Slaney's scale: linear to 1000 Hz (mel 15), then 27 steps for each factor of 6.4. */
const hertzToMel = (hertz: number) => (hertz < 1000 ? (hertz * 3) / 200 : 15 + (27 * Math.log(hertz / 1000)) / Math.log(6.4));
const melToHertz = (mel: number) => (mel < 15 ? (mel * 200) / 3 : 1000 * Math.exp((Math.log(6.4) * (mel - 15)) / 27));

/** Frames that hear something of a sound of this many samples: beyond them there is silence only. */
export const audibleFrames = (samples: number) => Math.ceil((samples + reach) / hop);

/** Puts the mirror image of a sound's first samples before it, as every frame is centred. */
export function mirrorStart(samples: Float32Array): Float32Array {
	const mirrored = new Float32Array(reach + samples.length);
	mirrored.set(samples, reach);
	for (let i = 1; i <= reach; i++) mirrored[reach - i] = samples[i] ?? 0;
	return mirrored;
}

/**
 * The encoder's input [bins, windowFrames] of one window: frames turned into rows, silence after the last, and everything below
 * `loudest - 8` raised to it, where `loudest` is the largest value of the whole sound.
 */
export function melWindow(frames: Float32Array, bins: number, loudest: number): Float32Array {
	const count = Math.min(frames.length / bins, windowFrames);
	const floor = Math.max(quietest, loudest - 8);
	const window = new Float32Array(bins * windowFrames).fill((floor + 4) / 4);
	for (let bin = 0; bin < bins; bin++) {
		for (let i = 0; i < count; i++) {
			const value = frames[i * bins + bin]!;
			if (value > floor) window[bin * windowFrames + i] = (value + 4) / 4;
		}
	}
	return window;
}

export function largest(values: Float32Array, least: number): number {
	let found = least;
	for (const value of values) if (value > found) found = value;
	return found;
}
