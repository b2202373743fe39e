import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runRemotely } from '../../gpu-runtime/remote';
import { createRunPodClient } from '../../src/runpod/client';
import { clientSuite } from '../support/client-suite';
import { startProcess } from '../support/main-process';
import { ffmpeg, fileOf, streamsOf } from '../support/runtime';

const root = mkdtempSync(join(tmpdir(), 'serve-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const apiKey = 'the-key-of-serve';
const slow = { operation: 'generate_draft_tts', text: 'This goes on and on. '.repeat(4000) };

async function serve(port = '0') {
	const child = startProcess('serve', { ...process.env, FFMPEG_PATH: ffmpeg, AI_AGENT_TOOLS_SCRATCH: root, AI_AGENT_TOOLS_API_KEY: apiKey, AI_AGENT_TOOLS_PORT: port, AI_AGENT_TOOLS_CONCURRENCY: '2', AI_AGENT_TOOLS_DRAIN_LIMIT: '0' });
	const [, baseUrl = ''] = await child.says(/Serving (\S+)\/local/);
	return { ...child, baseUrl, port: new URL(baseUrl).port };
}

let running: Awaited<ReturnType<typeof serve>>;
beforeAll(async () => {
	running = await serve();
}, 30_000);
afterAll(() => running.stop());

clientSuite('serve', () =>
	Promise.resolve({
		baseUrl: running.baseUrl,
		endpointId: 'local',
		apiKey,
		quick: { input: { operation: 'list_fonts' }, output: { status: 'success', result: { warnings: [] } } },
		failing: { input: { operation: 'generate_draft_tts', text: 'x', speed: 9 }, error: { type: 'InvalidInput', code: 'invalid_input' } },
		slow: { input: slow },
		close: () => Promise.resolve(),
	}),
);

describe("RunPod's own JavaScript client with serve", () => {
	const quick = { input: { operation: 'list_fonts' } };

	async function endpoint(key = apiKey) {
		const { default: runpod } = await import('runpod-sdk');
		const found = runpod(key, { baseUrl: running.baseUrl }).endpoint('local');
		if (found === null) throw new Error('Expected an endpoint');
		return found;
	}

	it('runs a job and waits for it', async () => {
		expect(await (await endpoint()).runSync(quick)).toMatchObject({ status: 'COMPLETED', output: { status: 'success', result: { fonts: expect.any(Array) } } });
	});

	it('sends a job and asks for its status until it has ended', async () => {
		const { id } = await (await endpoint()).run(quick);
		expect(await (await endpoint()).statusSync(id)).toMatchObject({ id, status: 'COMPLETED', output: { status: 'success' } });
	});

	it('is told of a failed job', async () => {
		expect(await (await endpoint()).runSync({ input: { operation: 'no_such_thing' } })).toMatchObject({ status: 'FAILED', error: expect.stringContaining('no_such_thing') });
	});

	it('cancels a job', async () => {
		const { id } = await (await endpoint()).run({ input: slow });
		await (await endpoint()).cancel(id);
		expect(await (await endpoint()).status(id)).toMatchObject({ status: 'CANCELLED' });
	});

	it('reads the health', async () => {
		expect(await (await endpoint()).health()).toMatchObject({ jobs: { completed: expect.any(Number) }, workers: expect.any(Object) });
	});

	it('is refused with another key', async () => {
		await expect((await endpoint('another')).runSync(quick)).rejects.toThrow('401');
	});
});

it('a runtime that is killed in the middle of a job and started again: the client is told, and nothing runs twice', async () => {
	const first = await serve();
	const client = createRunPodClient({ baseUrl: first.baseUrl, endpointId: 'local', apiKey });
	const failure = client.run(slow, { deadline: 60 }).catch((error: unknown) => error);
	while ((await client.health()).jobs.inProgress === 0);
	process.kill(first.pid, 'SIGKILL');
	const second = await serve(first.port);
	try {
		expect(await failure).toMatchObject({ code: 'job_expired', message: expect.stringMatching(/forgets its jobs when it is started again. Run it again/) });
		expect((await client.health()).jobs).toMatchObject({ inProgress: 0, inQueue: 0, completed: 0, failed: 0 });

		const target = { baseUrl: first.baseUrl, endpointId: 'local', apiKey, deadline: 30 };
		const place = { folder: root, signal: new AbortController().signal };
		const clip = join(root, 'words.srt');
		writeFileSync(clip, '1\n00:00:00,000 --> 00:00:01,000\nHello\n');
		// Links are judged by the runtime's clock alone: ours may be days ahead.
		const clock = jest.spyOn(Date, 'now').mockImplementation(() => performance.timeOrigin + performance.now() + 3 * 86_400_000);
		expect(await runRemotely({ operation: 'convert_captions', input: { captions: { file: clip }, to: 'text' }, ...place }, target)).toMatchObject({ status: 'success', result: { captions: 'Hello\n' } });
		const spoken = await runRemotely({ operation: 'generate_draft_tts', input: { text: 'Hello.' }, ...place }, target);
		clock.mockRestore();
		if (spoken.status === 'error') throw new Error(spoken.error.message);
		expect(streamsOf(fileOf(spoken.result.audio)).audio).toMatchObject({ codec_name: 'pcm_s16le' });
	} finally {
		await second.stop();
	}
}, 60_000);
