import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startRuntime } from '../../../support/runtime';
import { startYouTube, zoo, zooVideo } from '../../../support/youtube';

const ids = { silent: 'silent_____', secret: 'private____', old: 'adults_____', gone: 'gone_______', robot: 'robot______', later: 'later______' };
const refusing = (status: string, reason: string) => ({ tracks: [], playability: { status, reason } });

let youtube: Awaited<ReturnType<typeof startYouTube>>;
let runtime: ReturnType<typeof startRuntime>;
beforeAll(async () => {
	youtube = await startYouTube({
		[zoo]: zooVideo,
		[ids.silent]: { tracks: [] },
		[ids.secret]: refusing('LOGIN_REQUIRED', 'This is a private video. Please sign in to verify that you may see it.'),
		[ids.old]: refusing('LOGIN_REQUIRED', 'Sign in to confirm your age'),
		[ids.robot]: refusing('LOGIN_REQUIRED', 'Sign in to confirm you’re not a bot'),
		[ids.later]: refusing('LIVE_STREAM_OFFLINE', 'Premieres in 2 hours'),
	});
	runtime = startRuntime({ AI_AGENT_TOOLS_YOUTUBE_URL: youtube.url });
});
afterEach(() => youtube.instead.clear());
afterAll(async () => {
	await runtime.close();
	await youtube.close();
});

const get = (input: Record<string, unknown>) => runtime.run('get_youtube_transcript', input);

it('gives text and times, what a person wrote before what the machine heard', async () => {
	await expect(get({ video: zoo })).resolves.toEqual({
		videoId: zoo,
		title: 'Me at the zoo',
		duration: 19,
		language: 'de',
		generated: false,
		text: 'Also, hier sind wir & „Es“ <da>',
		segments: [{ text: 'Also, hier sind wir & „Es“ <da>', start: 1.3, end: 3.3 }],
		srt: '1\n00:00:01,300 --> 00:00:03,300\nAlso, hier sind wir & „Es“ <da>\n',
		vtt: 'WEBVTT\n\n00:00:01.300 --> 00:00:03.300\nAlso, hier sind wir &amp; „Es“ &lt;da&gt;\n',
		languages: ['en', 'de', 'pt-BR'],
		warnings: [],
	});
});

it('ends each line of the machine where the next begins, and leaves out empty ones', async () => {
	await expect(get({ video: zoo, languages: 'en' })).resolves.toMatchObject({
		generated: true,
		text: 'all right so here we are',
		segments: [{ text: 'all right', start: 1.2, end: 3 }, { text: 'so here we are', start: 3, end: 5.5 }],
	});
});

it.each([
	['fr, pt', 'pt-BR'],
	['PT-br', 'pt-BR'],
	['fr,en-GB, de', 'en'],
])('%s: the first language that there is', async (languages, language) => {
	await expect(get({ video: zoo, languages })).resolves.toMatchObject({ language });
});

it.each(['https://www.youtube.com/watch?v=jNQXAC9IVRw&t=5s', 'https://youtu.be/jNQXAC9IVRw?si=x', 'youtube.com/shorts/jNQXAC9IVRw', 'https://m.youtube.com/embed/jNQXAC9IVRw', 'https://www.youtube.com/live/jNQXAC9IVRw'])('takes the link %s', async (video) => {
	await expect(get({ video })).resolves.toMatchObject({ videoId: zoo });
});

it.each([['videoId'], ['video_id'], ['url'], ['video_url']])('takes %s, too', async (field) => {
	await expect(get({ [field]: field.endsWith('d') ? zoo : `https://youtu.be/${zoo}` })).resolves.toMatchObject({ videoId: zoo });
});

it.each(['https://example.com/watch?v=jNQXAC9IVRw', 'https://youtube.com.example.com/watch?v=jNQXAC9IVRw', 'jNQXAC9IVR', 'https://www.youtube.com/watch', '../../etc', 'https://www.youtube.com/watch?v=a&b=/../x'])('%s is no video, and nobody is asked', async (video) => {
	const before = youtube.asked.length;
	await expect(get({ video })).rejects.toMatchObject({ type: 'InvalidInput', code: 'bad_video', field: 'video' });
	expect(youtube.asked.length).toBe(before);
});

