import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ffmpeg, ffprobe } from '../test/support/runtime';

/**
 * What the Python service sruckh/ai-agent-tools ran for the same tasks (at commit 2e09370), with the same ffmpeg build as
 * ours. Only the arguments are here: the time its Python took is left out, in its favour.
 */

export const run = (program: string, args: readonly string[], cwd?: string) => promisify(execFile)(program, args, { cwd, maxBuffer: 1e9 });

const runFfmpeg = (args: readonly string[], cwd?: string) => run(ffmpeg, ['-nostdin', '-y', ...args], cwd);

const captioned = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '23', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-b:a', '192k'];

interface Captioned {
	picture: string;
	sound: string;
	seconds: number;
	width: number;
	height: number;
	/** Folder with `captions.ass` and, in `fonts`, the font it names (the service had it installed). */
	folder: string;
	output: string;
}

const overPicture = ({ picture, sound, seconds, folder, output }: Captioned, background: string) =>
	runFfmpeg(
		[
			...['-loop', '1', '-t', String(seconds), '-i', picture, '-i', sound],
			...['-filter_complex', `[0]${background}[bg];[bg]subtitles=captions.ass:fontsdir=fonts[v]`, '-map', '[v]', '-map', '1:a'],
			...captioned,
			...['-t', String(seconds), output],
		],
		folder,
	);

export const stillCaptioned = (task: Captioned) => overPicture(task, `scale=${task.width}:${task.height},setsar=1:1`);

/** From left to right, at its normal speed. */
export function panCaptioned(task: Captioned) {
	const [width, height] = [Math.floor(task.width * 1.3), Math.floor(task.height * 1.3)];
	const y = Math.floor((height - task.height) / 2);
	const x = `0+(${width - task.width}-0)*t/${task.seconds}*1.0`;
	return overPicture(task, `scale=${width}:${height},setsar=1:1,crop=${task.width}:${task.height}:${x}:${y}+(${y}-${y})*t/${task.seconds}*1.0`);
}

/** The zoom to the centre of its Ken Burns effect. */
export const zoompan = (width: number, height: number, frames: number) =>
	`scale=${width}:-2,setsar=1:1,crop=${width}:${height},zoompan=z='zoom+0.001':x=iw/2-(iw/zoom/2):y=ih/2-(ih/zoom/2):d=${frames + 1}:s=${width}x${height}:fps=25`;

const encoded = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '23', '-c:a', 'aac', '-b:a', '192k', '-pix_fmt', 'yuv420p'];
const fitted = (width: number, height: number) => `scale=${width}:${height}:force_original_aspect_ratio=decrease,pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2:black,fps=30`;

/** Its first clip sets the size; all of them must have sound, as the filter it made silence with is unknown to older ffmpegs. */
export function merge(videos: readonly string[], { width, height }: { width: number; height: number }, output: string) {
	const pictures = videos.map((_, index) => `[${index}:v]${fitted(width, height)},format=yuv420p[v${index}n]`);
	const sounds = videos.map((_, index) => `[${index}:a]aformat=sample_rates=48000:channel_layouts=stereo[a${index}n]`);
	const joined = `${videos.map((_, index) => `[v${index}n][a${index}n]`).join('')}concat=n=${videos.length}:v=1:a=1[v][a]`;
	return runFfmpeg([...videos.flatMap((video) => ['-i', video]), '-filter_complex', [...pictures, ...sounds, joined].join(';'), '-map', '[v]', '-map', '[a]', ...encoded, output]);
}

export function withMusic(video: string, music: string, { width, height }: { width: number; height: number }, output: string) {
	const graph = `[0:v]${fitted(width, height)}[v];[1:a]volume=0.5[bg];[0:a][bg]amix=inputs=2:duration=first[a]`;
	return runFfmpeg(['-i', video, '-stream_loop', '-1', '-i', music, '-filter_complex', graph, '-map', '[v]', '-map', '[a]', ...encoded, output]);
}

export const frame = (video: string, time: number, output: string) => runFfmpeg(['-i', video, '-ss', String(time), '-vframes', '1', '-q:v', '2', output]);

export const frames = (video: string, { amount, seconds }: { amount: number; seconds: number }, output: string) =>
	runFfmpeg(['-i', video, '-vf', `fps=1/${seconds / amount}`, '-vframes', String(amount), '-qscale:v', '2', output]);

/** At our draft's quality: its own crf of 18 would cost it more. */
export const colorKey = (video: string, overlay: string, seconds: number, output: string) =>
	runFfmpeg([
		...['-i', video, '-stream_loop', '-1', '-i', overlay],
		...['-filter_complex', '[1:v]colorkey=0x00FF00:0.1:0.1[ckout];[0:v][ckout]overlay=eof_action=repeat[v]', '-map', '[v]', '-map', '0:a'],
		...['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '23', '-c:a', 'copy', '-t', `${seconds}s`, output],
	]);

const probe = (video: string, stream: string) => run(ffprobe, ['-v', 'quiet', '-print_format', 'json', '-show_format', '-show_streams', '-select_streams', stream, video]);

/** What it asked of the clips before and after a merge: the first one's size, then each one's picture and sound, then each one's length. */
export async function probes(videos: readonly string[]) {
	await probe(videos[0] ?? '', 'v:0');
	for (const video of videos) {
		await probe(video, 'v:0');
		await probe(video, 'a:0');
	}
	for (const video of videos) await probe(video, 'v:0');
}
