import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { createRuntime as CreateRuntime } from '../../gpu-runtime/runtime';
import type { readSettings as ReadSettings } from '../../gpu-runtime/settings';
import type { Result } from '../../src/execute';
import type { ProducedFile } from '../../src/vocabulary';
import { built } from './dist';

/** The bundled programs, which every test machine has. */
export const ffmpeg = require.resolve(`@ffmpeg-installer/${process.platform}-${process.arch}/ffmpeg`);
export const ffprobe = require.resolve(`@ffprobe-installer/${process.platform}-${process.arch}/ffprobe`);

/** The whole built runtime in this process, with a scratch folder that stays until `close`. */
export function startRuntime(env: Record<string, string> = {}) {
	const { createRuntime } = built<{ createRuntime: typeof CreateRuntime }>('gpu-runtime/runtime.js');
	const { readSettings } = built<{ readSettings: typeof ReadSettings }>('gpu-runtime/settings.js');
	// A name that filters, shells and numbered pictures would take for something else.
	const root = mkdtempSync(join(tmpdir(), "it's, a:dir [x];b-"));
	const runtime = createRuntime(readSettings({ FFMPEG_PATH: ffmpeg, AI_AGENT_TOOLS_SCRATCH: root, AI_AGENT_TOOLS_DATA: join(root, 'data'), AI_AGENT_TOOLS_DEVICE: 'cpu', AI_AGENT_TOOLS_OFFLINE: '1', ...env }));
	let jobs = 0;
	const execute = (operation: string, input: unknown, signal = new AbortController().signal) =>
		runtime.execute(operation, input, { id: `test-${++jobs}`, folder: mkdtempSync(join(root, 'job-')), signal, allowFiles: true });
	return {
		root,
		runtime,
		execute,
		/** The result, or the error of the envelope thrown. */
		async run(operation: string, input: unknown): Promise<Result> {
			const answer = await execute(operation, input);
			if (answer.status === 'error') throw Object.assign(new Error(answer.error.message), answer.error);
			return answer.result;
		},
		async close() {
			await runtime.close();
			rmSync(root, { recursive: true, force: true });
		},
	};
}

export const fileOf = (value: unknown): string => (value as ProducedFile & { file: string }).file;

interface Streams {
	streams: { codec_type: string; codec_name: string; width?: number; height?: number; duration?: string; nb_frames?: string; pix_fmt?: string; r_frame_rate?: string; color_space?: string; channels?: number; sample_rate?: string }[];
	format: { duration: string };
}

export function streamsOf(path: string) {
	const { streams, format } = JSON.parse(execFileSync(ffprobe, ['-v', 'error', '-show_streams', '-show_format', '-of', 'json', path], { encoding: 'utf8' })) as Streams;
	const find = (type: string) => streams.find(({ codec_type }) => codec_type === type);
	return { video: find('video'), audio: find('audio'), duration: Number(format.duration) };
}

/** Raw rgb24 pixels of the frame shown at a time. In a single picture ffmpeg can seek nowhere, not even to 0. */
export const pixelsAt = (path: string, time: number) =>
	execFileSync(ffmpeg, ['-v', 'quiet', ...(time > 0 ? ['-ss', String(time)] : []), '-i', path, '-frames:v', '1', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'], { maxBuffer: 1e9 });

/** Red, green and blue of one pixel of a picture of this width. */
export const pixelIn = (pixels: Buffer, width: number, x: number, y: number) => [...pixels.subarray(3 * (y * width + x), 3 * (y * width + x) + 3)];

/** How far a pixel is from a colour, in its most different part. */
export const distance = (one: readonly number[], other: readonly number[]) => Math.max(...other.map((value, at) => Math.abs(value - (one[at] ?? Infinity))));

/** Mono samples at 16 kHz, −1 to 1. */
export function samplesOf(path: string): Float32Array {
	const raw = execFileSync(ffmpeg, ['-v', 'quiet', '-i', path, '-ac', '1', '-ar', '16000', '-f', 'f32le', '-'], { maxBuffer: 1e9 });
	return new Float32Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.byteLength));
}

/** Root mean square of a stretch of sound, in seconds. */
export function loudness(samples: Float32Array, start: number, end: number): number {
	const part = samples.subarray(Math.round(start * 16_000), Math.round(end * 16_000));
	return Math.sqrt(part.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, part.length));
}
