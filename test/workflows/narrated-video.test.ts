import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { path as ffprobe } from '@ffprobe-installer/ffprobe';
import narratedVideo from '../../templates/narrated-video.json';
import { dist } from '../support/dist';
import { closeEngine, runWorkflow, type WorkflowJson } from '../support/engine';
import { startS3 } from '../support/s3';

let folder = '';

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'narrated-video-'));
});

afterAll(async () => {
	const { closeRuntime } = (await import(dist('nodes/shared/backend.js'))) as { closeRuntime(): Promise<void> };
	await closeRuntime();
	closeEngine();
	await rm(folder, { recursive: true, force: true });
});

interface Probed {
	streams: { codec_name: string; codec_type: string; width?: number; height?: number; duration: string }[];
}

async function probe(file: string): Promise<Probed> {
	const { stdout } = await promisify(execFile)(ffprobe, ['-v', 'error', '-show_streams', '-of', 'json', file]);
	return JSON.parse(stdout) as Probed;
}

const film = 'Create a narrated and captioned video';
const template = narratedVideo as unknown as WorkflowJson;

/** The template with other parameters in its last node. */
const changed = (workflow: WorkflowJson, parameters: object): WorkflowJson => ({
	...workflow,
	nodes: workflow.nodes.map((node) => (node.name === film ? { ...node, parameters: { ...node.parameters, ...parameters } } : node)),
});

it('makes a film of a picture and a story, as the template ships', async () => {
	const messages: unknown[] = [];
	const run = await runWorkflow(template, { onMessage: (message) => messages.push(message) });
	expect(run.error).toBeUndefined();
	const [item] = run.items(film);
	const file = item?.binary?.data;
	expect(file).toMatchObject({ id: expect.any(String), mimeType: 'video/mp4', fileName: 'captioned-video.mp4' });
	if (!file) throw new Error('no film');
	const path = join(folder, 'film.mp4');
	await run.save(file, path);

	const { streams } = await probe(path);
	const video = streams.find((stream) => stream.codec_type === 'video');
	const audio = streams.find((stream) => stream.codec_type === 'audio');
	expect(video).toMatchObject({ codec_name: 'h264', width: 1080, height: 1920 });
	expect(audio).toMatchObject({ codec_name: 'aac' });
	expect(Math.abs(Number(video?.duration) - Number(audio?.duration))).toBeLessThanOrEqual(0.04);
	expect((item?.json.captions as { srt: string }).srt).toContain('lighthouse');
	expect(JSON.stringify(messages)).toContain('Drawing the video');
	expect(item?.pairedItem).toEqual({ item: 0 });
}, 300_000);

const small = { text: 'Hello.', options: { width: 180, height: 320, quality: 'draft' } };

it('makes it in an n8n that keeps files in memory, too', async () => {
	const run = await runWorkflow(changed(template, small), { binaryMode: 'default' });
	expect(run.error).toBeUndefined();
	const file = run.items(film)[0]?.binary?.data;
	expect(file).toMatchObject({ mimeType: 'video/mp4' });
	expect(file?.id).toBeUndefined();
	expect(Buffer.from(file?.data ?? '', 'base64').subarray(4, 8).toString()).toBe('ftyp');
}, 120_000);

it('makes it in an n8n that keeps files in a bucket: picture and film go through it', async () => {
	const s3 = await startS3();
	try {
		const run = await runWorkflow(changed(template, small), { binaryMode: s3.config() });
		expect(run.error).toBeUndefined();
		const file = run.items(film)[0]?.binary?.data;
		expect(file).toMatchObject({ id: expect.stringMatching(/^s3:workflows\//), mimeType: 'video/mp4', fileName: 'captioned-video.mp4' });
		if (!file) throw new Error('no film');
		const path = join(folder, 'from-bucket.mp4');
		await run.save(file, path);
		expect((await probe(path)).streams.map(({ codec_type }) => codec_type)).toEqual(['video', 'audio']);
	} finally {
		await s3.close();
	}
}, 120_000);
