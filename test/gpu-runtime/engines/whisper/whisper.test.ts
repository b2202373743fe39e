/** @jest-environment ./test/support/node-environment.js */
import { join } from 'node:path';
import { Cancelled } from '../../../../src/errors';
import { joinWords } from '../../../../src/text/words';
import { createClips } from '../../../support/clips';
import { mediaJob } from '../../../support/media';
import { listeningWhisper } from '../../../support/models/whisper/listening';
import { shuffledPitches, tones } from '../../../support/models/whisper/sounds';
import { spellBytes } from '../../../support/models/whisper/vocabulary';
import { whisperStand } from '../../../support/whisper';

const names = ['Hello', 'big', 'world', 'one', 'two', 'Again'];
const said = (pitches: readonly number[]) => pitches.map((pitch) => names[pitch]).join(' ');
const clips = createClips();
let stand: Awaited<ReturnType<typeof whisperStand>>;

beforeAll(async () => {
	stand = await whisperStand();
	await Promise.all([
		stand.install('small', listeningWhisper({ mostWords: 29 })),
		stand.install('tiny', listeningWhisper({ mostWords: 23, language: 'fr', flag: true })),
		stand.install('base', listeningWhisper({ trapAt: 1 })),
		stand.install('medium', listeningWhisper({ words: ['Ġcaf', ...spellBytes('é'), 'ĠHello', 'Ġ"', '!'] })),
		stand.install('large-v3-turbo', listeningWhisper({ words: spellBytes('日本'), language: 'zh' })),
		stand.install('small.en', listeningWhisper({ multilingual: false, invents: true })),
		stand.install('base.en', listeningWhisper({ obeys: true, mostWords: 23 })),
		stand.install('medium.en', listeningWhisper({ half: true, flag: true, mostWords: 23 })),
		stand.install('tiny.en', listeningWhisper({ multilingual: false, attention: false })),
	]);
});
afterAll(async () => {
	await stand.close();
	await (await clips).remove();
});

it('a clip of 3 s is one window, and has no words after its end', async () => {
	const seen: number[] = [];
	const { words, segments, duration, text } = await stand.run(tones([0, 1, 2, 3, 4, 5]), {}, { progress: (fraction, activity) => activity === 'Transcribing' && seen.push(fraction) });
	expect(text).toBe('Hello big world one two Again');
	expect(duration).toBe(3);
	expect(segments).toHaveLength(1);
	expect(words.at(-1)!.end).toBeLessThanOrEqual(3);
	expect(Math.max(...seen)).toBeLessThanOrEqual(1);
	expect(seen).toEqual([...seen].sort((a, b) => a - b));
});

it('the first word has its own time, not that of the next, and so have all others', async () => {
	const { words } = await stand.run(tones([2, 0, 1, 3]));
	expect(words.map(({ text }) => text)).toEqual(['world', 'Hello', 'big', 'one']);
	words.forEach(({ start }, i) => expect(Math.abs(start - i / 2)).toBeLessThanOrEqual(0.041));
});

it.each([['tiny', 'with the cache flag'], ['small', 'without it']])('in 65 s no word is lost or said twice at the seams (%s, %s)', async (model) => {
	const pitches = shuffledPitches(130);
	const { text, words, segments, duration } = await stand.run(tones(pitches), { model });
	expect(text).toBe(said(pitches));
	expect(duration).toBe(65);
	expect(words).toHaveLength(130);
	words.forEach(({ start, end }, i) => {
		expect(end).toBeGreaterThanOrEqual(start);
		expect(start).toBeGreaterThanOrEqual(words[i - 1]?.end ?? 0);
		expect(Math.abs(start - i / 2)).toBeLessThan(0.25);
	});
	expect(segments.length).toBeGreaterThan(2);
	expect(segments.map(({ words: own }) => joinWords(own))).toEqual(segments.map((segment) => segment.text));
});

it('without word times the seams are those of the time tokens, and segments have no words', async () => {
	const pitches = shuffledPitches(130);
	const { text, words, segments } = await stand.run(tones(pitches), { model: 'tiny', wordTimestamps: false });
	expect(text).toBe(said(pitches));
	expect(words).toEqual([]);
	expect(segments.map(({ start, end }) => [start, end]).slice(0, 2)).toEqual([[0, 11.5], [11.5, 23]]);
});

