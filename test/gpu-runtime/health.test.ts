import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasSpace } from '../../gpu-runtime/worker';
import { createRunPodClient } from '../../src/runpod/client';
import type { Finding } from '../../src/runtime';
import { createFakePlatform } from '../support/fake-platform';
import { startProcess } from '../support/main-process';
import { writeModels } from '../support/models/tiny';
import { ffmpeg } from '../support/runtime';
import { until } from './worker/support';

const root = mkdtempSync(join(tmpdir(), 'health-'));
const models = join(root, 'models');
beforeAll(() => writeModels(models));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const environment = (env: Record<string, string>) => ({ ...process.env, FFMPEG_PATH: ffmpeg, AI_AGENT_TOOLS_SCRATCH: join(root, 'scratch'), AI_AGENT_TOOLS_MODELS: models, AI_AGENT_TOOLS_OFFLINE: '1', AI_AGENT_TOOLS_DEVICE: 'cpu', ...env });
const jobs = {
	kokoro: { operation: 'generate_kokoro_tts', text: 'Hello world.' },
	draft: { operation: 'generate_draft_tts', text: 'Hello.', format: 'mp3' },
};
/** Not ffmpeg, though it runs. */
const noFfmpeg = process.execPath;

/** The health of a server, and which of the jobs it can do. */
async function examine(env: Record<string, string>) {
	const child = startProcess('serve', environment({ ...env, AI_AGENT_TOOLS_PORT: '0', AI_AGENT_TOOLS_DRAIN_LIMIT: '0' }));
	try {
		const [, baseUrl = ''] = await child.says(/Serving (\S+)\/local/);
		const client = createRunPodClient({ baseUrl, endpointId: 'local', apiKey: '' });
		const ends = await Promise.all(Object.values(jobs).map((input) => client.run(input).then(() => 'done', ({ code }: { code: string }) => code)));
		const { workers, checks } = (await client.health()) as Awaited<ReturnType<typeof client.health>> & { checks: Finding[] };
		return { workers, ends, checks: Object.fromEntries(checks.map(({ name, ...found }) => [name, found])) };
	} finally {
		await child.stop();
	}
}

it('a server with everything is healthy, and its health names the models, the provider, ffmpeg and the room that jobs then have', async () => {
	expect(await examine({})).toMatchObject({
		workers: { idle: 1, unhealthy: 0 },
		ends: ['done', 'done'],
		checks: {
			ffmpeg: { status: 'ok', detail: expect.stringContaining(ffmpeg) },
			onnxruntime: { status: 'ok', detail: expect.stringContaining('CPU proved') },
			models: { status: 'ok', detail: expect.stringMatching(/kokoro \w+.*whisper-small \w+/) },
			'scratch folder': { detail: expect.stringMatching(/GB free/) },
		},
	});
}, 60_000);

it('a server without models or a true ffmpeg is not, and the jobs fail for what its health says', async () => {
	expect(await examine({ AI_AGENT_TOOLS_MODELS: join(root, 'none'), FFMPEG_PATH: noFfmpeg })).toMatchObject({
		workers: { idle: 0, unhealthy: 1 },
		ends: ['model_missing', expect.not.stringMatching('done')],
		checks: {
			ffmpeg: { status: 'missing', detail: expect.stringContaining(noFfmpeg) },
			models: { status: 'warning', detail: expect.stringMatching(/^none yet/), repair: expect.stringContaining('AI_AGENT_TOOLS_OFFLINE') },
		},
	});
}, 60_000);

it('a worker without a true ffmpeg says so to the platform, and takes no job', async () => {
	const platform = await createFakePlatform({ longPoll: 300 });
	const waiting = platform.jobs.submit({ input: jobs.draft }, false);
	const child = startProcess('worker', environment({ ...platform.env('w1'), FFMPEG_PATH: noFfmpeg }));
	try {
		await child.says(/Unfit, doctor: ffmpeg: /);
		await until(() => platform.pings.length > 0, 'a ping');
		expect(platform.pings.at(-1)?.query).toMatchObject({ status: 'unhealthy', check: 'doctor', reason: expect.stringContaining(noFfmpeg) });
		await child.stop();
		expect(waiting.status).toBe('IN_QUEUE');
	} finally {
		await child.stop();
		await platform.close();
	}
}, 60_000);

it('a worker without room for a job is unfit', async () => {
	await hasSpace(root, 1).check();
	await expect(hasSpace(root, Number.MAX_SAFE_INTEGER).check()).rejects.toThrow(`bytes free at ${root}`);
});
