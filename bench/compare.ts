import { ffmpeg } from '../test/support/runtime';
import { run } from './older';

/** Structural similarity of two videos' pictures; 1 = the same. */
export async function similarity(one: string, other: string): Promise<number> {
	const { stderr } = await run(ffmpeg, ['-nostdin', '-i', one, '-i', other, '-lavfi', '[0:v][1:v]ssim', '-f', 'null', '-']);
	const found = /All:([\d.]+)/.exec(stderr)?.[1];
	if (found === undefined) throw new Error(`Expected ffmpeg to compare ${one} and ${other}, got ${stderr.slice(-300)}`);
	return Number(found);
}

/** A hash of the pixels of each picture of a video. */
export async function pictures(video: string, filter = 'null'): Promise<string[]> {
	const { stdout } = await run(ffmpeg, ['-nostdin', '-v', 'error', '-i', video, '-map', '0:v', '-vf', filter, '-vsync', 'passthrough', '-f', 'framemd5', '-']);
	return stdout.split('\n').filter((line) => /^\d/.test(line)).map((line) => line.split(',').at(-1)?.trim() ?? '');
}

/** Mean level of the sound in dB. */
export async function level(file: string): Promise<number> {
	const { stderr } = await run(ffmpeg, ['-nostdin', '-i', file, '-map', '0:a', '-af', 'volumedetect', '-f', 'null', '-']);
	return Number(/mean_volume: (-?[\d.]+) dB/.exec(stderr)?.[1]);
}
