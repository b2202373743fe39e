import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { createHost as CreateHost } from '../gpu-runtime/host';
import type { Engine } from '../src/vocabulary';
import { built } from '../test/support/dist';
import { writeTinyKokoro } from '../test/support/models/kokoro';
import { aliveInGroup } from '../test/support/processes';
import { ffmpeg } from '../test/support/runtime';
import { middleBy } from './measure';
import type { Row } from './row';

const { createHost } = built<{ createHost: typeof CreateHost }>('gpu-runtime/host.js');

const sentences = ['The quick brown fox, who is 12 years old, jumps over the lazy dog.', 'Nobody in the village had ever seen anything like it.', 'What a morning that was!'];
const text = Array.from({ length: 36 }, (_, i) => sentences[i % 3]).join(' ');

/** Text to speech through the embedded runtime, with a made model that is several times cheaper to run than the real one by the fastest published figure: the share of what is ours is larger here. */
export async function run(): Promise<Row[]> {
	const root = mkdtempSync(join(tmpdir(), 'bench-kokoro-'));
	const models = join(root, 'models');
	await writeTinyKokoro(join(models, 'kokoro'), { voices: ['af_heart'], layers: 56 });
	const env = { PATH: process.env.PATH, HOME: root, FFMPEG_PATH: ffmpeg, AI_AGENT_TOOLS_SCRATCH: root, AI_AGENT_TOOLS_MODELS: models, AI_AGENT_TOOLS_OFFLINE: 'true', AI_AGENT_TOOLS_DEVICE: 'cpu' };
	const host = createHost({ idle: 1, grace: 5, env });
	try {
		const before = memory();
		const first = await spoken(host, root);
		const loop = monitorEventLoopDelay({ resolution: 5 });
		loop.enable();
		const second = await spoken(host, root);
		loop.disable();
		const share = middleBy([second, await spoken(host, root), await spoken(host, root)], shareOf);
		const left = await afterIdle((await host.pid()) ?? 0, before);
		return [shareRow(share), loadRow(first, second), haltRow(loop.max / 1e6), left];
	} finally {
		await host.close();
		rmSync(root, { recursive: true });
	}
}

interface Spoken extends Engine {
	/** Seconds from request to answer. */
	whole: number;
	duration: number;
}

async function spoken(host: ReturnType<typeof CreateHost>, root: string): Promise<Spoken> {
	const start = performance.now();
	const envelope = await host.run({ operation: 'generate_kokoro_tts', input: { text }, folder: mkdtempSync(join(root, 'job-')), signal: new AbortController().signal });
	const whole = (performance.now() - start) / 1000;
	if (envelope.status === 'error') throw new Error(envelope.error.message);
	const { engine, duration } = envelope.result as unknown as { engine: Engine; duration: number };
	return { ...engine, whole, duration };
}

const shareOf = ({ whole, inferenceSeconds }: Spoken) => (whole - inferenceSeconds) / whole;

function shareRow(job: Spoken): Row {
	const { whole, inferenceSeconds, duration, realTimeFactor } = job;
	const ratio = shareOf(job);
	return {
		row: "Kokoro's time around session.run",
		ours: whole - inferenceSeconds,
		older: whole,
		ratio,
		unit: 's',
		goal: '≤ 0.1 of the whole',
		ok: ratio <= 0.1,
		note: `older: the whole of a warm job, from request to answer: 36 sentences, ${Math.round(duration)} s of sound, a made model at ${realTimeFactor.toFixed(3)} of real time, where the real one is said to need 0.2 to 0.5; nearly all around it is eSpeak NG, which reads the text; the middle of 3 jobs`,
	};
}

const loadRow = (first: Spoken, second: Spoken): Row => ({
	row: 'load of the model by a second job',
	ours: second.loadSeconds,
	older: first.loadSeconds,
	ratio: second.loadSeconds / first.loadSeconds,
	unit: 's',
	goal: '0',
	ok: second.loadSeconds === 0,
	note: 'older: by the first job',
});

const haltRow = (ours: number): Row => ({ row: 'longest halt of the parent while a model runs', ours, older: null, ratio: null, unit: 'ms', goal: '≤ 50 ms', ok: ours <= 50 });

/** Resident bytes of this process, and of all its children. */
function memory() {
	const children = readdirSync('/proc/self/task').flatMap((task) => readFileSync(`/proc/self/task/${task}/children`, 'utf8').trim().split(' ').filter(Boolean));
	return process.memoryUsage().rss + children.reduce((sum, pid) => sum + residentOf(pid), 0);
}

const residentOf = (pid: string) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;

async function afterIdle(group: number, before: number): Promise<Row> {
	const busy = memory() - before;
	for (let waited = 0; waited < 100 && aliveInGroup(group).length > 0; waited++) await sleep(100);
	const left = memory() - before;
	return {
		row: 'memory left after the idle exit',
		ours: left / 1e6,
		older: busy / 1e6,
		ratio: left / busy,
		unit: 'MB',
		goal: '≤ 0.1 of what a job took',
		ok: left <= 0.1 * busy && aliveInGroup(group).length === 0,
		note: 'older: of this process and its children with the model in memory, over the start',
	};
}