it.each([
	[ids.silent, 'no_captions', /without\. Transcribe its sound/],
	[ids.secret, 'video_private', /a private one\. YouTube says: This is a private video/],
	[ids.old, 'video_restricted', /asks for an account/],
	[ids.gone, 'video_unavailable', /YouTube says: This video is unavailable/],
	[ids.later, 'video_not_ready', /still to come\. YouTube says: Premieres in 2 hours/],
])('%s is refused: %s', async (video, code, message) => {
	await expect(get({ video })).rejects.toMatchObject({ type: 'InvalidInput', code, field: 'video', message: expect.stringMatching(message) });
});

it('names the languages there are where none of the wanted ones is', async () => {
	await expect(get({ video: zoo, languages: 'fr, it' })).rejects.toMatchObject({ code: 'no_such_language', field: 'languages', message: expect.stringContaining('(en, de, pt-BR), got fr, it') });
});

describe('what YouTube does to machines it does not trust', () => {
	it.each([
		['asks them to sign in', undefined, ids.robot],
		['answers 429', '/watch', zoo],
		['gives them an empty transcript', '/api/timedtext', zoo],
	])('%s: the error says so, and what to do', async (_, path, video) => {
		if (path !== undefined) youtube.instead.set(path, (response) => (response.writeHead(path === '/watch' ? 429 : 200).end(), true));
		await expect(get({ video })).rejects.toMatchObject({ type: 'OperationFailed', code: 'youtube_blocked', retryable: true, message: expect.stringContaining('AI_AGENT_TOOLS_YOUTUBE_URL') });
	});

	it('shows them a riddle', async () => {
		youtube.instead.set('/watch', (response) => (response.end('<form><div class="g-recaptcha"></div></form>'), true));
		await expect(get({ video: zoo })).rejects.toMatchObject({ code: 'youtube_blocked' });
	});
});

describe('the form of consent', () => {
	const form = '<form action="https://consent.youtube.com/save"><input type="hidden" name="v" value="cb.20210328-17-p0.en+FX"></form><form action="https://consent.youtube.com/s"><input name="v" value="cb.2021"></form>';

	it('is answered', async () => {
		youtube.instead.set('/watch', (response, { headers }) => !headers.cookie?.includes('CONSENT=YES+cb.2021') && (response.end(form), true));
		await expect(get({ video: zoo })).resolves.toMatchObject({ videoId: zoo });
	});

	it('that comes again is told of', async () => {
		youtube.instead.set('/watch', (response) => (response.end(form), true));
		await expect(get({ video: zoo })).rejects.toMatchObject({ code: 'youtube_consent' });
	});
});

describe('what is no answer', () => {
	it.each([
		['/watch', '<html>quite another page</html>'],
		['/youtubei', '{"playability":{}}'],
		['/youtubei', 'no JSON'],
		['/api/timedtext', '<transcript/>'],
	])('%s: %s says that YouTube has changed', async (path, text) => {
		youtube.instead.set(path, (response) => (response.end(text), true));
		await expect(get({ video: zoo })).rejects.toMatchObject({ type: 'OperationFailed', code: 'youtube_changed' });
	});

	it('a broken server is worth another try', async () => {
		youtube.instead.set('/api/timedtext', (response) => (response.writeHead(503).end(), true));
		await expect(get({ video: zoo })).rejects.toMatchObject({ code: 'youtube_failed', retryable: true, message: expect.stringContaining('HTTP 503') });
	});

	it('an answer without end is cut off', async () => {
		youtube.instead.set('/watch', (response) => {
			const more = () => {
				while (response.writable && response.write(Buffer.alloc(1 << 20)));
			};
			response.on('drain', more);
			more();
			return true;
		});
		await expect(get({ video: zoo })).rejects.toMatchObject({ code: 'download_too_large' });
	});

	it('a network failure says so, and an answer that leads into this network is not followed', async () => {
		const inner = createServer((_, response) => response.end('secret'));
		await new Promise<void>((done) => inner.listen(0, '127.0.0.1', done));
		youtube.instead.set('/watch', (response) => (response.writeHead(302, { location: `http://127.0.0.1:${(inner.address() as AddressInfo).port}/` }).end(), true));
		await expect(get({ video: zoo })).rejects.toMatchObject({ code: 'private_address' });
		inner.close();
		const alone = startRuntime({ AI_AGENT_TOOLS_YOUTUBE_URL: 'http://127.0.0.1:1' });
		await expect(alone.run('get_youtube_transcript', { video: zoo })).rejects.toMatchObject({ type: 'OperationFailed', code: 'download_failed', retryable: true, message: expect.stringContaining('ECONNREFUSED') });
		await alone.close();
	});
});
