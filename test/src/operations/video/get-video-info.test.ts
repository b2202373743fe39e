import { createClips, type ClipName, type Clips } from '../../../support/clips';
import { builds, mediaJob, runOperation, type MediaJob } from '../../../support/media';

let clips: Clips;
beforeAll(async () => {
	clips = await createClips();
});
afterAll(() => clips.remove());

describe.each(builds)('with $name', ({ paths }) => {
	let job: MediaJob;
	beforeEach(async () => {
		job = await mediaJob(paths);
	});
	afterEach(() => job.remove());

	const info = async (name: ClipName) => runOperation('get_video_info', { video: { file: await clips.clip(name) } }, job);

	it('tells what people want to know of a video', async () => {
		await expect(info('ntsc.mp4')).resolves.toMatchObject({
			width: 160,
			height: 120,
			rotation: 0,
			fps: 29.97,
			frameCount: 30,
			variableFrameRate: false,
			aspectRatio: '4:3',
			codec: 'h264',
			pixelFormat: 'yuv420p',
			bitDepth: 8,
			hdr: false,
			audio: { codec: 'aac', sampleRate: 44_100, channels: 1, channelLayout: 'mono' },
			streams: [{ type: 'video' }, { type: 'audio' }],
			warnings: [],
		});
	});

	it('gives the size as shown', async () => {
		await expect(info('rotated.mp4')).resolves.toMatchObject({ width: 120, height: 160, rotation: 90, aspectRatio: '3:4' });
	});

	it('says that a video is silent, of variable rate, of high dynamic range', async () => {
		await expect(info('silent.mp4')).resolves.toMatchObject({ audio: null });
		await expect(info('variable.mp4')).resolves.toMatchObject({ variableFrameRate: true });
		await expect(info('hdr.mp4')).resolves.toMatchObject({ hdr: true, bitDepth: 10 });
	});

	it.each([
		['tone.wav', 'sound only'],
		['covered.mp3', 'sound only'],
		['picture.png', 'a single picture'],
	] as const)('refuses %s, which is no video', async (name, reason) => {
		await expect(info(name)).rejects.toMatchObject({ code: 'no_video', field: 'video', message: expect.stringContaining(reason) });
	});
});
