import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createClips, type Clips } from '../../../support/clips';
import { everyBuild, mediaJob, testEngine, type MediaJob } from '../../../support/media';
import { isAlive } from '../../../support/processes';
import { Cancelled } from '../../../../src/errors';

let clips: Clips;
beforeAll(async () => {
	clips = await createClips();
});
afterAll(() => clips.remove());

const slow = { inputs: [{ path: 'testsrc2=s=1920x1080:r=25:d=600', lavfi: true }], options: ['-c:v', 'libx264', '-preset', 'slow'] };

describe.each(everyBuild)('with $name', ({ paths }) => {
	let job: MediaJob;
	let stop: AbortController;
	beforeEach(async () => {
		stop = new AbortController();
		job = await mediaJob(paths, stop.signal);
	});
	afterEach(() => job.remove());

	const output = (name = 'out.mp4') => join(job.folder, name);

	it('makes a whole file, tells how far it is, and leaves nothing else', async () => {
		const fractions: number[] = [];
		const { options } = await job.ffmpeg.videoEncoder('draft');
		const path = await clips.clip('plain.mp4');
		await expect(job.ffmpeg.render({ inputs: [{ path }], options, output: output(), duration: 1, onProgress: (fraction) => fractions.push(fraction) })).resolves.toEqual({ encoder: 'libx264' });
		await expect(readdir(job.folder)).resolves.toEqual(['out.mp4']);
		await expect(job.ffmpeg.probe(output())).resolves.toMatchObject({ video: { frameCount: 25 } });
		expect(fractions.at(-1)).toBeGreaterThan(0.8);
		expect(job.warnings).toEqual([]);
	});

	it('says in one line why ffmpeg failed, and leaves no part', async () => {
		await expect(job.ffmpeg.render({ inputs: [{ path: await clips.clip('plain.mp4') }], options: ['-c:v', 'nonsense'], output: output() })).rejects.toMatchObject({
			type: 'OperationFailed',
			code: 'ffmpeg_failed',
			message: expect.stringMatching(/Unknown encoder 'nonsense'/),
		});
		await expect(readdir(job.folder)).resolves.toEqual([]);
	});

	it('does not take a shorter file than expected for a success', async () => {
		const request = { inputs: [{ path: await clips.clip('plain.mp4') }], options: ['-c', 'copy'], output: output() };
		await expect(job.ffmpeg.render({ ...request, duration: 5 })).rejects.toMatchObject({ code: 'bad_result', message: expect.stringContaining('Expected a result of 5.00 s') });
		await expect(job.ffmpeg.render({ ...request, options: ['-c', 'copy', '-fs', '2000'], duration: 1, tolerance: 0.1 })).rejects.toMatchObject({ code: 'bad_result' });
		await expect(readdir(job.folder)).resolves.toEqual([]);
	});

	it('does not take exit code 0 without a file for a success', async () => {
		const request = { inputs: [{ path: await clips.clip('plain.mp4'), options: ['-ss', '9'] }], options: ['-frames:v', '1', '-f', 'image2', '-update', '1'], output: output('frame.jpg') };
		await expect(job.ffmpeg.render(request)).rejects.toMatchObject({ code: 'no_result' });
	});

	it('warns of damaged input that ffmpeg got over', async () => {
		const bytes = await readFile(await clips.clip('picture-longer.mp4'));
		for (let at = 3000; at < bytes.length - 8000; at += 97) bytes[at] = 255 - (bytes[at] ?? 0);
		const path = await clips.file('damaged.mp4', bytes);
		await job.ffmpeg.render({ inputs: [{ path }], options: ['-map', '0:v:0', '-c:v', 'libx264', '-preset', 'ultrafast'], output: output() });
		expect(job.warnings).toEqual([expect.stringMatching(/^ffmpeg went on over \d+ errors in the input/)]);
	});

	it('stops within two seconds when cancelled, and leaves no process and no file', async () => {
		const running = job.ffmpeg.render({ ...slow, output: output(), onProgress: () => stop.abort(new Cancelled()), duration: 600 });
		await expect(running).rejects.toBeInstanceOf(Cancelled);
		await expect(readdir(job.folder)).resolves.toEqual([]);
		expect(childrenOf(process.pid)).toEqual([]);
	});

	it('does not begin when cancelled before', async () => {
		stop.abort(new Cancelled());
		await expect(job.ffmpeg.render({ ...slow, output: output() })).rejects.toBeInstanceOf(Cancelled);
		await expect(job.ffmpeg.probe(await clips.clip('plain.mp4'))).rejects.toBeInstanceOf(Cancelled);
	});

	it('works in folders with any name, on files with any name', async () => {
		const odd = join(job.folder, "it's, a:dir [x];b %03d 🎬");
		await mkdir(odd);
		const path = join(odd, '-in %d.mp4');
		await writeFile(path, await readFile(await clips.clip('plain.mp4')));
		const engine = testEngine(paths).forJob({ signal: stop.signal, folder: odd, warn: job.warn });
		await expect(engine.probe(path)).resolves.toMatchObject({ video: { frameCount: 25 } });
		await engine.render({ inputs: [{ path }], options: ['-c', 'copy'], output: join(odd, '-out.mp4'), duration: 1 });
		await engine.render({ inputs: [{ path }], options: ['-frames:v', '1', '-f', 'image2', '-update', '1'], output: join(odd, '%d.png') });
		expect((await readdir(odd)).sort()).toEqual(expect.arrayContaining(['%d.png', '-in %d.mp4', '-out.mp4']));
	});

	it('gives the log of an analysis', async () => {
		const log = await job.ffmpeg.analyse({ inputs: [{ path: await clips.clip('mono.wav') }], options: ['-map', '0:a:0', '-af', 'volumedetect'] });
		expect(log).toMatch(/mean_volume: -?\d/);
	});

	it('names what this ffmpeg lacks', async () => {
		await expect(job.ffmpeg.need(['overlay', 'libx264'])).resolves.toBeUndefined();
		await expect(job.ffmpeg.need(['overlay', 'xyzzy', 'plugh'])).rejects.toMatchObject({ code: 'ffmpeg_incapable', message: expect.stringContaining('ffmpeg with xyzzy, plugh') });
	});

	it('refuses at once what the disk cannot hold', async () => {
		await expect(job.ffmpeg.render({ ...slow, output: output(), expectedSize: 1e15 })).rejects.toMatchObject({ code: 'disk_full', retryable: true, message: expect.stringContaining('2000000 GB of free disk') });
	});

	it('leaves nothing of a file when the disk is full, and says so', async () => {
		const disk = await smallDisk(job, (await pathsOf(paths)).ffmpeg);
		const engine = testEngine({ ...paths, ...disk.options }).forJob({ signal: stop.signal, folder: disk.folder, warn: job.warn });
		const request = { inputs: [{ path: 'testsrc2=s=640x480:r=25:d=4', lavfi: true }], options: ['-c:v', 'ffv1'], output: join(disk.folder, 'out.avi') };
		await expect(engine.render(request)).rejects.toMatchObject({ code: 'disk_full', retryable: true });
		await expect(readdir(disk.folder)).resolves.toEqual([]);
		disk.remove();
	});
});

