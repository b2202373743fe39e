import { open } from 'node:fs/promises';
import { soundOf } from '../../../src/ffmpeg/expected';
import type { Job } from '../../../src/runtime';
import { audibleFrames, createMel, hop, largest, melWindow, mirrorStart, quietest, reach, sampleRate, windowFrames } from '../../../src/speech/whisper/mel';

/** A whole sound as Whisper hears it, window by window, so that no length of it is held in memory. */
export interface Hearing {
	/** Frames of the sound itself. */
	readonly frames: number;
	/** Seconds. */
	readonly duration: number;
	/** The encoder's input [bins, windowFrames] from frame `seek` on. */
	window(seek: number): Promise<Float32Array>;
	close(): Promise<void>;
}

/** Decodes whatever sound a file has to raw samples in the job's folder; gaps and a late start become silence, so that times fit the file's. */
export async function decodeSound(path: string, { files, ffmpeg, signal }: Pick<Job, 'files' | 'ffmpeg' | 'signal'>): Promise<string> {
	signal.throwIfAborted();
	const audio = soundOf(await ffmpeg.probe(path, 'audio'), 'audio');
	const output = files.path('speech.f32');
	await ffmpeg.render({
		inputs: [{ path }],
		options: ['-map', `0:${audio.index}`, '-af', 'aresample=async=1:first_pts=0', '-ac', '1', '-ar', String(sampleRate), '-c:a', 'pcm_f32le', '-f', 'f32le'],
		output,
		duration: audio.duration,
	});
	return output;
}

/** Opens raw 32-bit samples. The loudest moment of all is found first, as it sets the floor for every window. */
export async function hear(path: string, bins: number, signal: AbortSignal): Promise<Hearing> {
	const file = await open(path);
	const samples = Math.floor((await file.stat()).size / 4);
	const mel = createMel(bins);
	const audible = audibleFrames(samples);

	async function read(from: number, count: number): Promise<Float32Array> {
		const wanted = new Float32Array(count);
		if (from < samples) await file.read({ buffer: wanted, position: from * 4 });
		return wanted;
	}

	async function frames(seek: number, end: number): Promise<Float32Array> {
		signal.throwIfAborted();
		const count = Math.max(0, end - seek);
		const length = count * hop + reach;
		const sound = seek === 0 ? mirrorStart(await read(0, length)) : await read(seek * hop - reach, length + reach);
		return mel.frames(sound, count);
	}

	let last = { seek: 0, end: 0, values: new Float32Array(0) };

	/** Windows overlap: what the last one heard is not heard again. */
	async function windowAt(seek: number): Promise<Float32Array> {
		const end = Math.min(windowFrames + seek, audible);
		const known = seek >= last.seek && seek < last.end ? last.values.subarray((seek - last.seek) * bins) : last.values.subarray(0, 0);
		const more = await frames(seek + known.length / bins, end);
		const values = new Float32Array(known.length + more.length);
		values.set(known);
		values.set(more, known.length);
		last = { seek, end, values };
		return values;
	}

	let loudest = quietest;
	// From the end to the start, which is heard next.
	for (let seek = audible - (audible % windowFrames); seek >= 0; seek -= windowFrames) loudest = largest(await windowAt(seek), loudest);
	return {
		frames: Math.floor(samples / hop),
		duration: samples / sampleRate,
		window: async (seek) => melWindow(await windowAt(seek), bins, loudest),
		close: () => file.close(),
	};
}
