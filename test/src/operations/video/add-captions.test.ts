import { createClips, type Clips } from '../../../support/clips';
import { distance, fileOf, pixelIn, pixelsAt, samplesOf, startRuntime, streamsOf } from '../../../support/runtime';

let clips: Clips;
let runtime: ReturnType<typeof startRuntime>;
beforeAll(async () => {
	clips = await createClips();
	runtime = startRuntime();
});
afterAll(async () => {
	await runtime.close();
	await clips.remove();
});

const words = [
	{ text: 'Hello', start: 0.1, end: 0.4 },
	{ text: 'world', start: 0.6, end: 0.9 },
];
const style = { effect: 'word_by_word', fontSize: 300, position: 'center', color: '#ff00ff', stroke: { size: 0 }, shadow: { opacity: 0 } };
const magenta = (pixels: Buffer) => {
	let count = 0;
	for (let at = 0; at < pixels.length; at += 3) if ((pixels[at] ?? 0) > 200 && (pixels[at + 1] ?? 255) < 90 && (pixels[at + 2] ?? 0) > 200) count++;
	return count;
};

describe('captions on a video', () => {
	it.each([
		['words', words],
		['SRT', '1\n00:00:00,100 --> 00:00:00,400\nHello\n\n2\n00:00:00,600 --> 00:00:00,900\nworld\n'],
		['VTT', 'WEBVTT\n\n00:00.100 --> 00:00.400\nHello\n\n00:00.600 --> 00:00.900\nworld\n'],
		['older caption objects', [{ text: 'Hello', start_ts: 0.1, end_ts: 0.4 }, { text: 'world', start_ts: 0.6, end_ts: 0.9 }]],
	])('from %s are drawn while they are said, and the sound is untouched', async (_, captions) => {
		const source = await clips.clip('plain.mp4');
		const result = await runtime.run('add_captions', { video: { file: source }, captions, style });
		const path = fileOf(result.video);
		expect(magenta(pixelsAt(path, 0.25))).toBeGreaterThan(20 + magenta(pixelsAt(source, 0.25)));
		expect(magenta(pixelsAt(path, 0.5))).toBeLessThan(20 + magenta(pixelsAt(source, 0.5)));
		expect(samplesOf(path)).toEqual(samplesOf(source));
		expect(streamsOf(path).video).toMatchObject({ width: 160, height: 120, nb_frames: '25' });
	});

	it.each([
		['bt709.mp4', '#00ff00', [0, 255, 0]],
		['bt709.mp4', '#1db954', [29, 185, 84]],
		['plain.mp4', '#00ff00', [0, 255, 0]],
	] as const)('on %s have the colour %s', async (name, color, wanted) => {
		const block = [{ text: '██████', start: 0, end: 1 }];
		const result = await runtime.run('add_captions', { video: { file: await clips.clip(name) }, captions: block, style: { ...style, effect: 'none', color, fontSize: 400 } });
		const path = fileOf(result.video);
		expect(distance(pixelIn(pixelsAt(path, 0.5), 160, 80, 60), wanted)).toBeLessThan(8);
		// The picture beside them is what it was.
		if (name === 'bt709.mp4') expect(distance(pixelIn(pixelsAt(path, 0.5), 160, 80, 4), [220, 40, 60])).toBeLessThan(8);
	});

	it('from an ASS file keep the look the file gives them', async () => {
		const { captions } = await runtime.run('convert_captions', { captions: words, to: 'ass' });
		const result = await runtime.run('add_captions', { video: { file: await clips.clip('plain.mp4') }, captions });
		expect((result.captions as { ass: string }).ass).toContain('PlayResX: 1080');
	});

	it('on a picture that starts later than its sound are drawn up to its end', async () => {
		const source = await clips.clip('late-picture.mp4');
		const result = await runtime.run('add_captions', { video: { file: source }, captions: [{ text: 'Hello', start: 1.1, end: 1.4 }], style });
		expect(result).toMatchObject({ duration: 1.4, warnings: [] });
		const path = fileOf(result.video);
		expect(magenta(pixelsAt(path, 1.3))).toBeGreaterThan(20 + magenta(pixelsAt(source, 1.3)));
		expect(magenta(pixelsAt(path, 0.9))).toBeLessThan(20 + magenta(pixelsAt(source, 0.9)));
	});

	it('a slide show, whose pictures come far apart, keeps its sound', async () => {
		const source = await clips.clip('slides.mp4');
		const result = await runtime.run('add_captions', { video: { file: source }, captions: words });
		expect(streamsOf(fileOf(result.video)).video).toMatchObject({ nb_frames: '4' });
		expect(samplesOf(fileOf(result.video))).toEqual(samplesOf(source));
	});

	it('a video without sound, with odd sides, turned, or with wide pixels comes out right', async () => {
		const sizes = { 'silent.mp4': [160, 120], 'odd.mp4': [162, 122], 'rotated.mp4': [120, 160], 'anamorphic.mp4': [240, 120] } as const;
		for (const [name, [width, height]] of Object.entries(sizes)) {
			const result = await runtime.run('add_captions', { video: { file: await clips.clip(name as keyof typeof sizes) }, captions: words });
			expect(streamsOf(fileOf(result.video)).video).toMatchObject({ width, height });
			expect(result.video).toMatchObject({ width, height });
		}
	});

	it.each([['bt709.mp4', 'bt709'], ['full-range.mp4', 'bt709'], ['plain.mp4', 'smpte170m']] as const)('the colours of %s stay what they are, and the result says which', async (name, colorSpace) => {
		const source = await clips.clip(name);
		const { video } = await runtime.run('add_captions', { video: { file: source }, captions: words, style: { position: 'bottom', fontSize: 60 } });
		expect(distance(pixelIn(pixelsAt(fileOf(video), 0.5), 160, 140, 20), pixelIn(pixelsAt(source, 0.5), 160, 140, 20))).toBeLessThan(8);
		expect(streamsOf(fileOf(video)).video).toMatchObject({ color_space: colorSpace, pix_fmt: 'yuv420p' });
	});

	it('sound that mp4 cannot hold stays as it is, in Matroska, and the result says so', async () => {
		const result = await runtime.run('add_captions', { video: { file: await clips.clip('vorbis.mkv') }, captions: words });
		expect(result.video).toMatchObject({ fileName: 'captioned-video.mkv' });
		expect(result.warnings).toEqual([expect.stringContaining('vorbis')]);
		expect(streamsOf(fileOf(result.video)).audio).toMatchObject({ codec_name: 'vorbis' });
	});

	it.each([
		['a picture', 'picture.png', words, { code: 'no_video', field: 'video' }],
		['a sound', 'tone.wav', words, { code: 'no_video', field: 'video' }],
		['captions of a longer video', 'plain.mp4', [{ text: 'late', start: 60, end: 61 }], { code: 'captions_too_long', field: 'captions' }],
		['captions that are none', 'plain.mp4', 'just a text', { code: 'broken_captions', field: 'captions' }],
		['nothing to transcribe', 'silent.mp4', undefined, { code: 'no_audio', field: 'captions' }],
	] as const)('%s is refused', async (_, name, captions, expected) => {
		await expect(runtime.run('add_captions', { video: { file: await clips.clip(name) }, captions })).rejects.toMatchObject({ type: 'InvalidInput', ...expected });
	});
});