/** A disk of 1 MB; where none may be mounted, an ffmpeg that may not write more into one file. */
async function smallDisk(job: MediaJob, ffmpeg: string) {
	const folder = join(job.folder, 'disk');
	await mkdir(folder);
	try {
		execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' });
		return { folder, options: {}, remove: () => execFileSync('umount', [folder]) };
	} catch {
		const ffmpegPath = join(job.folder, 'ffmpeg');
		await writeFile(ffmpegPath, `#!/bin/sh\ntrap '' XFSZ\nulimit -f 2000\nexec ${ffmpeg} "$@"\n`);
		await chmod(ffmpegPath, 0o755);
		return { folder, options: { ffmpegPath, env: process.env }, remove: () => undefined };
	}
}

async function pathsOf(paths: Parameters<typeof testEngine>[0]) {
	const { ffmpeg, ffprobe } = await testEngine(paths).describe();
	if (ffmpeg instanceof Error || ffprobe instanceof Error) throw ffmpeg;
	return { ffmpeg: ffmpeg.path, ffprobe: ffprobe.path };
}

/** A stand-in for a machine with a GPU: takes the GPU's encoder by name and encodes with another, as often as it may. */
async function withGpu(job: MediaJob, works: number) {
	const { ffmpeg } = await pathsOf({});
	const path = join(job.folder, 'ffmpeg');
	const text = `#!/bin/sh
case "$*" in
*-encoders*) ${ffmpeg} "$@"; echo " V..... h264_nvenc           NVIDIA NVENC H.264 encoder"; exit;;
*h264_nvenc*) echo used >> ${job.folder}/uses
	[ "$(wc -l < ${job.folder}/uses)" -gt ${works} ] && { echo "OpenEncodeSessionEx failed: out of memory (10)" >&2; exit 1; }
	for arg; do shift; case "$arg" in h264_nvenc) arg=libx264;; p1|p4|p6) arg=veryfast;; hq) arg=film;; -rc|vbr|-cq|23|18|-b:v|0) continue;; esac; set -- "$@" "$arg"; done;;
esac
exec ${ffmpeg} "$@"
`;
	await writeFile(path, text);
	await chmod(path, 0o755);
	return path;
}

