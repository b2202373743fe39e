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

	const info = async (name: ClipName, options = {}) => runOperation('get_audio_info', { audio: { file: await clips.clip(name) }, ...options }, job);

	it('tells the format of a sound file, cover art or not', async () => {
		const expected = { codec: 'mp3', bitrate: 128_000, sampleRate: 48_000, channels: 1, channelLayout: 'mono', tags: { title: 'A tone' } };
		await expect(info('tone.mp3')).resolves.toMatchObject(expected);
		await expect(info('covered.mp3')).resolves.toMatchObject(expected);
	});

	it('gives the length of the sound of a video, not of its picture', async () => {
		const { duration } = await info('picture-longer.mp4');
		expect(duration).toBeCloseTo(1, 1);
	});

	it('measures the loudness only when asked', async () => {
		await expect(info('mono.wav')).resolves.not.toHaveProperty('loudness');
		const { loudness } = await info('mono.wav', { measureLoudness: true });
		expect(loudness).toMatchObject({ integrated: expect.closeTo(-6.25, 0), truePeak: expect.closeTo(-2.5, 0) });
	});

	it('says that silence has no loudness', async () => {
		await expect(info('quiet.wav', { measureLoudness: true })).resolves.toMatchObject({ loudness: null, warnings: [expect.stringContaining('silent')] });
	});

	it('refuses a video without sound', async () => {
		await expect(info('silent.mp4')).rejects.toMatchObject({ code: 'no_audio', field: 'audio' });
	});
});
