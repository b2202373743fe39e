import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run, type RunOptions } from '../../../../gpu-runtime/engines/ffmpeg/run';
import { Cancelled } from '../../../../src/errors';
import { isAlive } from '../../../support/processes';

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'run-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function script(name: string, text: string) {
	const path = join(folder, name);
	await writeFile(path, `#!/bin/sh\n${text}\n`);
	await chmod(path, 0o755);
	return path;
}

const start = (program: string, options: Partial<RunOptions> = {}) =>
	run(program, [], { cwd: folder, env: process.env, signal: new AbortController().signal, timeLimit: 30, ...options });

async function pidIn(name: string): Promise<number> {
	for (;;) {
		const text = await readFile(join(folder, name), 'utf8').catch(() => '');
		if (text.endsWith('\n')) return Number(text);
		await sleep(10);
	}
}

it('starts nothing when the job was cancelled before', async () => {
	const path = await script('mark', 'echo $$ > started');
	await expect(start(path, { signal: AbortSignal.abort(new Cancelled('no longer wanted')) })).rejects.toThrow('no longer wanted');
	await sleep(50);
	await expect(readFile(join(folder, 'started'))).rejects.toThrow('ENOENT');
});

it('stops at once when the job is cancelled just after the start', async () => {
	const stop = new AbortController();
	const path = await script('sleeper', 'echo $$ > sleeper.pid; exec sleep 60');
	const running = start(path, { signal: stop.signal });
	stop.abort(new Cancelled());
	const begin = Date.now();
	await expect(running).rejects.toBeInstanceOf(Cancelled);
	expect(Date.now() - begin).toBeLessThan(1500);
});

it('also stops what a wrapper script started', async () => {
	const stop = new AbortController();
	const path = await script('wrapper', 'sh -c "echo \\$\\$ > inner.pid; sleep 60; true"; true');
	const running = start(path, { signal: stop.signal });
	const pid = await pidIn('inner.pid');
	stop.abort(new Cancelled());
	await expect(running).rejects.toBeInstanceOf(Cancelled);
	expect(isAlive(pid)).toBe(false);
});

it('kills after two seconds what does not stop when asked', async () => {
	const stop = new AbortController();
	const path = await script('deaf', 'trap "" TERM; echo $$ > deaf.pid; while :; do sleep 0.1; done');
	const running = start(path, { signal: stop.signal });
	const pid = await pidIn('deaf.pid');
	stop.abort(new Cancelled());
	const begin = Date.now();
	await expect(running).rejects.toBeInstanceOf(Cancelled);
	expect(Date.now() - begin).toBeGreaterThan(1900);
	expect(Date.now() - begin).toBeLessThan(4000);
	expect(isAlive(pid)).toBe(false);
});

it('stops at the time limit', async () => {
	await expect(start(await script('long', 'exec sleep 60'), { timeLimit: 0.2 })).rejects.toMatchObject({ type: 'TimedOut', code: 'timed_out' });
});

it('stops when there is no sign of life, and not while there is', async () => {
	const path = await script('chatty', 'for i in 1 2 3 4 5 6 7 8; do echo $i; sleep 0.1; done; exec sleep 60');
	const begin = Date.now();
	await expect(start(path, { stallLimit: 0.4, onOutput: (_, alive) => alive() })).rejects.toMatchObject({ type: 'TimedOut', code: 'stalled' });
	expect(Date.now() - begin).toBeGreaterThan(1000);
});

it('hands on PATH, HOME and TMPDIR, and no secret', async () => {
	let output = '';
	await start(await script('env', 'env'), { env: { ...process.env, SECRET_KEY: 'x', HOME: '/home/of/test' }, onOutput: (text) => (output += text) });
	expect(output).toContain('HOME=/home/of/test');
	expect(output).not.toContain('SECRET');
});

it('keeps the end of a long log, without font chatter, and counts its lines', async () => {
	const path = await script('noisy', 'i=0; while [ $i -lt 3000 ]; do echo "error number $i of a very long log indeed"; i=$((i+1)); done >&2; echo "Fontconfig error: no file" >&2; echo "the end" >&2; exit 3');
	const { code, log } = await start(path);
	expect(code).toBe(3);
	expect(log.lines).toBe(3001);
	expect(log.first).toBe('error number 0 of a very long log indeed');
	expect(log.text.length).toBeLessThanOrEqual(64 * 1024);
	expect(log.text).toMatch(/the end\n$/);
	expect(log.text).not.toContain('Fontconfig');
});

it('says which program could not be started, and does not end the process', async () => {
	await expect(start(join(folder, 'nothing'))).rejects.toMatchObject({ code: 'ffmpeg_not_started', message: expect.stringContaining('nothing could not be started') });
	await expect(start(await script('fine', 'true'), { cwd: join(folder, 'gone') })).rejects.toMatchObject({ code: 'ffmpeg_not_started' });
});

it('tells when somebody else killed the program', async () => {
	await expect(start(await script('suicide', 'kill -9 $$'))).resolves.toMatchObject({ code: null, killedBy: 'SIGKILL' });
});
