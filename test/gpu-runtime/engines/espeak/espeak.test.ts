import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEspeak, type SpeakRequest } from '../../../../gpu-runtime/engines/espeak';
import { Cancelled } from '../../../../src/errors';
import { readWav } from '../../../../src/audio/wav';
import type { Word } from '../../../../src/vocabulary';
import { dist } from '../../../support/dist';

const helper = dist('gpu-runtime/engines/espeak/helper.js');
const espeak = createEspeak({ helper });
const never = new AbortController().signal;
let folder: string;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'espeak-test-'));
});
afterAll(async () => {
	espeak.close();
	await rm(folder, { recursive: true });
});

async function speak(request: Partial<SpeakRequest> & { text: string }, signal = never) {
	const path = join(folder, `${Math.random()}.wav`);
	const spoken = await espeak.speak({ language: 'en-us', speed: 1, pitch: 1, ...request }, { signal, path });
	const { samples, format } = readWav(await readFile(path));
	return { ...spoken, samples, sampleRate: format.sampleRate };
}

/** Loudness (root mean square) between two times. */
function loudness({ samples, sampleRate }: { samples: Float32Array; sampleRate: number }, start: number, end: number): number {
	const part = samples.subarray(Math.round(start * sampleRate), Math.round(end * sampleRate));
	return Math.sqrt(part.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, part.length));
}

const bare = (text: string) => text.replace(/\s/gu, '');
const texts = (words: readonly Word[]) => words.map(({ text }) => text);

const languages: [string, string, number][] = [
	['en-us', 'Hello brave new world, it is nice here. Good day!', 10],
	['de', 'Größenwahn kostet übrigens Geld, sagt Jürgen. Schöne Grüße!', 8],
	['fr', 'L’été à la plage était très agréable, où êtes-vous? Déjà là.', 10],
	['es', '¿Dónde está el niño pequeño? Mañana vendrá, señor.', 8],
	['pt-br', 'São Paulo não é longe, irmão. Amanhã também não.', 8],
	['ru', 'Привет, мой дорогой мир. Сегодня хорошая погода.', 7],
	['ar', 'مرحبا بالعالم الجميل، كيف حالك؟ اليوم جميل.', 7],
	['hi', 'नमस्ते दुनिया, आप कैसे हैं? आज मौसम अच्छा है।', 8],
	['cmn', '你好，世界。今天天气很好，我们去公园。', 7],
	['ja', 'こんにちは、せかい。きょうは よい てんき です。', 5],
	['it', 'Perché la città è così bella, però? Più tardi.', 8],
	['el', 'Γεια σου κόσμε, τι κάνεις; Καλή μέρα.', 7],
];

