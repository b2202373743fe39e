import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createClips, type Clips } from '../../../support/clips';
import { channelsOf, decibelsAt } from '../../../support/levels';
import { builds, mediaJob, runOperation, type MediaJob } from '../../../support/media';
import { distance, ffmpeg, fileOf, pixelIn, streamsOf } from '../../../support/runtime';

type Color = [number, number, number];

/** A clip that is a white quarter at the left, a colour of its own beside it, and a tone of −18 dB where it sounds. */
interface Kind {
	name: string;
	args: string[];
	color: Color;
	/** Of the picture; none for a sound. */
	frames?: number;
	rate?: number;
	/** Seconds for which it sounds. */
	sound?: number;
	/** As shown. */
	size?: [width: number, height: number];
}

const hex = (color: Color) => `0x${Buffer.from(color).toString('hex')}`;
const quarter = 'x=0:y=0:w=iw/4:h=ih';
const drawn = (color: Color, { size = '64x48', rate = '25', frames = 10, box = quarter } = {}) => ['-f', 'lavfi', '-i', `color=${hex(color)}:s=${size}:r=${rate},drawbox=${box}:color=white:t=fill,trim=end_frame=${frames}`];
const tone = (seconds: number, { rate = 48_000, frequency = 440 } = {}) => ['-f', 'lavfi', '-i', `sine=f=${frequency}:r=${rate}:d=${seconds}`];
const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];
const stereo = ['-ac', '2', '-c:a', 'aac'];
const highRange = (transfer: string) => ['-color_primaries', 'bt2020', '-color_trc', transfer, '-colorspace', 'bt2020nc'];

// Neighbours differ, so that a frame too many or too few is seen.
const [red, green, blue, violet]: Color[] = [[200, 40, 40], [40, 180, 60], [50, 60, 200], [150, 60, 170]];
if (!red || !green || !blue || !violet) throw new Error('Expected four colours');
const grey: Color = [128, 128, 128];