it('silence has no words, and says so', async () => {
	const { text, words, segments, srt, vtt, duration, warnings } = await stand.run(tones(new Array<null>(70).fill(null)));
	expect({ text, words, segments, srt, duration }).toEqual({ text: '', words: [], segments: [], srt: '', duration: 35 });
	expect(vtt).toMatch(/^WEBVTT/);
	expect(warnings).toEqual(['No speech was found in the sound']);
});

it('music without speech has no words, though the model can be made to invent some', async () => {
	expect(await stand.run(tones(['music', 'music', 'music', 'music']))).toMatchObject({ text: '', words: [] });
});

it('speech after silence and music is found, with its time', async () => {
	const { text, words } = await stand.run(tones([...new Array<'music'>(60).fill('music'), 0, 1]));
	expect(text).toBe('Hello big');
	expect(Math.abs(words[0]!.start - 30)).toBeLessThanOrEqual(0.04);
});

it('a text that leads nowhere is tried again at another temperature', async () => {
	expect((await stand.run(tones([0, 1, 2]), { model: 'base', beamSize: 1 })).text).toBe('Hello big world');
});

it('finds the language without being told, and takes the one it is told', async () => {
	const speech = tones([0]);
	expect(await stand.run(speech, { model: 'tiny' })).toMatchObject({ language: 'fr', languageProbability: expect.closeTo(1, 3) as number });
	expect(await stand.run(speech, { model: 'tiny', language: 'DE' })).toMatchObject({ language: 'de', languageProbability: 1, text: 'Hello' });
});

it('characters split over tokens come out whole, in text, words and captions', async () => {
	const { text, words, srt, vtt } = await stand.run(tones([3, 0, 1, 2, 4, 3, 5]), { model: 'medium' });
	expect(text).toBe('Hello café " Hello!');
	expect(words.map((word) => word.text)).toEqual(['Hello', 'café', '" Hello!']);
	expect(srt).toContain('Hello café " Hello!');
	expect(vtt).toContain('Hello café');
});

it('in a language without spaces every character has its time', async () => {
	const { text, words, language } = await stand.run(tones([0, 1, 2, 3, 4, 5]), { model: 'large-v3-turbo' });
	expect({ text, language }).toEqual({ text: '日本', language: 'zh' });
	expect(words.map((word) => word.text)).toEqual(['日', '本']);
	expect(Math.abs(words[1]!.start - 1.5)).toBeLessThanOrEqual(0.04);
});

it('a model for English alone is told neither language nor task', async () => {
	expect(await stand.run(tones([0, 1]), { model: 'small.en' })).toMatchObject({ text: 'Hello big', language: 'en', languageProbability: 1 });
	await expect(stand.run(tones([0]), { model: 'small.en', language: 'fr' })).rejects.toMatchObject({ type: 'InvalidInput', field: 'language' });
	await expect(stand.run(tones([0]), { model: 'small.en', task: 'translate' })).rejects.toMatchObject({ type: 'InvalidInput', field: 'task' });
});

it('a model that hears words in silence is not asked about the padding, nor about the last trace of the sound', async () => {
	const { text, words } = await stand.run(tones([0, 1, 2, 3, 4, 5]), { model: 'small.en' });
	expect(text).toBe('Hello big world one two Again');
	expect(words).toHaveLength(6);
});

it('every window is told what was said before, and the first one the prompt', async () => {
	const pitches = shuffledPitches(50);
	const texts = async (prompt?: string) => (await stand.run(tones(pitches), { model: 'base.en', ...(prompt && { prompt }) })).text.split(' ');
	const expected = (again: number[]) => pitches.map((pitch, i) => (again.includes(i) ? 'Again' : names[pitch]));
	expect(await texts()).toEqual(expected([23, 46]));
	expect(await texts('Hello')).toEqual(expected([0, 23, 46]));
});

it('caches of 16-bit floats follow their beams like any other', async () => {
	const pitches = shuffledPitches(50);
	expect((await stand.run(tones(pitches), { model: 'medium.en' })).text).toBe(said(pitches));
});

it('translates when asked to', async () => {
	expect((await stand.run(tones([0, 1]), { model: 'base.en', task: 'translate' })).text).toBe('test test');
});