describe('on a machine that lists a GPU encoder', () => {
	let job: MediaJob;
	beforeEach(async () => {
		job = await mediaJob();
	});
	afterEach(() => job.remove());

	const engine = async (works: number, hardware = true) => testEngine({ ffmpegPath: await withGpu(job, works), env: process.env, hardware }).forJob(job);

	it('does not believe the list: an encoder that cannot encode is not used', async () => {
		await expect((await engine(0)).videoEncoder('high')).resolves.toMatchObject({ encoder: 'libx264' });
	});

	it('uses an encoder that was proved to encode, unless told not to', async () => {
		await expect((await engine(9)).videoEncoder('high')).resolves.toMatchObject({ encoder: 'h264_nvenc' });
		await expect((await engine(9, false)).videoEncoder('high')).resolves.toMatchObject({ encoder: 'libx264' });
	});

	it('encodes once more on the CPU when the GPU fails after all, says so, and does not try it again', async () => {
		const ffmpeg = await engine(1);
		const { options } = await ffmpeg.videoEncoder('balanced');
		expect(options).toContain('h264_nvenc');
		const request = { inputs: [{ path: await clips.clip('silent.mp4') }], options: ['-an', ...options], output: join(job.folder, 'out.mp4'), duration: 1 };
		await expect(ffmpeg.render(request)).resolves.toEqual({ encoder: 'libx264' });
		expect(job.warnings).toEqual([expect.stringMatching(/GPU's video encoder failed .*out of memory.*encoded on the CPU/)]);
		await expect(ffmpeg.videoEncoder('balanced')).resolves.toMatchObject({ encoder: 'libx264' });
	});
});

it.each([
	['SEGV', 'ffmpeg_crashed', false, /crashed \(SIGSEGV\) over an input/],
	['KILL', 'ffmpeg_killed', true, /from outside \(SIGKILL\), probably because the machine ran out of memory/],
])('an ffmpeg that ends by SIG%s is told of: %s', async (signal, code, retryable, message) => {
	const job = await mediaJob();
	const path = join(job.folder, 'ffmpeg');
	await writeFile(path, `#!/bin/sh\ncase "$*" in *-version*) echo "ffmpeg version 9"; echo "libavcodec 99. 1.100";; *) kill -${signal} $$;; esac\n`);
	await chmod(path, 0o755);
	const engine = testEngine({ ffmpegPath: path }).forJob(job);
	await expect(engine.render({ inputs: [], options: [], output: join(job.folder, 'a.mp4') })).rejects.toMatchObject({ code, retryable, message: expect.stringMatching(message) });
	await job.remove();
});

it('a lying ffmpeg that makes nothing is found out', async () => {
	const job = await mediaJob();
	const liar = join(job.folder, 'ffmpeg');
	await writeFile(liar, '#!/bin/sh\ncase "$*" in *-version*) echo "ffmpeg version 9"; echo "libavcodec 99. 1.100";; esac\n');
	await chmod(liar, 0o755);
	const engine = testEngine({ ffmpegPath: liar }).forJob(job);
	await expect(engine.render({ inputs: [], options: [], output: join(job.folder, 'a.mp4') })).rejects.toMatchObject({ code: 'no_result' });
	await job.remove();
});

function childrenOf(pid: number): number[] {
	return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(/\s+/).filter(Boolean).map(Number).filter(isAlive);
}