describe('the draft voice', () => {
	test.each(languages)('%s: every word is there, in order, and sounds when its time says', async (language, text, atLeast) => {
		const spoken = await speak({ text, language });
		const { words, duration } = spoken;
		expect(bare(texts(words).join(''))).toBe(bare(text));
		expect(words.length).toBeGreaterThanOrEqual(atLeast);
		words.forEach((word, i) => {
			expect(word.start).toBeGreaterThanOrEqual(words[i - 1]?.end ?? 0);
			expect(word.end).toBeGreaterThan(word.start);
			expect(word.end).toBeLessThanOrEqual(duration);
			expect(loudness(spoken, word.start, word.end)).toBeGreaterThan(0.02);
			const gap = (words[i + 1]?.start ?? word.end) - word.end;
			if (gap > 0.06) expect(loudness(spoken, word.end + 0.03, word.end + gap - 0.01)).toBeLessThan(0.01);
		});
	});

	test.each([
		['en-us', 'Nine, 1984, $25.50, 50%, three.'],
		['de', 'Ähren, Öl, Übung, Äpfel, Ölbild. Gut.'],
		['ru', 'Привет, мир, дорога, яблоко, окно.'],
		['ar', 'مرحبا، جميل، سلام، بيت، كتاب.'],
		['hi', 'नमस्ते, दुनिया, आम, पानी, किताब।'],
		['cmn', '你好，世界，今天，天气，公园。'],
		['ja', 'こんにちは、せかい、てんき、みず、ほん。'],
	])('%s: the time of a word after a pause is where its sound begins, give or take the closed mouth of a p or t', async (language, text) => {
		const spoken = await speak({ text, language });
		const quiet = Array.from({ length: Math.floor(spoken.duration * 100) }, (_, i) => loudness(spoken, i / 100, (i + 1) / 100) < 0.01);
		const onsets = quiet.flatMap((isQuiet, i) => (!isQuiet && quiet.slice(Math.max(0, i - 11), i).every(Boolean) ? [i / 100] : []));
		expect(onsets).toHaveLength(spoken.words.length);
		spoken.words.forEach(({ start }, i) => expect(Math.abs(start - (onsets[i] ?? -1))).toBeLessThan(0.06));
	});

	test('numbers, abbreviations and characters beyond 16 bits keep the words after them in place', async () => {
		const spoken = await speak({ text: 'In 1984 😀 we paid $25.50, e.g. for 𝒳, 50% of it. Then — finally — the end.' });
		expect(texts(spoken.words).slice(0, 3)).toEqual(['In', '1984', '😀']);
		expect(texts(spoken.words).slice(-3)).toEqual(['finally —', 'the', 'end.']);
		expect(bare(texts(spoken.words).join(''))).toBe('In1984😀wepaid$25.50,e.g.for𝒳,50%ofit.Then—finally—theend.');
		expect(loudness(spoken, spoken.words.at(-1)?.start ?? 0, spoken.duration)).toBeGreaterThan(0.02);
	});

	test('words that are spoken as one get one time together', async () => {
		const { words } = await speak({ text: 'This is one of the best days.' });
		expect(texts(words)).toEqual(['This', 'is', 'one', 'of the', 'best', 'days.']);
	});

	test('tags, entities, phoneme brackets, control characters and lone surrogates are text like any other', async () => {
		const text = 'if a<b and <speak>this</speak> &lt;that&gt; [[h@l@U]] x\0y \ud800z end';
		const { words } = await speak({ text });
		expect(words.at(-1)?.text).toBe('end');
		for (const spoken of ['a<b', '<speak>this</speak>', '&lt;that&gt;']) expect(texts(words).join(' ')).toContain(spoken);
		const plain = await speak({ text: 'if a and b' });
		const tagged = await speak({ text: 'if a<b' });
		expect(tagged.duration).toBeGreaterThan(plain.duration * 0.6);
	});

	test('a long text is spoken to its last word, sentence by sentence', async () => {
		const sentence = 'The quick brown fox jumps over the lazy dog near river number seven. ';
		const { words, duration } = await speak({ text: sentence.repeat(60), speed: 3 });
		expect(bare(texts(words).join(''))).toBe(bare(sentence.repeat(60)));
		expect(words.at(-1)?.end).toBeLessThanOrEqual(duration);
		const { words: one } = await speak({ text: `${'word and '.repeat(300)}end` });
		expect(bare(texts(one).join(''))).toBe(`${'wordand'.repeat(300)}end`);
	});

	test('an unknown language is refused with near ones, whatever was spoken before', async () => {
		await speak({ text: 'Guten Tag.', language: 'de' });
		await expect(speak({ text: 'x', language: 'xx' })).rejects.toMatchObject({ type: 'InvalidInput', field: 'language', code: 'unknown_language' });
		await expect(speak({ text: 'x', language: 'german' })).rejects.toThrow(/got "german".*\bde\b/);
		await expect(speak({ text: 'x', language: 'pt-xx' })).rejects.toThrow(/pt-br/);
		await expect(speak({ text: 'x', language: '../x' })).rejects.toThrow(/eSpeak NG speaks/);
	});

	test.each(['en-gb', 'fr-fr', 'pt-pt', 'zh', 'EN_US', 'de'])('%s is a language, whichever way eSpeak itself spells it', async (language) => {
		expect((await speak({ text: '5', language })).voice.languages.map(({ code }) => code)).toContain(language.toLowerCase().replace('_', '-'));
	});

	test('speed and pitch change what they say', async () => {
		const text = 'The quick brown fox jumps over the lazy dog near the river.';
		const [half, one, two, three] = await Promise.all([0.5, 1, 2, 3].map((speed) => speak({ text, speed })));
		const ratio = (other: typeof one) => (other?.duration ?? 0) / (other?.stretch ?? 1) / (one?.duration ?? 0);
		expect(ratio(half)).toBeCloseTo(2, 0);
		expect(ratio(two)).toBeCloseTo(0.5, 1);
		expect(ratio(three)).toBeCloseTo(1 / 3, 1);
		const crossings = ({ samples }: { samples: Float32Array }) => samples.reduce((count, sample, i) => count + Number(sample > 0 !== (samples[i - 1] ?? 0) > 0), 0);
		const [low, high] = await Promise.all([0.5, 2].map((pitch) => speak({ text: 'Oh oh oh.', pitch })));
		expect(low && high && crossings(high) / crossings(low)).toBeGreaterThan(1.2);
	});

	test.each(['...', '— — —', '| _ |'])('%s holds nothing to speak, and that is an error', async (text) => {
		await expect(speak({ text })).rejects.toMatchObject({ type: 'InvalidInput', code: 'nothing_to_speak', field: 'text' });
	});

	test('phonemes come with the words they belong to', async () => {
		const read = await espeak.phonemes(['Hello world', 'Bye'], 'en-us', never);
		expect(read.map(({ ipa }) => ipa)).toEqual(['h_ə_l_ˈoʊ w_ˈɜː_l_d\n', 'b_ˈaɪ\n']);
		expect(read.map(({ events }) => events.filter(({ type }) => type === 'word').map(({ position }) => position))).toEqual([[1, 7], [1]]);
	});
});

