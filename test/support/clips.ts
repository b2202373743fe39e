import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { crc32, deflateSync } from 'node:zlib';
import { makeExecutable } from '../../gpu-runtime/engines/ffmpeg/resolve';

const bundled = () => makeExecutable(require.resolve(`@ffmpeg-installer/${process.platform}-${process.arch}/ffmpeg`), join(tmpdir(), 'ai-agent-tools-test-bin'));

const pattern = (size: string, rate: string, seconds: number) => ['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=${rate}:d=${seconds}`];
const tone = (seconds: number, rate = 48_000) => ['-f', 'lavfi', '-i', `sine=f=440:r=${rate}:d=${seconds}`];
const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];
const stereo = ['-ac', '2', '-c:a', 'aac'];
const hdr = ['-color_primaries', 'bt2020', '-color_trc', 'smpte2084', '-colorspace', 'bt2020nc'];

/** Arguments that make each clip; `{name}` stands for another clip. */
const recipes = {
	'plain.mp4': [...pattern('160x120', '25', 1), ...tone(1), ...x264, ...stereo],
	'silent.mp4': [...pattern('160x120', '25', 1), ...x264],
	// The test pattern itself is always even.
	'odd.mp4': [...pattern('160x120', '25', 1), ...tone(1), '-vf', 'format=yuv444p,scale=161:121', ...x264, '-pix_fmt', 'yuv444p', ...stereo],
	// The bundled ffmpeg writes the tag the other way round: this one is shown turned clockwise by 90°.
	'slides.mp4': [...pattern('160x120', '1/5', 20), ...tone(20), ...x264, ...stereo],
	'rotated.mp4': ['-i', '{plain.mp4}', '-c', 'copy', '-metadata:s:v:0', 'rotate=270'],
	'anamorphic.mp4': [...pattern('160x120', '25', 1), '-vf', 'setsar=3/2', ...x264],
	'variable.mp4': [...pattern('160x120', '30', 2), '-vf', 'select=lt(n\\,20)+not(mod(n\\,4))', '-vsync', 'vfr', ...x264],
	// With frames stored in another order, and key frames every 12; in the second one, frames before a key frame need those after it.
	'groups.mp4': [...pattern('160x120', '25', 2), '-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-g', '12', '-bf', '3'],
	'open-groups.mp4': [...pattern('160x120', '25', 2), '-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-x264-params', 'keyint=12:min-keyint=12:open-gop=1', '-bf', '3'],
	'groups.mkv': ['-i', '{groups.mp4}', '-c', 'copy'],
	'ntsc.mp4': [...pattern('160x120', '30000/1001', 1), ...tone(1, 44_100), ...x264, '-ac', '1', '-c:a', 'aac'],
	'sixty.mp4': [...pattern('160x120', '60', 1), ...x264],
	'surround.mp4': [...pattern('160x120', '25', 1), ...tone(1), '-af', 'pan=5.1|c0=c0|c1=c0|c2=c0|c3=c0|c4=c0|c5=c0', ...x264, '-c:a', 'aac'],
	'loud-surround.wav': [...tone(1), '-af', 'volume=6,pan=5.1|c0=c0|c1=c0|c2=c0|c3=c0|c4=c0|c5=c0'],
	'ten-bit.mp4': [...pattern('160x120', '25', 1), ...x264, '-pix_fmt', 'yuv420p10le'],
	'hevc.mp4': [...pattern('160x120', '25', 1), ...tone(1), '-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=error', '-pix_fmt', 'yuv420p', ...stereo],
	'delayed-sound.mp4': ['-i', '{plain.mp4}', '-itsoffset', '0.4', '-i', '{plain.mp4}', '-map', '0:v', '-map', '1:a', '-c', 'copy'],
	'late-picture.mp4': ['-itsoffset', '0.4', '-i', '{plain.mp4}', '-i', '{plain.mp4}', '-map', '0:v', '-map', '1:a', '-c', 'copy'],
	'late-sound.mp4': ['-i', '{plain.mp4}', '-itsoffset', '0.4', '-i', '{plain.mp4}', '-map', '0:v', '-map', '1:a', '-c', 'copy', '-t', '1'],
	'cut.mp4': ['-ss', '0.3', '-i', '{groups.mp4}', '-c', 'copy'],
	'low-rate-sound.mp4': ['-i', '{plain.mp4}', '-c:v', 'copy', '-c:a', 'aac', '-ar', '22050'],
	'fragmented.mp4': ['-i', '{plain.mp4}', '-c', 'copy', '-movflags', 'frag_keyframe+empty_moov'],
	'two-sounds.mp4': ['-i', '{plain.mp4}', '-i', '{ntsc.mp4}', '-map', '0', '-map', '1:a', '-c', 'copy'],
	'hdr.mp4': [...pattern('160x120', '25', 1), ...x264, '-pix_fmt', 'yuv420p10le', ...hdr],
	'half-tagged-hdr.mp4': [...pattern('160x120', '25', 1), ...x264, '-pix_fmt', 'yuv420p10le', '-color_trc', 'arib-std-b67'],
	'sound-longer.mp4': [...pattern('160x120', '25', 1), ...tone(2), ...x264, ...stereo],
	'picture-longer.mp4': [...pattern('160x120', '25', 2), ...tone(1), ...x264, ...stereo],
	'plain.mkv': ['-i', '{plain.mp4}', '-c', 'copy'],
	'plain.webm': [...pattern('160x120', '25', 1), ...tone(1), '-c:v', 'libvpx', '-deadline', 'realtime', '-c:a', 'libopus'],
	'vorbis.mkv': [...pattern('160x120', '25', 1), ...tone(1), ...x264, '-ac', '2', '-c:a', 'libvorbis'],
	'opus.mkv': [...pattern('160x120', '25', 1), ...tone(1), ...x264, '-ac', '2', '-c:a', 'libopus'],
	'many-streams.mkv': ['-i', '{plain.mp4}', ...Array.from({ length: 40 }, () => ['-map', '0:a']).flat(), '-c', 'copy'],
	'tone.wav': tone(1),
	'mono.wav': [...tone(2), '-af', 'volume=6'],
	'stereo.wav': [...tone(2), '-af', 'volume=6,pan=stereo|c0=c0|c1=c0'],
	'quiet.wav': ['-f', 'lavfi', '-i', 'anullsrc=r=48000:cl=mono', '-t', '1'],
	'tone.mp3': [...tone(1), '-c:a', 'libmp3lame', '-b:a', '128k', '-metadata', 'title=A tone'],
	'covered.mp3': ['-i', '{tone.mp3}', '-i', '{picture.png}', '-map', '0:a', '-map', '1:v', '-c', 'copy', '-id3v2_version', '3'],
	'music.wav': ['-f', 'lavfi', '-i', 'sine=f=880:r=44100:d=0.7', '-af', 'volume=4,pan=stereo|c0=c0|c1=c0'],
	'picture.png': [...pattern('200x100', '25', 1), '-frames:v', '1'],
	'picture.jpg': [...pattern('200x100', '25', 1), '-frames:v', '1', '-q:v', '2'],
	/** Red, green, blue and white from the top left on, row by row. */
	'corners.jpg': ['-f', 'lavfi', '-i', 'color=red:s=200x100,drawbox=x=iw/2:y=0:w=iw/2:h=ih:color=lime:t=fill,drawbox=x=0:y=ih/2:w=iw/2:h=ih/2:color=blue:t=fill,drawbox=x=iw/2:y=ih/2:w=iw/2:h=ih/2:color=white:t=fill', '-frames:v', '1', '-q:v', '2'],
	'bt709.mp4': ['-f', 'lavfi', '-i', 'color=0xdc283c:s=160x120:r=25:d=1', '-vf', 'scale=out_color_matrix=bt709', ...x264, '-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709'],
	'full-range.mp4': ['-f', 'lavfi', '-i', 'color=0xdc283c:s=160x120:r=25:d=1', '-vf', 'format=rgb24,scale=out_range=pc:out_color_matrix=bt709,format=yuvj420p', ...x264, '-pix_fmt', 'yuvj420p', '-color_range', 'pc', '-colorspace', 'bt709'],
	'crimson.png': ['-f', 'lavfi', '-i', 'color=0xdc283c:s=160x120,format=rgb24', '-frames:v', '1'],
	'transparent.png': ['-f', 'lavfi', '-i', 'color=red@0.0:s=50x50,format=rgba', '-f', 'lavfi', '-i', 'color=red:s=50x50,format=rgba', '-filter_complex', 'hstack', '-frames:v', '1'],
	'picture.webp': [...pattern('200x100', '25', 1), '-frames:v', '1'],
} satisfies Record<string, string[]>;

