import { execFile, fork } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { promisify } from 'node:util';
import type { createHost as CreateHost } from '../gpu-runtime/host';
import { built, dist } from '../test/support/dist';
import { ffmpeg } from '../test/support/runtime';
import { clip } from './clips';
import { inTurn, median } from './measure';
import type { Row } from './row';

const { createHost } = built<{ createHost: typeof CreateHost }>('gpu-runtime/host.js');

/** What the child process around ffmpeg costs: to start it, to work through it, and the process that waits for it. */
export async function run(): Promise<Row[]> {
	const root = mkdtempSync(join(tmpdir(), 'bench-embedded-'));
	try {
		return [await ready(root), ...(await through(root))];
	} finally {
		rmSync(root, { recursive: true });
	}
}

const surroundings = (root: string, program: string) => ({ PATH: process.env.PATH, HOME: root, FFMPEG_PATH: program, AI_AGENT_TOOLS_SCRATCH: root, AI_AGENT_TOOLS_DATA: join(root, 'data') });

async function ready(root: string): Promise<Row> {
	const times: number[] = [];
	for (let time = 0; time < 5; time++) times.push(await startUp(root));
	const ours = median(times);
	return { row: 'start of the embedded runtime', ours, older: null, ratio: null, unit: 's', goal: '≤ 0.5 s', ok: ours <= 0.5, note: 'from fork to ready' };
}

function startUp(root: string): Promise<number> {
	const start = performance.now();
	const child = fork(dist('gpu-runtime/main.js'), ['embedded'], { env: surroundings(root, ffmpeg), execArgv: [], serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
	let seconds: number | undefined;
	child.once('message', () => {
		seconds = (performance.now() - start) / 1000;
		child.disconnect();
	});
	return new Promise((resolve, reject) => {
		child.once('exit', (code) => (seconds === undefined ? reject(new Error(`Expected the embedded runtime to get ready, it ended with ${code}`)) : resolve(seconds)));
	});
}

/** A whole operation through the warm child against the very command it gives to ffmpeg. */
async function through(root: string): Promise<Row[]> {
	const words = [{ text: 'Hello', start: 0.5, end: 2 }, { text: 'brave', start: 2, end: 4 }, { text: 'new', start: 4, end: 5 }, { text: 'world.', start: 5, end: 7 }];
	const input = { background: { file: await clip('picture.png') }, audio: { file: await clip('voice.wav') }, words };
	const { folder, args } = await commandOf(input, root);
	const host = createHost({ idle: 0, grace: 5, env: surroundings(root, ffmpeg) });
	const caption = () => captioned(host, input, root);
	await caption();
	const loop = monitorEventLoopDelay({ resolution: 5 });
	loop.enable();
	const { older, ours, ratio: { wall: ratio } } = await inTurn(9, () => promisify(execFile)(ffmpeg, args, { cwd: folder }), caption);
	loop.disable();
	await host.close();
	const [more, blocked] = [(ratio - 1) * older.wall, loop.max / 1e6];
	return [
		{ row: 'whole operation through the warm child', ours: ours.wall, older: older.wall, ratio, unit: 's', goal: '≤ 1.05 or 50 ms more', ok: ratio <= 1.05 || more <= 0.05, note: `older: its own bare ffmpeg command; the main job with its defaults, 8 s at 1080×1920, ${Math.round(more * 1000)} ms more with every check of file and result` },
		{ row: "longest halt of the parent's event loop", ours: blocked, older: null, ratio: null, unit: 'ms', goal: '≤ 50 ms', ok: blocked <= 50, note: 'while the child works' },
	];
}

async function captioned(host: ReturnType<typeof CreateHost>, input: unknown, root: string): Promise<string> {
	const folder = mkdtempSync(join(root, 'job-'));
	const envelope = await host.run({ operation: 'generate_captioned_video', input, folder, signal: new AbortController().signal });
	if (envelope.status === 'error') throw new Error(envelope.error.message);
	return folder;
}

/** Runs the operation once with an ffmpeg that writes down how it is called. */
async function commandOf(input: unknown, root: string): Promise<{ folder: string; args: string[] }> {
	const calls = join(root, 'calls');
	mkdirSync(calls);
	const recorder = join(root, 'ffmpeg');
	writeFileSync(recorder, `#!/bin/sh\nprintf '%s\\0' "$@" > ${calls}/$$\nexec ${ffmpeg} "$@"\n`);
	chmodSync(recorder, 0o755);
	const host = createHost({ idle: 0, grace: 5, env: surroundings(root, recorder) });
	const folder = await captioned(host, input, root);
	await host.close();
	const found = readdirSync(calls)
		.map((name) => readFileSync(join(calls, name), 'utf8').split('\0').slice(0, -1))
		.find((args) => args.some((arg) => arg.includes('subtitles=')) && args.includes('-movflags'));
	if (!found) throw new Error('Expected a call of ffmpeg that draws captions');
	return { folder, args: found };
}
