import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ffmpeg } from '../test/support/runtime';

/** Generated once, and kept between runs. */
const folder = join(__dirname, '../.cache/bench');

/** Moving shapes under the grain of a camera: a clean test pattern would be far easier to encode than a film. */
const picture = (size: string, rate: number, seconds: number) => ['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=${rate}:d=${seconds},noise=alls=8:allf=t`];
/** A tone in the noise of a room: a pure one costs the AAC encoder several times what a voice does. */
const tone = (pitch: number, seconds: number, channels = 2) => ['-f', 'lavfi', '-i', `sine=f=${pitch}:r=48000:d=${seconds}[t];anoisesrc=a=0.05:c=pink:r=48000:d=${seconds}[n];[t][n]amerge=inputs=2,pan=${channels === 2 ? 'stereo|c0=c0+c1|c1=c0+c1' : 'mono|c0=c0+c1'}`];
const encoded = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-b:a', '192k', '-shortest'];

const like = (pitch: number, seconds = 4) => [...picture('1280x720', 30, seconds), ...tone(pitch, seconds), ...encoded];

/** Arguments that make each file; `{name}` stands for another one. */
const recipes = {
	'picture.png': ['-f', 'lavfi', '-i', 'mandelbrot=s=2160x3840', '-frames:v', '1'],
	'voice.wav': tone(330, 8, 1),
	'like-1.mp4': like(330),
	'like-2.mp4': like(440),
	'like-3.mp4': like(550),
	'longer-1.mp4': like(330, 10),
	'longer-2.mp4': like(440, 10),
	'longer-3.mp4': like(550, 10),
	'longer-4.mp4': like(660, 10),
	'longer-5.mp4': like(770, 10),
	'longer-6.mp4': like(880, 10),
	'thirty-seconds.mp4': ['-stream_loop', '2', '-i', '{ten-seconds.mp4}', '-c', 'copy'],
	'ten-seconds.mp4': [...picture('1280x720', 25, 10), ...tone(330, 10), ...encoded],
	'music.mp3': [...tone(880, 3), '-c:a', 'libmp3lame'],
	'mixed-25.mp4': [...picture('640x358', 25, 4), ...tone(440, 4, 1), ...encoded],
	'mixed-ntsc.mp4': [...picture('1280x720', 30, 4), ...tone(550, 4), '-vf', 'fps=30000/1001', ...encoded],
	'hd.mp4': [...picture('1920x1080', 25, 10), ...encoded],
	'two-minutes.mp4': ['-stream_loop', '11', '-i', '{hd.mp4}', '-c', 'copy'],
	'ten-minutes.mp4': ['-stream_loop', '59', '-i', '{hd.mp4}', '-c', 'copy'],
	'green-screen.mp4': ['-f', 'lavfi', '-i', 'color=0x00ff00:s=1280x720:r=25:d=4,drawbox=x=100:y=100:w=400:h=300:color=red:t=fill', ...encoded],
	'large.mkv': [...picture('640x360', 1, 170), '-f', 'lavfi', '-i', 'anullsrc=r=192000:cl=7.1', '-t', '170', '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'pcm_s32le'],
} satisfies Record<string, string[]>;

export type BenchClip = keyof typeof recipes;

export async function clip(name: BenchClip): Promise<string> {
	const path = join(folder, name);
	if (existsSync(path)) return path;
	await mkdir(folder, { recursive: true });
	const args = await Promise.all(recipes[name].map((arg) => (arg in reference ? clip(arg.slice(1, -1) as BenchClip) : arg)));
	const part = join(folder, `part-${name}`);
	await promisify(execFile)(ffmpeg, ['-nostdin', '-v', 'error', '-y', ...args, part]);
	await rename(part, path);
	return path;
}

const reference = Object.fromEntries(Object.keys(recipes).map((name) => [`{${name}}`, true]));