export type ClipName = keyof typeof recipes;

export const clipNames = Object.keys(recipes) as ClipName[];

/** Makes small media files when a test first asks for them, and keeps them until `remove`. */
export async function createClips() {
	const folder = await mkdtemp(join(tmpdir(), 'clips-'));
	const made = new Map<string, Promise<string>>();

	async function render(name: string, args: readonly string[]): Promise<string> {
		const path = join(folder, name);
		const filled = await Promise.all(args.map((arg) => (isReference(arg) ? clip(arg.slice(1, -1) as ClipName) : arg)));
		await promisify(execFile)(await bundled(), ['-nostdin', '-v', 'error', '-y', ...filled, path]);
		return path;
	}

	function kept(name: string, make: () => Promise<string>): Promise<string> {
		const path = made.get(name) ?? make();
		made.set(name, path);
		return path;
	}

	const clip = (name: ClipName) => kept(name, () => render(name, recipes[name]));

	return {
		folder,
		clip,
		/** A clip by a recipe of one's own. */
		made: (name: string, args: readonly string[]) => kept(name, () => render(name, args)),
		/** A file of the given bytes or text. */
		async file(name: string, content: string | Uint8Array) {
			const path = join(folder, name);
			await writeFile(path, content);
			return path;
		},
		/** A JPEG picture, 200×100 as stored, with an EXIF orientation. */
		turned: (orientation: number, name: ClipName = 'picture.jpg') =>
			kept(`turned-${orientation}-${name}`, async () => {
				const path = join(folder, `turned-${orientation}-${name}`);
				await writeFile(path, withOrientation(await readFile(await clip(name)), orientation));
				return path;
			}),
		/** The PNG picture with its pixels kept in another way. */
		pixels: (pixelFormat: string) => kept(`${pixelFormat}.png`, async () => render(`${pixelFormat}.png`, ['-i', await clip('picture.png'), '-pix_fmt', pixelFormat])),
		/** A PNG of a few kilobytes that unpacks to as many pixels as wanted. */
		async pixelBomb(side: number) {
			const path = join(folder, `bomb-${side}.png`);
			await writeFile(path, blackPng(side));
			return path;
		},
		remove: () => rm(folder, { recursive: true, force: true }),
	};
}

export type Clips = Awaited<ReturnType<typeof createClips>>;

const isReference = (arg: string) => /^\{[\w.-]+\}$/.test(arg);

/** Adds the smallest EXIF block, of one tag, after the start of a JPEG. */
function withOrientation(jpeg: Buffer, orientation: number): Buffer {
	const tiff = Buffer.from([0x4d, 0x4d, 0, 0x2a, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]);
	const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
	const head = Buffer.from([0xff, 0xe1, 0, body.length + 2]);
	return Buffer.concat([jpeg.subarray(0, 2), head, body, jpeg.subarray(2)]);
}

/** Black and white, one bit a pixel. */
function blackPng(side: number): Buffer {
	const part = (type: string, data: Buffer) => {
		const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
		const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
		length.writeUInt32BE(data.length);
		sum.writeUInt32BE(crc32(body));
		return Buffer.concat([length, body, sum]);
	};
	const header = Buffer.alloc(13);
	header.writeUInt32BE(side, 0);
	header.writeUInt32BE(side, 4);
	header[8] = 1;
	const rows = Buffer.alloc((1 + Math.ceil(side / 8)) * side);
	return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), part('IHDR', header), part('IDAT', deflateSync(rows)), part('IEND', Buffer.alloc(0))]);
}
