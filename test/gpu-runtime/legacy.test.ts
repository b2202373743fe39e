/** @jest-environment ./test/support/node-environment.js */
import { readFile } from 'node:fs/promises';
import { createExecutor, type TravelExecutor } from '../../gpu-runtime/executor';
import type { Result } from '../../src/execute';
import { createClips, type Clips } from '../support/clips';
import { startRuntime } from '../support/runtime';
import { bucket, startS3 } from '../support/s3';

let clips: Clips;
let runtime: ReturnType<typeof startRuntime>;
let s3: Awaited<ReturnType<typeof startS3>>;
let executor: TravelExecutor;
beforeAll(async () => {
	runtime = startRuntime({ AI_AGENT_TOOLS_ALLOW_PRIVATE_URLS: '1' });
	[clips, s3] = await Promise.all([createClips(), startS3()]);
	executor = createExecutor({ runtime: runtime.runtime, scratchRoot: runtime.root, maxInline: 1e6, maxDownload: 1e9, linkLife: 60 });
	for (const name of ['plain.mp4', 'tone.wav', 'picture.png'] as const) {
		const file_data = await readFile(await clips.clip(name), 'base64');
		await send('upload_file', { file_data, storage_key: name });
	}
});
afterAll(async () => {
	await runtime.close();
	await s3.close();
	await clips.remove();
});

async function send(operation: string, fields: Record<string, unknown>): Promise<Result> {
	const { endpoint = '' } = s3.config();
	const s3Config = { accessId: 'S3RVER', accessSecret: 'S3RVER', bucketName: bucket, endpointUrl: endpoint };
	const answer = await executor.execute(operation, fields, { jobId: 'legacy', signal: new AbortController().signal, maxResult: 1e6, s3Config, onProgress: () => undefined });
	if (answer.status === 'error') throw new Error(answer.error.message);
	return answer.result;
}
const ask = (operation: string, parameters: Record<string, unknown>) => send(operation, { parameters });

/** A file by its older keys is the same as by ours. */
const sameFile = async ({ key, url, size }: { key: string; url: string; size: number }, older: Record<string, unknown>, name: string) => {
	expect(older).toMatchObject({ file_id: key, [name]: url, download_url: url });
	expect((await (await fetch(url)).arrayBuffer()).byteLength).toBe(size);
};
const fileIn = (result: Result, name: string) => result[name] as { key: string; url: string; size: number };

it('files are stored, found, linked and deleted by the older names', async () => {
	const stored = await ask('upload', { media_type: 'image', file_data: `data:image/png;base64,${await readFile(await clips.clip('picture.png'), 'base64')}` });
	const { file_id: id, download_url: url } = stored as unknown as { file_id: string; download_url: string };
	expect(stored).toMatchObject({ key: id, file_url: url, contentType: 'image/png' });
	expect(await ask('status', { file_id: id })).toMatchObject({ status: 'ready', exists: true, storage_key: id });
	const link = await ask('download', { file_id: id });
	expect(link).toMatchObject({ file_id: id, size: stored.size });
	expect(link.file).toBeUndefined();
	expect((await (await fetch(String(link.download_url))).arrayBuffer()).byteLength).toBe(stored.size);
	expect(await ask('delete', { file_id: id })).toMatchObject({ status: 'success', file_id: id });
	expect(await ask('status', { file_id: id })).toMatchObject({ status: 'not_found', exists: false });
});

it('media info comes as it did, beside the newer keys', async () => {
	expect(await ask('get_video_info', { video_id: 'plain.mp4' })).toMatchObject({ media_info: { duration: 1, width: 160, height: 120, fps: 25, aspect_ratio: '4:3', codec: 'h264' }, width: 160 });
	expect(await ask('get_audio_info', { audio_id: 'tone.wav' })).toMatchObject({ media_info: { duration: 1, channels: 1, sample_rate: 48_000 }, sampleRate: 48_000 });
});

it('lists come with their count', async () => {
	const { fonts, total_count: fontCount } = await ask('list_fonts', {});
	expect(fonts).toHaveLength(Number(fontCount));
	const { voices, total_count: voiceCount } = await ask('get_kokoro_voices', { lang_code: 'en' });
	expect(voices).toHaveLength(Number(voiceCount));
	expect(voices).toContainEqual(expect.objectContaining({ id: 'af_heart', voice_id: 'af_heart', lang_code: 'a' }));
});

it('videos are told of by the older keys', async () => {
	const merged = await ask('merge_videos', { video_ids: ['plain.mp4', 'plain.mp4'] });
	await sameFile(fileIn(merged, 'video'), merged, 'merged_video_url');
	const overlaid = await ask('add_colorkey_overlay', { video_id: 'plain.mp4', overlay_video_id: 'plain.mp4', color: 'green' });
	await sameFile(fileIn(overlaid, 'video'), overlaid, 'output_video_url');
	const { url } = await send('download_file', { key: 'plain.mp4', give: 'link' });
	const captioned = await ask('generate_captioned_video', { video_url: url, captions: [{ start: 0, end: 0.5, text: 'Hi' }], font_size: 24, font_color: 'white' });
	await sameFile(fileIn(captioned, 'video'), captioned, 'captioned_video_url');
	expect(captioned.video_url).toBe(captioned.captioned_video_url);
});

it('frames are told of by the older keys', async () => {
	const taken = await ask('extract_frame_from_url', { video_id: 'plain.mp4', timestamp: 0.5 });
	await sameFile(fileIn(taken, 'frame'), taken, 'frame_url');
});

it('a request in the newer spelling gets no older keys', async () => {
	expect(Object.keys(await send('file_status', { key: 'tone.wav' }))).not.toContain('exists');
	expect(Object.keys(await send('get_video_info', { video: { key: 'plain.mp4' } }))).not.toContain('media_info');
});
