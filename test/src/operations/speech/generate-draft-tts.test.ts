import { createEspeak } from '../../../../gpu-runtime/engines/espeak';
import { createDraftVoice } from '../../../../gpu-runtime/engines/espeak/draft';
import type { ProducedFile, Segment, Word } from '../../../../src/vocabulary';
import { dist } from '../../../support/dist';
import { mediaJob, runOperation, type MediaJob } from '../../../support/media';

const espeak = createEspeak({ helper: dist('gpu-runtime/engines/espeak/helper.js') });
const speech = { draft: createDraftVoice(espeak) };
let job: MediaJob;

beforeEach(async () => {
	job = await mediaJob();
});
afterEach(() => job.remove());
afterAll(() => espeak.close());

interface Answer {
	audio: ProducedFile;
	duration: number;
	language: string;
	words: Word[];
	segments: Segment[];
	engine: { name: string; model: string; provider: string };
	warnings: string[];
}

async function speak(input: Record<string, unknown>): Promise<Answer> {
	const withSpeech = { ...job, speech };
	return (await runOperation('generate_draft_tts', input, withSpeech)) as unknown as Answer;
}

const text = 'Hello brave new world. The second sentence is here!';

describe('generate_draft_tts', () => {
	test.each([
		['wav', 'pcm_s16le', 'audio/wav'],
		['mp3', 'mp3', 'audio/mpeg'],
		['opus', 'opus', undefined],
		['flac', 'flac', 'audio/flac'],
		['m4a', 'aac', 'audio/mp4'],
	])('makes %s, as long as it says', async (format, codec, mimeType) => {
		const { audio, duration } = await speak({ text, format });
		const { audio: track } = await job.ffmpeg.probe(audio.file ?? '');
		expect(track?.codec).toBe(codec);
		expect(audio.fileName).toBe(`speech.${format}`);
		if (mimeType !== undefined) expect(audio.mimeType).toBe(mimeType);
		expect(audio.duration).toBe(duration);
		expect(Math.abs((track?.duration ?? 0) - duration)).toBeLessThan(0.1);
	});

	test('gives words, a segment for each sentence and what really spoke', async () => {
		const answer = await speak({ text, language: 'en-gb' });
		expect(answer.segments.map((segment) => segment.text)).toEqual(['Hello brave new world.', 'The second sentence is here!']);
		expect(answer.segments.flatMap(({ words }) => words)).toEqual(answer.words);
		expect(answer).toMatchObject({ language: 'en-gb', engine: { name: 'eSpeak NG', model: 'gmw/en', provider: 'wasm' }, warnings: [] });
	});

	test('speed 3, which eSpeak NG cannot reach, is reached, with word times to match', async () => {
		const usual = await speak({ text });
		const fast = await speak({ text, speed: 3 });
		expect(fast.duration / usual.duration).toBeGreaterThan(0.28);
		expect(fast.duration / usual.duration).toBeLessThan(0.4);
		expect(fast.words.at(-1)?.end).toBeLessThanOrEqual(fast.duration);
		expect(fast.words.at(-1)?.end).toBeGreaterThan(fast.duration * 0.95);
	});

	test.each([
		[{ text: '  ' }, 'text'],
		[{ text, speed: 0.4 }, 'speed'],
		[{ text, pitch: 3 }, 'pitch'],
		[{ text, format: 'ogg' }, 'format'],
		[{ text, language: 'xx' }, 'language'],
		[{ text: '...' }, 'text'],
		[{ text: 'a'.repeat(200_001) }, 'text'],
	])('%# is refused with the field at fault', async (input, field) => {
		await expect(speak(input)).rejects.toMatchObject({ type: 'InvalidInput', field });
	});
});
