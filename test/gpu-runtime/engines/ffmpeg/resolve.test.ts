import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isNewer, makeExecutable } from '../../../../gpu-runtime/engines/ffmpeg/resolve';
import { testEngine } from '../../../support/media';

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'resolve-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function program(name: string, { codec = '99. 1.100', filters = '', mode = 0o755 } = {}) {
	const path = join(folder, name);
	await mkdir(join(path, '..'), { recursive: true });
	const version = `ffmpeg version 99.0-test Copyright\nlibavcodec     ${codec} / ${codec}`;
	await writeFile(path, `#!/bin/sh\ncase "$*" in *-version*) echo "${version}";; *) echo "${filters}";; esac\n`);
	await chmod(path, mode);
	return path;
}

const found = async (options: Parameters<typeof testEngine>[0]) => (await testEngine(options).describe()).ffmpeg;

it('uses the program that the setting names', async () => {
	const path = await program('named');
	await expect(found({ ffmpegPath: path })).resolves.toMatchObject({ path, source: 'setting', version: '99.0-test' });
});

it.each([
	['that is not there', async () => join(folder, 'nowhere')],
	['that is a folder', async () => folder],
	['that may not be executed', () => program('plain-file', { mode: 0o644 })],
	['that is something else', async () => '/bin/true'],
	['that says nonsense', () => program('nonsense', { codec: 'unknown' })],
])('never passes over a setting %s, but names it', async (_, make) => {
	const path = await make();
	const error = await found({ ffmpegPath: path });
	expect(error).toMatchObject({ code: 'ffmpeg_broken', message: expect.stringContaining(`FFMPEG_PATH: Expected a working ffmpeg at ${path}`) });
});

it('takes the bundled program when nothing is on PATH', async () => {
	await expect(found({ env: { PATH: '' } })).resolves.toMatchObject({ source: 'bundled' });
});

it('passes over an old program on PATH', async () => {
	await program('old/ffmpeg', { codec: '56. 1.100' });
	await expect(found({ env: { PATH: `${join(folder, 'old')}:/bin` } })).resolves.toMatchObject({ source: 'bundled' });
});

it('passes over a newer program on PATH that lacks what is required', async () => {
	await program('slim/ffmpeg', { filters: ' ... overlay           VV->V      Overlay' });
	await expect(found({ env: { PATH: `${join(folder, 'slim')}:/bin` } })).resolves.toMatchObject({ source: 'bundled' });
});

it('takes a newer program on PATH that has all that is required', async () => {
	const names = 'subtitles overlay colorkey zoompan perspective loop tpad zscale tonemap amerge pan alimiter sidechaincompress loudnorm libx264 aac';
	const path = await program('full/ffmpeg', { filters: names.split(' ').map((name) => ` ... ${name} x`).join('\n') });
	await expect(found({ env: { PATH: `${join(folder, 'full')}:/bin` } })).resolves.toMatchObject({ source: 'PATH', path });
});

it('looks for ffprobe independently of ffmpeg', async () => {
	const { ffmpeg, ffprobe } = await testEngine({ ffprobePath: join(folder, 'no-ffprobe') }).describe();
	expect(ffmpeg).toMatchObject({ source: 'bundled' });
	expect(ffprobe).toMatchObject({ code: 'ffprobe_broken', message: expect.stringContaining('FFPROBE_PATH') });
});

it('gives a bundled program its missing execute permission', async () => {
	const path = await program('unpacked', { mode: 0o644 });
	await expect(makeExecutable(path, join(folder, 'private'))).resolves.toBe(path);
	expect((await stat(path)).mode & 0o777).toBe(0o755);
});

it('copies a program whose permissions it may not change into a private folder', async () => {
	// A file of another owner, which no user but root could change; root plays somebody else for the time of the test.
	const foreign = '/etc/passwd';
	const private_ = await mkdtemp(join(tmpdir(), 'private-'));
	await chmod(private_, 0o777);
	const isRoot = process.getuid?.() === 0;
	if (isRoot) process.seteuid?.(65_534);
	try {
		const copy = await makeExecutable(foreign, join(private_, 'bin'));
		expect(copy).toBe(join(private_, 'bin', 'passwd'));
		expect((await stat(copy)).mode & 0o777).toBe(0o700);
		expect((await stat(join(private_, 'bin'))).mode & 0o777).toBe(0o700);
		await expect(readFile(copy, 'utf8')).resolves.toBe(await readFile(foreign, 'utf8'));
		await expect(makeExecutable(foreign, join(private_, 'bin'))).resolves.toBe(copy);
	} finally {
		if (isRoot) process.seteuid?.(0);
		await rm(private_, { recursive: true, force: true });
	}
});

it('orders versions by their first difference', () => {
	expect(isNewer([59, 37, 100], [58, 42, 100])).toBe(true);
	expect(isNewer([58, 41, 200], [58, 42, 100])).toBe(false);
	expect(isNewer([58, 42, 100], [58, 42, 100])).toBe(false);
});