it('warns where a model was not taught to translate, and nowhere else', async () => {
	expect((await stand.run(tones([0]), { task: 'translate' })).warnings).toEqual([]);
	const { warnings } = await stand.run(tones([0, 1, 2]), { model: 'large-v3-turbo', task: 'translate' });
	expect(warnings).toEqual([expect.stringContaining('not taught to translate')]);
});

it('a prompt of 224 tokens is taken, one more is too long', async () => {
	const prompt = (tokens: number) => 'a'.repeat(tokens - 1);
	expect((await stand.run(tones([0, 1]), { prompt: prompt(224) })).text).toBe('Hello big');
	await expect(stand.run(tones([0]), { prompt: prompt(225) })).rejects.toMatchObject({ code: 'prompt_too_long', field: 'prompt', message: expect.stringContaining('got 225') as string });
});

it('an unknown language is refused by name', async () => {
	await expect(stand.run(tones([0]), { language: 'xx' })).rejects.toMatchObject({ type: 'InvalidInput', field: 'language', message: expect.stringContaining('xx') as string });
	await expect(stand.run(tones([0]), { language: 'sw' })).rejects.toMatchObject({ type: 'InvalidInput', field: 'language' });
});

it('a file without sound, and one that is no media, are refused', async () => {
	const { clip, file } = await clips;
	await expect(stand.run(await clip('silent.mp4'))).rejects.toMatchObject({ type: 'InvalidInput', code: 'no_audio', field: 'audio' });
	await expect(stand.run(await file('text.mp3', 'no sound at all'))).rejects.toMatchObject({ type: 'InvalidInput' });
});

it('takes a video, and counts from its start when its sound begins later', async () => {
	const job = await mediaJob();
	const video = job.files.path('late.mkv');
	await job.ffmpeg.render({
		inputs: [{ path: 'color=c=red:s=64x64:d=4', lavfi: true }, { path: await stand.sound(tones([0, 1, 2]), 'late.wav'), options: ['-itsoffset', '1'] }],
		options: ['-map', '0:v', '-map', '1:a', '-c:v', 'libx264', '-c:a', 'flac'],
		output: video,
	});
	const { words, text } = await stand.run(video);
	await job.remove();
	expect(text).toBe('Hello big world');
	expect(Math.abs(words[0]!.start - 1)).toBeLessThanOrEqual(0.06);
});

it('tells what really ran', async () => {
	const { engine } = await stand.run(tones([0]));
	expect(engine).toMatchObject({ name: 'whisper', model: 'whisper-small', precision: 'fp32', device: 'cpu', provider: 'cpu' });
	expect(engine.inferenceSeconds).toBeGreaterThan(0);
});

it('a job that comes second loads nothing', async () => {
	await stand.run(tones([0]));
	expect((await stand.run(tones([1]))).engine.loadSeconds).toBeLessThan(0.01);
});

it('stops between two steps when it is cancelled, and the next job works', async () => {
	const stop = new AbortController();
	const progress = (fraction: number) => fraction > 0.3 && stop.abort(new Cancelled());
	await expect(stand.run(tones(shuffledPitches(130)), {}, { signal: stop.signal, progress })).rejects.toBeInstanceOf(Cancelled);
	expect((await stand.run(tones([0]))).text).toBe('Hello');
});

it('an export without attention can transcribe, but says why it cannot time words', async () => {
	expect((await stand.run(tones([0, 1]), { model: 'tiny.en', wordTimestamps: false })).text).toBe('Hello big');
	await expect(stand.run(tones([0]), { model: 'tiny.en' })).rejects.toMatchObject({ code: 'model_unsupported', message: expect.stringContaining('_timestamped') as string });
});

it('a model that is not there is named with the folder to put it in', async () => {
	await stand.remove('tiny.en');
	await expect(stand.run(tones([0]), { model: 'tiny.en' })).rejects.toMatchObject({ code: 'model_missing', message: expect.stringContaining(join('models', 'whisper-tiny.en')) as string });
});

it('captions carry the times of the segments', async () => {
	const { srt, vtt } = await stand.run(tones([0, 1, 2, 3]));
	expect(srt).toMatch(/^1\n00:00:00,000 --> 00:00:0\d,\d{3}\nHello big world one\n/);
	expect(vtt).toMatch(/^WEBVTT\n\n00:00:00\.000 --> 00:00:0\d\.\d{3}\nHello big world one\n/);
});
