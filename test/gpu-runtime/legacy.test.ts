/** @jest-environment ./test/support/node-environment.js */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createExecutor } from '../../gpu-runtime/executor';
import { startServer, type Server } from '../../gpu-runtime/server';
import { startWorker, type Worker } from '../../gpu-runtime/worker';
import { encodeSamples, wavHeader } from '../../src/audio/wav';
import type { Envelope, Result } from '../../src/execute';
import type { JobState } from '../../src/runpod/protocol';
import { createClips, type Clips } from '../support/clips';
import { createFakePlatform, type FakePlatform } from '../support/fake-platform';
import { writeModels, writeSpoken } from '../support/models/tiny';
import { startRuntime } from '../support/runtime';
import { bucket, startS3 } from '../support/s3';

let clips: Clips;
let runtime: ReturnType<typeof startRuntime>;
let s3: Awaited<ReturnType<typeof startS3>>;
let server: Server;
let platform: FakePlatform;
let worker: Worker;
beforeAll(async () => {
	[clips, s3, platform] = await Promise.all([createClips(), startS3(), createFakePlatform({ longPoll: 300 })]);
	const models = join(clips.folder, 'models');
	await writeModels(models);
	runtime = startRuntime({ AI_AGENT_TOOLS_ALLOW_PRIVATE_URLS: '1', AI_AGENT_TOOLS_MODELS: models });
	const executor = createExecutor({ runtime: runtime.runtime, scratchRoot: runtime.root, maxInline: 1e6, maxDownload: 1e9, linkLife: 60 });
	const common = { executor, concurrency: 1, log: () => undefined };
	server = await startServer({ ...common, host: '127.0.0.1', port: 0, endpoint: 'local', operations: [], examine: async () => [], queueLength: 9, scratchRoot: runtime.root, maxFile: 1e6, fileLife: 60, allowPrivate: true });
	worker = startWorker({ ...common, env: { ...platform.env(), RUNPOD_WEBHOOK_PING: undefined }, timing: { takeGrace: 0 } });
	const paths = { 'sample.wav': await fourSeconds(), 'spoken.wav': await readFile(await writeSpoken(clips.folder)) };
	for (const name of ['plain.mp4', 'tone.wav', 'picture.png'] as const) Object.assign(paths, { [name]: await readFile(await clips.clip(name)) });
	for (const [name, bytes] of Object.entries(paths)) await send('serve', 'upload_file', { file_data: bytes.toString('base64'), storage_key: name });
});
afterAll(async () => {
	await Promise.all([server.stop(0), worker.stop()]);
	await runtime.close();
	await Promise.all([platform.close(), s3.close(), clips.remove()]);
});

async function fourSeconds(): Promise<Buffer> {
	const samples = encodeSamples(Float32Array.from({ length: 64_000 }, (_, index) => Math.sin(index / 8) / 2), 'f32');
	return Buffer.concat([wavHeader({ sampleRate: 16_000, channels: 1, encoding: 'f32' }, samples.length), samples]);
}

type Wire = 'serve' | 'worker';

/** Sends a job as older clients do. */
async function send(wire: Wire, operation: string, fields: Record<string, unknown>): Promise<Result> {
	const { endpoint = '' } = s3.config();
	const body = { input: { operation, ...fields }, s3Config: { accessId: 'S3RVER', accessSecret: 'S3RVER', bucketName: bucket, endpointUrl: endpoint } };
	const { output, error } = await { serve: throughServer, worker: throughWorker }[wire](body);
	if (error !== undefined) throw new Error(JSON.stringify(error));
	const answer = output as Envelope;
	if (answer.status === 'error') throw new Error(answer.error.message);
	return answer.result;
}

type Ended = Pick<JobState, 'output' | 'error'>;

async function throughServer(body: object): Promise<Ended> {
	const answer = await fetch(`${server.url}/v2/local/runsync`, { method: 'POST', body: JSON.stringify(body) });
	return (await answer.json()) as Ended;
}

async function throughWorker(body: { input: object }): Promise<Ended> {
	const job = platform.jobs.submit(body, false);
	await platform.jobs.waitFor(() => (platform.jobs.isFinal(job.status) ? true : undefined), 60_000, new AbortController().signal);
	return { ...job };
}

interface Stored {
	key: string;
	url: string;
	size: number;
}
const fileIn = (result: Result, name: string) => result[name] as Stored;

/** A file by its older keys is the same as by ours. */
async function sameFile(older: Result, { key, url, size }: Stored, name?: string) {
	expect(older).toMatchObject({ file_id: key, download_url: url, ...(name !== undefined && { [name]: url }) });
	expect((await (await fetch(url)).arrayBuffer()).byteLength).toBe(size);
}

