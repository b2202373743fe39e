import { execFileSync } from 'node:child_process';
import { ffmpeg } from './runtime';

/** Every channel of a file's sound at 48 kHz, −1 to 1. */
export function channelsOf(path: string, count: number): Float32Array[] {
	const raw = execFileSync(ffmpeg, ['-v', 'quiet', '-i', path, '-map', '0:a:0', '-ar', '48000', '-f', 'f32le', '-'], { maxBuffer: 1e9 });
	const all = new Float32Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.byteLength));
	return Array.from({ length: count }, (_, channel) => all.filter((__, at) => at % count === channel));
}

/** How loud a frequency is between two times at 48 kHz, in decibels of full scale. */
export function decibelsAt(samples: Float32Array, frequency: number, from: number, to: number): number {
	let [real, imaginary, count] = [0, 0, 0];
	for (let at = Math.round(from * 48_000); at < Math.round(to * 48_000); at++, count++) {
		const angle = (2 * Math.PI * frequency * at) / 48_000;
		real += (samples[at] ?? 0) * Math.cos(angle);
		imaginary += (samples[at] ?? 0) * Math.sin(angle);
	}
	return 20 * Math.log10((2 * Math.hypot(real, imaginary)) / count);
}
