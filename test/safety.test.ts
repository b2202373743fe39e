import { copyFile, readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { requestsWith, type Companions } from './fuzz/requests';
import { createClips, type Clips } from './support/clips';
import { everyBuild } from './support/media';
import { fileOf, pixelsAt, startRuntime, streamsOf } from './support/runtime';

let clips: Clips;
let good: Companions;
let server: Server;
let visits = 0;
beforeAll(async () => {
	clips = await createClips();
	good = { video: await clips.clip('plain.mp4'), sound: await clips.clip('tone.wav'), picture: await clips.clip('picture.png') };
	server = createServer((_, response) => {
		visits++;
		response.end();
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
	await clips.remove();
	await new Promise((resolve) => server.close(resolve));
});

const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/private.mp4`;
const places = requestsWith('', { video: '', sound: '', picture: '' })
	.map(({ operation, field }, index) => ({ operation, field, index }))
	.filter(({ operation, field }, index, all) => all.findIndex((one) => one.operation === operation && one.field === field) === index);
const pictures = ['extract_frame', 'merge_videos', 'add_colorkey_overlay', 'generate_captioned_video', 'stitch_images', 'make_image_imperfect'];

const movie = () => `green[x];movie=${good.video}`;
const text = '0.1:0.1[x];[x]drawtext=textfile=/etc/hostname';
const captions = '1\n00:00:00,000 --> 00:00:01,000\nHello\n';

/** What the older service's graphs took in as it came. */
const graphs: [string, string, () => Record<string, unknown>][] = [
	['add_colorkey_overlay', 'color', () => ({ video: { file: good.video }, overlay: { file: good.video }, color: movie() })],
	['add_colorkey_overlay', 'similarity', () => ({ video: { file: good.video }, overlay: { file: good.video }, similarity: text })],
	['add_colorkey_overlay', 'blend', () => ({ video: { file: good.video }, overlay: { file: good.video }, blend: text })],
	['stitch_images', 'background', () => ({ images: [{ file: good.picture }], background: movie() })],
	['extract_frames', 'background', () => ({ video: { file: good.video }, stitch: true, background: movie() })],
	['merge_videos', 'backgroundMusicVolume', () => ({ videos: [{ file: good.video }], backgroundMusic: { file: good.sound }, backgroundMusicVolume: `1[m];amovie=${good.sound}` })],
	['mix_audio', 'musicVolume', () => ({ voice: { file: good.sound }, music: { file: good.sound }, musicVolume: `1[m];amovie=${good.sound}` })],
	['add_captions', 'style.color', () => ({ video: { file: good.video }, captions, style: { color: '#fff}{\\fs200' } })],
	['add_captions', 'style.font', () => ({ video: { file: good.video }, captions, style: { font: 'Inter\nDialogue: 0,0:00:00.00,0:00:09.00,Default,,0,0,0,,Forged' } })],
	['generate_captioned_video', 'captions.font', () => ({ background: { file: good.picture }, audio: { file: good.sound }, words: captions, captions: { font: "Inter':fontsdir='/etc" } })],
];

describe.each(everyBuild)('hostile requests, with $name', ({ paths }) => {
	let runtime: ReturnType<typeof startRuntime>;
	beforeAll(() => {
		runtime = startRuntime(paths.ffmpegPath ? { FFMPEG_PATH: paths.ffmpegPath, FFPROBE_PATH: String(paths.ffprobePath) } : {});
	});
	afterAll(() => runtime.close());
	beforeEach(() => {
		visits = 0;
	});
	afterEach(() => expect(visits).toBe(0));

	const tryAt = async (index: number, path: string) => {
		const { operation, input } = requestsWith(path, good)[index] ?? { operation: '', input: {} };
		return runtime.execute(operation, input);
	};

	describe.each(places)('$operation, $field', ({ operation, field, index }) => {
		it.each([
			['an HLS playlist of another file', () => `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nplain.mp4\n#EXTINF:1,\n${address()}\n#EXT-X-ENDLIST\n`],
			['a concat list of another file', () => 'ffconcat version 1.0\nfile plain.mp4\n'],
		])('refuses %s named .mp4', async (_, content) => {
			const posing = await clips.file('posing.mp4', content());
			await expect(tryAt(index, posing)).resolves.toMatchObject({ status: 'error', error: { type: 'InvalidInput', code: 'unreadable_media', field } });
		});

		it('takes a URL for a name of a file, and does not call it', async () => {
			await expect(tryAt(index, address())).resolves.toMatchObject({ status: 'error', error: { type: 'InvalidInput', code: 'file_not_found', field } });
		});

		if (pictures.includes(operation) && !['audio', 'backgroundMusic'].includes(field))
			it('does not unpack a small file of a great many pixels', async () => {
				await expect(tryAt(index, await clips.pixelBomb(15_000))).resolves.toMatchObject({ status: 'error', error: { type: 'InvalidInput', field, message: expect.stringContaining('more than 40000000 pixels') } });
			});
	});

	it.each(graphs)('%s takes no filter through %s', async (operation, field, input) => {
		await expect(runtime.execute(operation, input())).resolves.toMatchObject({ status: 'error', error: { type: 'InvalidInput', field } });
	});

	it('draws commands in a caption as the text that they are', async () => {
		const drawing = '{\\an7\\pos(0,0)\\p1}m 0 0 l 4000 0 4000 4000 0 4000{\\p0}';
		const request = { background: { file: await clips.pixelBomb(200) }, audio: { file: good.sound }, width: 128, height: 128, quality: 'draft', effect: 'none' };
		const result = await runtime.run('generate_captioned_video', { ...request, words: [{ text: drawing, start: 0, end: 1 }], captions: { fontSize: 60 } });
		const bright = pixelsAt(fileOf(result.video), 0.5).filter((value) => value > 200).length;
		expect(bright).toBeGreaterThan(0);
		expect(bright).toBeLessThan((128 * 128 * 3) / 3);
	});

	it.each(['-out.mp4', '%d.mp4', "it's, [a]:b;c=d.mp4", '🎬 clip.mp4'])('reads a file named %j like any other', async (name) => {
		const path = join(clips.folder, name);
		await copyFile(good.video, path);
		const { frame } = await runtime.run('extract_frame', { video: { file: path }, timestamp: 0 });
		expect(streamsOf(fileOf(frame)).video).toMatchObject({ codec_name: 'mjpeg' });
		const merged = await runtime.run('merge_videos', { videos: [{ file: path }, { file: path }] });
		expect(merged).toMatchObject({ duration: 2, frameCount: 50, reencoded: false });
		const inline = await runtime.run('get_video_info', { video: { base64: await readFile(path, 'base64'), fileName: name } });
		expect(inline).toMatchObject({ width: 160, height: 120 });
	});

	it('takes a picture named %03d.png for one picture, never for a row of them', async () => {
		const path = join(clips.folder, '%03d.png');
		await copyFile(good.picture, path);
		await copyFile(await clips.pixelBomb(50), join(clips.folder, '001.png'));
		const { image } = await runtime.run('stitch_images', { images: [{ file: path }] });
		expect(streamsOf(fileOf(image)).video).toMatchObject({ width: 200, height: 100 });
	});

	it.each(['merge_videos', 'add_captions', 'add_colorkey_overlay'])('%s gives no part of a video for a whole one when the input is corrupt', async (operation) => {
		const bytes = await readFile(good.video);
		const start = bytes.indexOf('mdat') + 4;
		// The index is whole and promises a second; most of what it points to is not there.
		bytes.fill(0, start + 1000, bytes.indexOf('moov') - 4);
		const broken = await clips.file('broken.mp4', bytes);
		const inputs: Record<string, Record<string, unknown>> = {
			merge_videos: { videos: [{ file: broken }, { file: good.video }], mode: 'encode' },
			add_captions: { video: { file: broken }, captions },
			add_colorkey_overlay: { video: { file: broken }, overlay: { file: good.picture } },
		};
		const answer = await runtime.execute(operation, { ...inputs[operation], quality: 'draft' });
		if (answer.status === 'error') expect(answer.error).toMatchObject({ type: expect.stringMatching(/InvalidInput|OperationFailed/), code: expect.not.stringMatching(/unexpected|broken_answer/) });
		else {
			expect(Math.abs(streamsOf(fileOf(answer.result.video)).duration - Number(answer.result.duration))).toBeLessThan(0.1);
			expect(answer.result.warnings).toContainEqual(expect.stringContaining('in the input'));
		}
	});
});
