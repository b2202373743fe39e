import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createWorkerLog, startWorker, type Worker } from '../../../gpu-runtime/worker';
import { createExecutor } from '../../../gpu-runtime/executor';
import type { Envelope } from '../../../src/execute';
import type { ProducedFile } from '../../../src/vocabulary';
import { createClips, type Clips } from '../../support/clips';
import { createFakePlatform, type FakePlatform } from '../../support/fake-platform';
import { startRuntime } from '../../support/runtime';
import { bucket, startS3 } from '../../support/s3';
import { bodiesOf, ended, quick, until } from './support';

let clips: Clips;
let runtime: ReturnType<typeof startRuntime>;
let platform: FakePlatform;
let worker: Worker;
const lines: string[] = [];
beforeAll(async () => {
	[clips, platform] = await Promise.all([createClips(), createFakePlatform({ longPoll: 300 })]);
	runtime = startRuntime();
	worker = startWorker({
		env: { ...platform.env(), RUNPOD_WEBHOOK_PING: undefined },
		log: createWorkerLog({ write: (line) => lines.push(line), level: 'info', secrets: [] }),
		executor: createExecutor({ runtime: runtime.runtime, scratchRoot: runtime.root, maxInline: 25_000, maxDownload: 1e9, linkLife: 60 }),
		timing: quick,
	});
});
afterAll(async () => {
	await worker.stop();
	await platform.close();
	await runtime.close();
	await clips.remove();
});

const inline = async (name: Parameters<Clips['clip']>[0]) => ({ base64: await readFile(await clips.clip(name), 'base64'), fileName: name });
const small = { width: 64, height: 64, quality: 'draft', captions: false };
const send = (input: object, more: object = {}) => platform.jobs.submit({ input, ...more }, false);
const videoOf = (output: unknown) => (output as { result: { video: ProducedFile } }).result.video;
const leftovers = () => readdirSync(runtime.root).filter((name) => name.startsWith('job-'));

it('a small file travels inside the answer, and nothing is left behind', async () => {
	const job = await ended(platform, send({ operation: 'generate_captioned_video', background: await inline('picture.png'), audio: await inline('tone.wav'), words: [{ text: 'Hi', start: 0, end: 0.5 }], ...small }));
	expect(job).toMatchObject({ status: 'COMPLETED', output: { status: 'success' } });
	const { base64 = '', size, file } = videoOf(job.output) as ProducedFile & { file?: string };
	expect(Buffer.from(base64, 'base64')).toHaveLength(size);
	expect(file).toBeUndefined();
	expect(leftovers()).toEqual([]);
});

it('a file goes to the storage that was lent to the job, with a link', async () => {
	const s3 = await startS3();
	const { endpoint = '' } = s3.config();
	const input = { operation: 'generate_captioned_video', background: await inline('picture.png'), audio: await inline('tone.wav'), words: [{ text: 'Hi', start: 0, end: 0.5 }], ...small };
	const job = await ended(platform, send(input, { s3Config: { accessId: 'S3RVER', accessSecret: 'S3RVER', bucketName: bucket, endpointUrl: endpoint } }));
	const { url = '', key, base64, size } = videoOf(job.output);
	expect({ key, base64 }).toEqual({ key: expect.stringMatching(/\.mp4$/), base64: undefined });
	expect((await (await fetch(url)).arrayBuffer()).byteLength).toBe(size);
	await s3.close();
});

it('a file that is too large for the answer is an error that says what to set up', async () => {
	const job = await ended(platform, send({ operation: 'generate_captioned_video', background: await inline('picture.png'), audio: await inline('tone.wav'), words: [{ text: 'Hi', start: 0, end: 0.5 }], width: 480, height: 480, quality: 'high' }));
	expect(job).toMatchObject({ status: 'FAILED', output: { error: { code: 'no_storage', message: expect.stringContaining('Set up S3 storage') } } });
	expect(leftovers()).toEqual([]);
});

it('a local path is refused', async () => {
	const job = await ended(platform, send({ operation: 'get_video_info', video: { file: '/etc/passwd' } }));
	expect(job).toMatchObject({ status: 'FAILED', output: { error: { type: 'InvalidInput', code: 'file_not_allowed' } } });
});

it.each(['cancel', 'executionTimeout'])('a job ended by %s leaves no ffmpeg and no file, and posts nothing', async (way) => {
	const input = { operation: 'generate_captioned_video', background: await inline('picture.png'), audio: await inline('mono.wav'), words: [{ text: 'Hi', start: 0, end: 0.5 }], width: 4096, height: 4096, fps: 60, quality: 'high' };
	const job = send(input, way === 'cancel' ? {} : { policy: { executionTimeout: 2500 } });
	await until(() => ffmpegsIn(runtime.root).length > 0, 'ffmpeg');
	if (way === 'cancel') platform.jobs.cancel(job);
	await until(() => worker.jobIds.length === 0, 'the stop');
	expect(ffmpegsIn(runtime.root)).toEqual([]);
	expect(leftovers()).toEqual([]);
	expect(bodiesOf(platform, job).filter((body) => !body.includes('IN_PROGRESS'))).toEqual([]);
	expect((await ended(platform, send({ operation: 'get_kokoro_voices' }))).output as Envelope).toMatchObject({ status: 'success' });
});

/** Processes that work on files in a folder. */
const ffmpegsIn = (folder: string) =>
	readdirSync('/proc').filter((pid) => {
		if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false;
		try {
			return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`${folder}/`);
		} catch {
			return false;
		}
	});
