import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProcess } from '../support/main-process';
import { ffmpeg } from '../support/runtime';

const root = mkdtempSync(join(tmpdir(), 'runpod-sdk-'));
const key = 'the-key-of-the-sdk';
let server: ReturnType<typeof startProcess>;
let baseUrl = '';

beforeAll(async () => {
	server = startProcess('serve', { ...process.env, FFMPEG_PATH: ffmpeg, AI_AGENT_TOOLS_SCRATCH: root, AI_AGENT_TOOLS_API_KEY: key, AI_AGENT_TOOLS_PORT: '0', AI_AGENT_TOOLS_DRAIN_LIMIT: '0' });
	[, baseUrl = ''] = await server.says(/Serving (\S+)\/local/);
}, 30_000);

afterAll(async () => {
	await server.stop();
	rmSync(root, { recursive: true, force: true });
});

async function endpoint(apiKey = key) {
	const { default: runpod } = await import('runpod-sdk');
	const found = runpod(apiKey, { baseUrl }).endpoint('local');
	if (found === null) throw new Error('Expected an endpoint');
	return found;
}

const quick = { input: { operation: 'list_fonts' } };
const slow = { input: { operation: 'generate_draft_tts', text: 'This goes on and on. '.repeat(4000) } };

describe("RunPod's own JavaScript client with serve", () => {
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
		const { id } = await (await endpoint()).run(slow);
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