const kinds: Kind[] = [
	{ name: 'silent.mp4', args: [...drawn(red), ...x264], color: red, frames: 10 },
	{ name: 'mono.mp4', args: [...drawn(green), ...tone(0.4), ...x264, '-c:a', 'aac'], color: green, frames: 10, sound: 0.4 },
	{ name: '5.1.mp4', args: [...drawn(blue), ...tone(0.4), '-af', 'pan=5.1|c0=c0|c1=c0', ...x264, '-c:a', 'aac'], color: blue, frames: 10, sound: 0.4 },
	{ name: '8-khz.mov', args: [...drawn(violet), ...tone(0.4, { rate: 8000 }), ...x264, '-c:a', 'pcm_s16le'], color: violet, frames: 10, sound: 0.4 },
	{ name: '192-khz.mov', args: [...drawn(red), ...tone(0.4, { rate: 192_000 }), ...x264, '-ac', '2', '-c:a', 'pcm_s24le', '-af', 'pan=stereo|c0=c0|c1=c0'], color: red, frames: 10, sound: 0.4 },
	{ name: 'odd-size.mp4', args: [...drawn(green), ...tone(0.4), '-vf', 'format=yuv444p,scale=65:49', '-c:v', 'libx264', '-pix_fmt', 'yuv444p', '-c:a', 'aac'], color: green, frames: 10, sound: 0.4, size: [66, 50] },
	// Turned clockwise by 90°: what is at the bottom comes to the left.
	{ name: 'turned.mp4', args: ['-i', '{lying.mp4}', '-c', 'copy', '-metadata:s:v:0', 'rotate=270'], color: blue, frames: 10, size: [48, 64] },
	{ name: 'wide-pixels.mp4', args: [...drawn(violet, { size: '48x48' }), '-vf', 'setsar=4/3', ...x264], color: violet, frames: 10, size: [64, 48] },
	{ name: 'variable-rate.mp4', args: [...drawn(red, { rate: '30', frames: 25 }), '-vf', 'select=lt(n\\,12)+not(mod(n\\,4))', '-vsync', 'vfr', ...x264], color: red, rate: 24_000 / 1001, frames: 20 },
	{ name: '23.976.mp4', args: [...drawn(green, { rate: '24000/1001' }), ...x264], color: green, rate: 24_000 / 1001, frames: 10 },
	{ name: '29.97.mp4', args: [...drawn(blue, { rate: '30000/1001', frames: 12 }), ...x264], color: blue, rate: 30_000 / 1001, frames: 12 },
	{ name: '50.mp4', args: [...drawn(violet, { rate: '50', frames: 20 }), ...x264], color: violet, rate: 50, frames: 20 },
	{ name: '60.mp4', args: [...drawn(red, { rate: '60', frames: 24 }), ...x264], color: red, rate: 60, frames: 24 },
	{ name: '10-bit.mp4', args: [...drawn(green), ...x264, '-pix_fmt', 'yuv420p10le'], color: green, frames: 10 },
	{ name: 'pq.mp4', args: [...drawn(grey), ...x264, '-pix_fmt', 'yuv420p10le', ...highRange('smpte2084')], color: grey, frames: 10 },
	{ name: 'sound-longer.mp4', args: [...drawn(blue), ...tone(0.8), ...x264, ...stereo, '-af', 'pan=stereo|c0=c0|c1=c0'], color: blue, frames: 20, sound: 0.8 },
	{ name: 'hlg.mp4', args: [...drawn(grey), ...x264, '-pix_fmt', 'yuv420p10le', ...highRange('arib-std-b67')], color: grey, frames: 10 },
	{ name: 'sound-shorter.mp4', args: [...drawn(red, { frames: 20 }), ...tone(0.4), ...x264, '-c:a', 'aac'], color: red, frames: 20, sound: 0.4 },
	{ name: 'sound.wav', args: tone(0.4), color: [0, 0, 0], sound: 0.4 },
	{ name: 'covered.mp3', args: ['-i', '{sound.mp3}', '-i', '{picture.png}', '-map', '0:a', '-map', '1:v', '-c', 'copy', '-id3v2_version', '3'], color: [0, 0, 0], sound: 0.4 },
	{ name: 'cover-first.mp4', args: ['-i', '{silent.mp4}', '-i', '{picture.png}', '-map', '1', '-map', '0', '-c', 'copy', '-disposition:v:0', 'attached_pic'], color: red, frames: 10 },
	{ name: 'many-streams.mkv', args: [...drawn(violet), ...drawn(green), ...tone(0.4), ...tone(0.4, { frequency: 880 }), '-map', '0', '-map', '1', '-map', '2', '-map', '3', ...x264, '-c:a', 'flac'], color: violet, frames: 10, sound: 0.4 },
	{ name: 'broadcast.ts', args: [...drawn(blue), ...tone(0.4), ...x264, '-c:a', 'aac'], color: blue, frames: 10, sound: 0.4 },
	{ name: 'vp8.webm', args: [...drawn(red), ...tone(0.4), '-c:v', 'libvpx', '-b:v', '500k', '-deadline', 'realtime', '-pix_fmt', 'yuv420p', '-c:a', 'libopus'], color: red, frames: 10, sound: 0.4 },
	{ name: 'nearly-as-high.mp4', args: [...drawn(violet, { size: '64x46' }), ...x264], color: violet, frames: 10, size: [64, 46] },
	{ name: 'full-range.mp4', args: [...drawn(green), '-vf', 'scale=out_range=pc,format=yuvj420p', ...x264, '-pix_fmt', 'yuvj420p', '-color_range', 'pc'], color: green, frames: 10 },
	{ name: 'still.png', args: [...drawn(red), '-frames:v', '1'], color: red, frames: 10 },
	{ name: 'late-picture.mp4', args: ['-itsoffset', '0.24', '-i', '{mono.mp4}', '-i', '{mono.mp4}', '-map', '0:v', '-map', '1:a', '-c', 'copy'], color: green, frames: 16, sound: 0.4 },
	{ name: "-it's an %d \"odd\" 🎬;[name].mp4", args: [...drawn(violet), ...tone(0.4), ...x264, '-c:a', 'aac'], color: violet, frames: 10, sound: 0.4 },
];
const parts: Pick<Kind, 'name' | 'args'>[] = [
	{ name: 'lying.mp4', args: [...drawn(blue, { box: 'x=0:y=ih*3/4:w=iw:h=ih/4' }), ...x264] },
	{ name: 'sound.mp3', args: [...tone(0.4), '-c:a', 'libmp3lame'] },
];

let clips: Clips;
const files = new Map<string, string>();
beforeAll(async () => {
	clips = await createClips();
	const written = (args: readonly string[]) => args.map((arg) => files.get(/^\{(.+)\}$/.exec(arg)?.[1] ?? '') ?? arg);
	for (const { name, args } of [...parts, ...kinds]) files.set(name, await clips.made(name, written(args)));
}, 60_000);
afterAll(() => clips.remove());

const pixelsOf = async (path: string, folder: string) => {
	const raw = join(folder, 'frames.raw');
	await promisify(execFile)(ffmpeg, ['-v', 'error', '-y', '-i', path, '-map', '0:v:0', '-vsync', '0', '-vf', 'scale=iw*sar:ih', '-f', 'rawvideo', '-pix_fmt', 'rgb24', raw]);
	return readFile(raw);
};

/** High dynamic range has to stay grey, neither dark nor blown out; all else keeps its colour. */
const looks = (pixel: number[], { color }: Kind) => (color === grey ? distance(pixel, [pixel[1] ?? 0, pixel[1] ?? 0, pixel[1] ?? 0]) < 6 && Math.min(...pixel) > 60 && Math.max(...pixel) < 230 : distance(pixel, color) < 10);

