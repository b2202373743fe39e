import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { readSettings as ReadSettings } from '../../gpu-runtime/settings';
import { createRunPodClient } from '../../src/runpod/client';
import { built } from '../support/dist';
import { createFakePlatform } from '../support/fake-platform';
import { startProcess } from '../support/main-process';
import { ffmpeg } from '../support/runtime';

const root = mkdtempSync(join(tmpdir(), 'capabilities-'));
const env = { ...process.env, FFMPEG_PATH: ffmpeg, AI_AGENT_TOOLS_SCRATCH: join(root, 'scratch'), AI_AGENT_TOOLS_DATA: join(root, 'data'), AI_AGENT_TOOLS_CAPABILITIES: 'media, storage' };
afterAll(() => rmSync(root, { recursive: true, force: true }));

const speak = { operation: 'generate_draft_tts', text: 'Hello.' };
const refusal = { code: 'capability_missing', message: expect.stringContaining('AI_AGENT_TOOLS_CAPABILITIES') };

describe('a runtime that offers media and storage only', () => {
	it('answers these as a server, refuses speech, and lists what it answers in its health', async () => {
		const child = startProcess('serve', { ...env, AI_AGENT_TOOLS_PORT: '0' });
		try {
			const [, baseUrl = ''] = await child.says(/Serving (\S+)\/local/);
			const client = createRunPodClient({ baseUrl, endpointId: 'local', apiKey: '' });
			await expect(client.run(speak)).rejects.toMatchObject(refusal);
			expect(await client.run({ operation: 'list_fonts' })).toMatchObject({ status: 'success' });
			const { operations, checks } = (await client.health()) as { operations?: string[]; checks?: { name: string }[] };
			const names = checks?.map(({ name }) => name);
			expect(names).toEqual(expect.arrayContaining(['ffmpeg', 'scratch folder']));
			expect(names).not.toEqual(expect.arrayContaining(['onnxruntime']));
			expect(operations).toEqual(expect.arrayContaining(['merge_videos', 'upload_file', 'doctor']));
			expect(operations).not.toContain('generate_draft_tts');
		} finally {
			await child.stop();
		}
	}, 30_000);

	it('answers these as a worker, and refuses speech, also where a video needs a voice', async () => {
		const platform = await createFakePlatform({ longPoll: 300 });
		const child = startProcess('worker', { ...env, ...platform.env('w1') });
		try {
			const client = createRunPodClient({ baseUrl: platform.baseUrl, endpointId: platform.endpoint, apiKey: platform.key });
			await expect(client.run(speak)).rejects.toMatchObject(refusal);
			const picture = { base64: 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', fileName: 'dot.png' };
			await expect(client.run({ operation: 'generate_captioned_video', background: picture, text: 'Hello.' })).rejects.toMatchObject(refusal);
			expect(await client.run({ operation: 'list_fonts' })).toMatchObject({ status: 'success' });
		} finally {
			await child.stop();
			await platform.close();
		}
	}, 30_000);
});

it('a capability that does not exist stops the start and is named', () => {
	const { readSettings } = built<{ readSettings: typeof ReadSettings }>('gpu-runtime/settings.js');
	expect(() => readSettings({ AI_AGENT_TOOLS_CAPABILITIES: 'media,telepathy' })).toThrow('AI_AGENT_TOOLS_CAPABILITIES');
});