describe.each(['serve', 'worker'] as const)('a request as older clients write it, to %s', (wire) => {
	const ask = (operation: string, parameters: Record<string, unknown>) => send(wire, operation, { handler: 'any', parameters });

	it('files are stored, found, linked and deleted by the older names', async () => {
		const stored = await ask('upload', { media_type: 'image', file_data: `data:image/png;base64,${await readFile(await clips.clip('picture.png'), 'base64')}` });
		const { file_id: id, download_url: url } = stored as unknown as { file_id: string; download_url: string };
		expect(stored).toMatchObject({ key: id, file_url: url, contentType: 'image/png' });
		expect(await ask('status', { file_id: id })).toMatchObject({ status: 'ready', exists: true, storage_key: id });
		const link = await ask('download', { file_id: id });
		expect(link).toMatchObject({ file_id: id, size: stored.size });
		expect(link.file).toBeUndefined();
		expect((await (await fetch(String(link.download_url))).arrayBuffer()).byteLength).toBe(stored.size);
		expect(await ask('upload', { media_type: 'image', url: link.download_url })).toMatchObject({ size: stored.size, storage_key: expect.any(String) });
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

	it('speech is told of by the older keys, with the times of its words', async () => {
		const spoken = await ask('generate_kokoro_tts', { text: 'Hello world.', voice: 'af_heart', speed: 1, lang_code: 'a' });
		await sameFile(spoken, fileIn(spoken, 'audio'), 'audio_url');
		expect(spoken).toMatchObject({ audio_length: spoken.duration, captions: [{ text: 'Hello', start: expect.any(Number), end: expect.any(Number) }, { text: 'world.' }] });
		const cloned = await ask('generate_chatterbox_tts', { text: 'A test.', sample_audio_id: 'sample.wav', exaggeration: 0.6, cfg_weight: 0.7, temperature: 0.8, chunk_chars: 512, chunk_silence_ms: 350 });
		await sameFile(cloned, fileIn(cloned, 'audio'), 'audio_url');
		expect(cloned).toMatchObject({ audio_length: cloned.duration });
	});

	it('a transcript has its older name, too', async () => {
		const { url } = await send(wire, 'download_file', { key: 'spoken.wav', give: 'link' });
		const heard = await ask('transcribe', { audio_url: url, language: 'en' });
		expect(heard).toMatchObject({ transcription: heard.text, language: 'en', duration: expect.any(Number), segments: expect.any(Array) });
		expect(String(heard.transcription).trim()).not.toBe('');
	});

	it('videos are told of by the older keys', async () => {
		const narrated = await ask('generate_captioned_video', { background_id: 'picture.png', text: 'Hi.', width: 108, height: 192, kokoro_voice: 'af_heart', kokoro_speed: 1.2, image_effect: 'pan', caption_config_font_size: 90 });
		await sameFile(narrated, fileIn(narrated, 'video'), 'captioned_video_url');
		expect(narrated).toMatchObject({ video_url: narrated.captioned_video_url, engine: { name: 'kokoro' } });
		const merged = await ask('merge_videos', { video_ids: ['plain.mp4', 'plain.mp4'], background_music_id: 'tone.wav', background_music_volume: 0.3 });
		await sameFile(merged, fileIn(merged, 'video'), 'merged_video_url');
		const overlaid = await ask('add_colorkey_overlay', { video_id: 'plain.mp4', overlay_video_id: 'plain.mp4', color: 'green', similarity: 0.15, blend: 0.05 });
		await sameFile(overlaid, fileIn(overlaid, 'video'), 'output_video_url');
		const { url } = await send(wire, 'download_file', { key: 'plain.mp4', give: 'link' });
		const captioned = await ask('generate_captioned_video', { video_url: url, captions: [{ start: 0, end: 0.5, text: 'Hi' }], font_size: 24, font_color: 'white' });
		await sameFile(captioned, fileIn(captioned, 'video'), 'captioned_video_url');
		expect(captioned.video_url).toBe(captioned.captioned_video_url);
	});

	it('frames, pictures and sounds are told of by the older keys', async () => {
		const taken = await ask('extract_frame_from_url', { video_id: 'plain.mp4', timestamp: 0.5 });
		await sameFile(taken, fileIn(taken, 'frame'), 'frame_url');
		const { frames } = await send(wire, 'extract_frames', { video_id: 'plain.mp4', amount: 2, stitch: false });
		const ids = (frames as unknown as { key?: string; url: string }[]).map(({ key, url }) => key ?? url);
		expect(ids).toHaveLength(2);
		// What was taken can be asked for again.
		for (const id of ids) expect(await send(wire, 'make_image_imperfect', /^http/.test(id) ? { image_url: id } : { image_id: id })).toMatchObject({ image: { width: 160, height: 120 } });
		expect(await send(wire, 'extract_frames', { video_id: 'plain.mp4', amount: 2, stitch: true })).toMatchObject({ frames: [], sheet: { width: expect.any(Number) } });
		const stitched = await send(wire, 'stitch_images', { image_ids: 'picture.png,picture.png', max_width: 200 });
		await sameFile(stitched, fileIn(stitched, 'image'));
		const grainy = await send(wire, 'make_image_imperfect', { image_id: 'picture.png', enhance_color: 1.1, noise_strength: 10 });
		await sameFile(grainy, fileIn(grainy, 'image'));
		const wav = await send(wire, 'convert_pcm_to_wav', { pcm_id: 'tone.wav', sample_rate: 48_000, target_sample_rate: 44_100 });
		await sameFile(wav, fileIn(wav, 'audio'), 'audio_url');
	});

	it('one in the newer spelling gets no older keys', async () => {
		expect(Object.keys(await send(wire, 'file_status', { key: 'tone.wav' }))).not.toContain('exists');
		expect(Object.keys(await send(wire, 'get_video_info', { video: { key: 'plain.mp4' } }))).not.toContain('media_info');
	});
});
