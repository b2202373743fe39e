import { createKnownStreams } from '../../../../gpu-runtime/engines/ffmpeg/known-streams';
import { answer } from '../../../../gpu-runtime/engines/ffmpeg/probe-answer';
import { clipNames, createClips, type Clips } from '../../../support/clips';
import { builds, mediaJob, newEngine } from '../../../support/media';

let clips: Clips;
beforeAll(async () => {
	clips = await createClips();
});
afterAll(() => clips.remove());

const mp4s = clipNames.filter((name) => name.endsWith('.mp4'));

describe.each(builds)('with $name', ({ paths }) => {
	it('tells of every clip the same, whichever other ones were met before', async () => {
		const job = await mediaJob(paths);
		try {
			const files = await Promise.all(mp4s.map(clips.clip));
			const all = newEngine({ env: {}, ...paths });
			const probeWith = (engine: typeof all, path: string) => engine.forJob(job).probe(path, 'video');
			for (const path of files) await probeWith(all, path);
			for (const path of files) expect({ path, ...(await probeWith(all, path)) }).toEqual({ path, ...(await probeWith(newEngine({ env: {}, ...paths }), path)) });
		} finally {
			await job.remove();
		}
	});
});

describe('known streams', () => {
	const stream = { index: 0, codec_type: 'video', codec_name: 'h264', width: 160, height: 120, duration: '2', start_time: '0', nb_frames: '50', r_frame_rate: '25/1', extradata_hash: 'a' };
	const header = answer.parse({ format: { size: '1000' }, streams: [stream] });
	const whole = answer.parse({ format: { size: '1000', duration: '2', bit_rate: '4000' }, streams: [{ ...stream, profile: 'High', pix_fmt: 'yuv420p' }] });
	const learned = () => {
		const known = createKnownStreams();
		known.learn(header, whole);
		return known;
	};

	it('makes the whole answer of a header that was met', () => {
		expect(learned().complete(header)).toEqual(whole);
	});

	it.each([
		['another setting of the encoder', { extradata_hash: 'b' }],
		['no setting', { extradata_hash: '' }],
		['another size', { width: 320 }],
		['no number of frames', { nb_frames: undefined }],
		['no constant rate', { r_frame_rate: '0/0' }],
		['another codec', { codec_name: 'vp9' }],
	])('leaves one with %s to be decoded', (_, change) => {
		expect(learned().complete(answer.parse({ format: {}, streams: [{ ...stream, ...change }] }))).toBeUndefined();
	});

	it('leaves a file with a further stream that was not met to be decoded', () => {
		expect(learned().complete(answer.parse({ format: {}, streams: [stream, { index: 1, codec_type: 'data' }] }))).toBeUndefined();
	});

	it.each([
		['that is damaged', { pix_fmt: undefined }],
		['that decodes to another size', { width: 320 }],
	])('learns nothing from a stream %s', (_, change) => {
		const known = createKnownStreams();
		known.learn(header, { ...whole, streams: answer.parse({ format: {}, streams: [{ ...stream, pix_fmt: 'yuv420p', ...change }] }).streams });
		expect(known.complete(header)).toBeUndefined();
	});

	it('does not trust the rate of AAC that may hold twice as much', () => {
		const sound = answer.parse({ format: {}, streams: [{ index: 0, codec_type: 'audio', codec_name: 'aac', duration: '2', nb_frames: '50', sample_rate: '24000', extradata_hash: 'a' }] });
		const known = createKnownStreams();
		known.learn(sound, sound);
		expect(known.complete(sound)).toBeUndefined();
	});
});