describe('the process around eSpeak NG', () => {
	test('cancelling stops the work at once, and the next job works', async () => {
		const stop = new AbortController();
		const long = speak({ text: 'All work and no play makes a dull day. '.repeat(5000) }, stop.signal);
		setTimeout(() => stop.abort(new Cancelled()), 300);
		const begin = performance.now();
		await expect(long).rejects.toMatchObject({ type: 'Cancelled' });
		expect(performance.now() - begin).toBeLessThan(5000);
		expect((await speak({ text: 'Well again.' })).words).toHaveLength(2);
	});

	test('a job that is cancelled while it waits leaves the one that is speaking alone', async () => {
		const stop = new AbortController();
		const first = speak({ text: 'One two three four five six seven eight nine ten. '.repeat(10) });
		const second = speak({ text: 'Never heard.' }, stop.signal);
		stop.abort(new Cancelled());
		await expect(second).rejects.toMatchObject({ type: 'Cancelled' });
		expect((await first).words).toHaveLength(100);
	});

	test('at whatever moment a job is cancelled, the one behind it is spoken', async () => {
		for (let delay = 0; delay < 40; delay += 5) {
			const stop = new AbortController();
			const first = speak({ text: 'One. Two. Three. Four. Five. Six.' }, stop.signal).catch((error: unknown) => error);
			const second = speak({ text: 'Heard.' });
			setTimeout(() => stop.abort(new Cancelled()), delay);
			expect((await second).words).toHaveLength(1);
			await first;
		}
	});

	test('a crash fails the job with the reason, and the next job gets a new process', async () => {
		const broken = join(folder, 'crash.js');
		await writeFile(broken, `process.on('message', () => process.kill(process.pid, 'SIGSEGV')); process.send({ ready: [{ name: 'English', identifier: 'en', languages: [{ code: 'en', priority: 1 }] }] });`);
		const crashing = createEspeak({ helper: broken });
		const request = { text: 'Hello.', language: 'en', speed: 1, pitch: 1 };
		for (let attempt = 0; attempt < 2; attempt++) {
			await expect(crashing.speak(request, { signal: never, path: join(folder, 'crash.wav') })).rejects.toMatchObject({
				type: 'OperationFailed',
				code: 'speech_engine_broken',
				retryable: true,
				message: expect.stringContaining('SIGSEGV'),
			});
		}
		crashing.close();
	});

	test('an engine that is not there is named, with the way to repair it', async () => {
		const missing = join(folder, 'missing.mjs');
		await writeFile(missing, `import('@echogarden/espeak-ng-emscripten').catch((error) => process.send({ error: error.message }));`);
		const espeakless = createEspeak({ helper: missing });
		await expect(espeakless.phonemes(['x'], 'en', never)).rejects.toThrow(/could not be loaded.*espeak-ng-emscripten.*reinstall/s);
		const gone = createEspeak({ helper: join(folder, 'nothing-here.js') });
		await expect(gone.phonemes(['x'], 'en', never)).rejects.toThrow(/ended unexpectedly \(exit code 1\)/);
	});

	test('it dies with its parent', async () => {
		const parent = join(folder, 'parent.js');
		await writeFile(
			parent,
			`const { createEspeak } = require(${JSON.stringify(dist('gpu-runtime/engines/espeak/index.js'))});
			const espeak = createEspeak();
			espeak.phonemes(['hello'], 'en', new AbortController().signal).then(() => process.send('warm'));
			setInterval(() => undefined, 1000);`,
		);
		const child = fork(parent);
		await once(child, 'message');
		const helpers = (await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8')).trim().split(' ');
		expect(helpers).toHaveLength(1);
		child.kill('SIGKILL');
		const end = Date.now() + 3000;
		while (existsSync(`/proc/${helpers[0]}/exe`) && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 50));
		expect(existsSync(`/proc/${helpers[0]}/exe`)).toBe(false);
	});

	test('the first job waits for the engine, the next one finds it warm', async () => {
		const fresh = createEspeak({ helper });
		const request = { text: 'Warm.', language: 'en', speed: 1, pitch: 1 };
		const surroundings = { signal: never, path: join(folder, 'warm.wav') };
		const cold = await fresh.speak(request, surroundings);
		const warm = await fresh.speak(request, surroundings);
		fresh.close();
		expect(warm.loadSeconds).toBeLessThan(cold.loadSeconds / 2);
	});
});
