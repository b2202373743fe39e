import { powerSpectrum } from '../../../../src/speech/whisper/fft';
import { audibleFrames, createMel, largest, melFilters, melWindow, mirrorStart, quietest, sampleRate, windowFrames } from '../../../../src/speech/whisper/mel';

const noise = (length: number) => {
	let state = 1;
	return Float32Array.from({ length }, () => (state = (state * 48271) % 2147483647) / 2147483647 - 0.5);
};

it.each([4, 10, 400, 22])('the power spectrum of %i samples is that of the plain sum over all samples', (size) => {
	const frame = Float64Array.from(noise(size));
	const power = new Float64Array(size / 2 + 1);
	powerSpectrum(size)(frame, power);
	power.forEach((value, k) => {
		const re = frame.reduce((sum, x, n) => sum + x * Math.cos((2 * Math.PI * k * n) / size), 0);
		const im = frame.reduce((sum, x, n) => sum + x * Math.sin((2 * Math.PI * k * n) / size), 0);
		expect(value).toBeCloseTo(re * re + im * im, 9);
	});
});

it.each([80, 128])('%i mel filters cover 0 to 8000 Hz without a gap, and rise in pitch', (bins) => {
	const filters = melFilters(bins);
	expect(filters).toHaveLength(bins);
	expect(filters.every(({ weights }) => weights.length > 0)).toBe(true);
	const covered = new Set(filters.flatMap(({ from, weights }) => Array.from(weights, (_, k) => from + k)));
	expect([...Array(199).keys()].every((k) => covered.has(k + 1))).toBe(true);
	expect(filters.map(({ from }) => from)).toEqual(filters.map(({ from }) => from).sort((a, b) => a - b));
});

it('a pitch is loudest in its own bin', () => {
	const tone = Float32Array.from({ length: sampleRate }, (_, i) => Math.sin((2 * Math.PI * 1000 * i) / sampleRate));
	const frames = createMel(80).frames(mirrorStart(tone), 90);
	const row = Array.from(frames.subarray(50 * 80, 51 * 80));
	const bin = row.indexOf(Math.max(...row));
	const { from, weights } = melFilters(80)[bin]!;
	const pitches = [from * 40, (from + weights.length) * 40];
	expect(1000).toBeGreaterThanOrEqual(pitches[0]! - 40);
	expect(1000).toBeLessThanOrEqual(pitches[1]! + 40);
});

it('digital silence is -1.5 everywhere, as the model was taught', () => {
	const frames = createMel(80).frames(mirrorStart(new Float32Array(16_000)), 99);
	expect(melWindow(frames, 80, largest(frames, quietest)).every((value) => value === -1.5)).toBe(true);
});

it('what follows the sound in a window is silence, and quiet parts are raised to 8 below the loudest of the whole sound', () => {
	const window = melWindow(Float32Array.of(1, -9, 2, 0.5), 2, 4);
	expect(window[0]).toBeCloseTo((1 + 4) / 4);
	expect(window[1]).toBeCloseTo((2 + 4) / 4);
	expect(window[windowFrames]).toBeCloseTo((-4 + 4) / 4);
	expect(window[windowFrames + 1]).toBeCloseTo((0.5 + 4) / 4);
	expect(window.subarray(2, windowFrames).every((value) => value === 0)).toBe(true);
	expect(window).toHaveLength(2 * windowFrames);
});

it('the sound is mirrored before its first sample, so that its first frame is centred on it', () => {
	const mirrored = mirrorStart(Float32Array.of(0, 1, 2, 3));
	expect(Array.from(mirrored.subarray(196, 204))).toEqual([0, 3, 2, 1, 0, 1, 2, 3]);
});

it('frames that reach into the sound are counted, those beyond it are not', () => {
	expect(audibleFrames(16_000)).toBe(102);
	expect(audibleFrames(0)).toBe(2);
});
