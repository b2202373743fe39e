import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { createHost as CreateHost, HostJob } from '../../gpu-runtime/host';
import { encodeSamples, wavHeader } from '../../src/audio/wav';
import { Cancelled } from '../../src/errors';
import { built } from '../support/dist';
import { writeTinyKokoro } from '../support/models/kokoro';
import { writeWhisper } from '../support/models/whisper/files';
import { randomWhisper } from '../support/models/whisper/random';
import { aliveInGroup, until } from '../support/processes';
import { ffmpeg } from '../support/runtime';

const { createHost } = built<{ createHost: typeof CreateHost }>('gpu-runtime/host.js');

const root = mkdtempSync(join(tmpdir(), 'host-models-'));
const [models, noise] = [join(root, 'models'), join(root, 'noise.wav')];
const env = { PATH: process.env.PATH, HOME: root, FFMPEG_PATH: ffmpeg, AI_AGENT_TOOLS_SCRATCH: root, AI_AGENT_TOOLS_MODELS: models, AI_AGENT_TOOLS_OFFLINE: 'true', AI_AGENT_TOOLS_DEVICE: 'cpu' };
const hosts: ReturnType<typeof createHost>[] = [];
const make = (idle: number) => {
	const host = createHost({ idle, grace: 20, env });
	hosts.push(host);
	return host;
};

beforeAll(async () => {
	mkdirSync(models);
	await writeTinyKokoro(join(models, 'kokoro'));
	await writeWhisper(join(models, 'whisper-small'), randomWhisper());
	const samples = encodeSamples(Float32Array.from({ length: 90 * 16_000 }, (_, i) => Math.sin(i * i * 1e-5) * 0.3), 's16');
	writeFileSync(noise, Buffer.concat([wavHeader({ sampleRate: 16_000, channels: 1, encoding: 's16' }, samples.length), samples]));
});
afterEach(async () => {
	await Promise.all(hosts.splice(0).map((host) => host.close()));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const job = (operation: string, input: unknown, more: Partial<HostJob> = {}): HostJob => ({
	operation,
	input,
	folder: mkdtempSync(join(root, 'job-')),
	signal: new AbortController().signal,
	...more,
});
/** Minutes of work: random weights come to no end by themselves. */
const listening = (more: Partial<HostJob>) => job('transcribe', { audio: { file: noise }, language: 'en' }, more);
const speaking = () => job('generate_kokoro_tts', { text: 'Hello, world!' });
const isListening = (activity: string) => activity === 'Transcribing';

it('killed while a model runs, the child fails its job with the reason, and the next job speaks', async () => {
	const host = make(60);
	let group = 0;
	const running = host.run(listening({ onProgress: (_, activity) => isListening(activity) && process.kill(group, 'SIGKILL') }));
	group = (await host.pid()) ?? 0;
	await expect(running).rejects.toMatchObject({ code: 'runtime_crashed', retryable: true, message: expect.stringContaining('SIGKILL') });
	await until(() => aliveInGroup(group).length === 0);
	expect(await host.run(speaking())).toMatchObject({ status: 'success' });
});

it('stopped while a model runs, the child ends the job between two steps and stays', async () => {
	const host = make(60);
	const stop = new AbortController();
	const running = host.run(listening({ signal: stop.signal, onProgress: (_, activity) => isListening(activity) && stop.abort(new Cancelled()) }));
	const pid = await host.pid();
	expect(await running).toMatchObject({ error: { type: 'Cancelled' } });
	expect(await host.run(speaking())).toMatchObject({ status: 'success' });
	expect(await host.pid()).toBe(pid);
});

it('a second job loads nothing, and an idle child goes with its models and its helper, until it is needed again', async () => {
	const host = make(1);
	const group = async () => (await host.pid()) ?? 0;
	expect(await host.run(speaking())).toMatchObject({ result: { engine: { loadSeconds: expect.any(Number) } } });
	const first = await group();
	expect(aliveInGroup(first).length).toBeGreaterThan(1);
	expect(await host.run(speaking())).toMatchObject({ result: { engine: { loadSeconds: 0 } } });
	await until(() => aliveInGroup(first).length === 0);
	expect(await host.run(speaking())).toMatchObject({ status: 'success' });
	expect(await group()).not.toBe(first);
});