describe.each(builds)('with $name', ({ paths }) => {
	let job: MediaJob;
	beforeEach(async () => {
		job = await mediaJob(paths);
	});
	afterEach(() => job.remove());

	const merge = (wanted: readonly Kind[], options: Record<string, unknown> = {}) =>
		runOperation('merge_videos', { videos: wanted.map(({ name }) => ({ file: files.get(name) })), stillDuration: 0.4, quality: 'draft', ...options }, job);

	it.each([
		['those that are kept say nothing of their colours, so the others do not either', 'auto', undefined],
		['all encoded', 'encode', 'bt709'],
	])('clips of every kind become one video, each for its own frames, in its own colours, at its own level: %s', async (_, mode, colorSpace) => {
		const music = { backgroundMusic: { file: await clips.clip('music.wav') }, backgroundMusicVolume: 0.1 };
		const { video, frameCount, warnings, ...how } = await merge(kinds, { ...music, mode });
		expect(how).toMatchObject({ reencoded: true, encoder: 'libx264', reason: expect.stringContaining(mode === 'auto' ? 'videos.' : 'asked for') });
		const path = fileOf(video);
		// A sound alone lasts as long as it is: that of an mp3 up to the end of its last block.
		const lengths = kinds.map(({ frames, rate = 25, name }) => (frames === undefined ? (name === 'covered.mp3' ? 11 : 10) : Math.round((frames / rate) * 25)));
		const total = lengths.reduce((sum, one) => sum + one, 0);
		expect({ frameCount, warnings }).toEqual({ frameCount: total, warnings: [expect.stringContaining('videos.18 has no picture'), expect.stringContaining('videos.19 has no picture')] });
		const streams = streamsOf(path);
		expect(streams.video).toMatchObject({ width: 64, height: 48, r_frame_rate: '25/1', nb_frames: String(total), pix_fmt: 'yuv420p' });
		expect(streams.video?.color_space).toBe(colorSpace);
		for (const stream of [streams.video, streams.audio]) expect(Math.abs(Number(stream?.duration) - total / 25)).toBeLessThan(0.04);

		const pixels = await pixelsOf(path, job.folder);
		const [left = new Float32Array(), right = new Float32Array()] = channelsOf(path, 2);
		const wrong = kinds.flatMap((kind, index) => {
			const start = lengths.slice(0, index).reduce((sum, one) => sum + one, 0);
			const at = (frame: number, x: number, y = 24) => pixelIn(pixels.subarray(frame * 64 * 48 * 3), 64, x, y);
			const [first, last] = [start, start + (lengths[index] ?? 0) - 1];
			const isTall = kind.size?.[1] === 64;
			const level = (samples: Float32Array, frequency = 440) => decibelsAt(samples, frequency, start / 25 + 0.1, start / 25 + 0.3);
			const isHeard = (samples: Float32Array) => (kind.sound === undefined ? level(samples) < -50 : Math.abs(level(samples) + 18.06) < 0.5);
			return [
				...[first, last].filter((frame) => !looks(at(frame, 40), kind)).map((frame) => `${kind.name}: ${at(frame, 40)} in frame ${frame - first}`),
				...(kind.frames !== undefined && Math.min(...at(last, isTall ? 18 : 4)) < 225 ? [`${kind.name}: ${at(last, isTall ? 18 : 4)} at the left`] : []),
				...(isTall && Math.max(...at(last, 4), ...at(last, 60)) > 20 ? [`${kind.name}: no bars`] : []),
				...[left, right].filter((samples) => !isHeard(samples)).map((samples) => `${kind.name}: ${level(samples)} dB`),
			];
		});
		expect(wrong).toEqual([]);
		expect(decibelsAt(left, 880, total / 25 - 0.3, total / 25 - 0.05)).toBeGreaterThan(-32);
	}, 300_000);

	it.each(kinds.filter(({ frames }) => frames !== undefined).map((kind) => [kind.name, kind] as const))('%s alone stays what it is', async (_, kind) => {
		const { frames = 0, rate = 25, sound, size: [width, height] = [64, 48] } = kind;
		const { video, frameCount, duration } = await merge([kind]);
		expect({ frameCount, duration, width: (video as { width: number }).width, height: (video as { height: number }).height }).toEqual({ frameCount: frames, duration: expect.closeTo(frames / rate, 2), width, height });
		const pixels = await pixelsOf(fileOf(video), job.folder);
		expect(pixels).toHaveLength(frames * width * height * 3);
		for (const frame of [0, frames - 1]) {
			const at = (x: number) => pixelIn(pixels.subarray(frame * width * height * 3), width, x, 24);
			if (kind.color !== grey) expect(distance(at(width / 2), kind.color)).toBeLessThan(10);
			expect(Math.min(...at(4))).toBeGreaterThan(225);
		}
		const { audio } = streamsOf(fileOf(video));
		expect(audio === undefined).toBe(sound === undefined);
		if (sound === undefined) return;
		const [samples = new Float32Array()] = channelsOf(fileOf(video), audio?.channels ?? 0);
		expect(Math.abs(decibelsAt(samples, 440, 0.1, 0.3) + 18.06)).toBeLessThan(0.5);
		expect(Math.abs(samples.length / 48_000 - Math.max(sound, frames / rate))).toBeLessThan(1 / rate + 0.022);
	});
});
