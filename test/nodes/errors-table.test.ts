import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IBinaryKeyData, INodeType } from 'n8n-workflow';
import { wavHeader } from '../../src/audio/wav';
import type { closeRuntime as CloseRuntime, pidOfRuntime as PidOfRuntime } from '../../nodes/shared/backend';
import { createClips, type Clips } from '../support/clips';
import { built } from '../support/dist';
import { closeEngine, runWorkflow, type RunOptions } from '../support/engine';
import { createFakePlatform } from '../support/fake-platform';
import { startProcess } from '../support/main-process';
import { noGlibcReport } from '../support/no-glibc';
import { ffmpeg, ffprobe } from '../support/runtime';
import { startS3 } from '../support/s3';
import { inLine, node } from '../support/workflow';
import { elsewhere } from './mistakes/elsewhere';
import { withFfmpeg } from './mistakes/ffmpeg';
import { withFiles } from './mistakes/files';
import { inTheForm } from './mistakes/form';
import { onTheMachine } from './mistakes/machine';
import { testFiles, type Mistake, type TestFile } from './mistakes/mistake';

/** The likeliest mistakes, each made in n8n's engine, and all that n8n shows then. */

const root = mkdtempSync(join(tmpdir(), 'errors-table-'));
const scratch = join(root, 'scratch');
const { closeRuntime, pidOfRuntime } = built<{ closeRuntime: typeof CloseRuntime; pidOfRuntime: typeof PidOfRuntime }>('nodes/shared/backend.js');
const usual = { AI_AGENT_TOOLS_SCRATCH: scratch, AI_AGENT_TOOLS_DATA: join(root, 'data'), AI_AGENT_TOOLS_DEVICE: 'cpu', AI_AGENT_TOOLS_OFFLINE: '1' };
/** What the names in braces stand for. */
const places: Record<string, string> = { root, ffmpeg };
const closing: (() => unknown)[] = [];
const contents = new Map<TestFile, string>();
let clips: Clips;

const page = '<!DOCTYPE html><html><body>Your file is ready</body></html>';

beforeAll(async () => {
	clips = await createClips();
	const [s3, platform] = await Promise.all([startS3(), createFakePlatform()]);
	Object.assign(platform.workers, { idle: 0, ready: 0 });
	await startWeb();
	Object.assign(places, { s3: s3.config().endpoint, storage: new URL(s3.config().endpoint ?? '').host, platform: platform.baseUrl });
	closing.push(() => s3.close(), () => platform.close(), () => clips.remove());
	for (const name of testFiles) contents.set(name, (await contentOf(name)).toString('base64'));
}, 60_000);

afterAll(async () => {
	await closeRuntime();
	for (const close of closing) await close();
	closeEngine();
	rmSync(root, { recursive: true });
});

async function startWeb() {
	const web = createServer(({ url = '' }, response) => {
		const status = Number(/^\/(\d+)\//.exec(url)?.[1] ?? 200);
		const body = url.endsWith('.wav') ? Buffer.alloc(30_000) : Buffer.from(page);
		response.writeHead(status, { 'content-length': body.length }).end(body);
	});
	await new Promise<void>((done) => web.listen(0, '127.0.0.1', done));
	places.web = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
	closing.push(() => web.close());
	const gone = createServer();
	await new Promise<void>((done) => gone.listen(0, '127.0.0.1', done));
	places.closed = `127.0.0.1:${(gone.address() as AddressInfo).port}`;
	await new Promise((done) => gone.close(done));
}

const clip = async (name: Parameters<Clips['clip']>[0]) => readFileSync(await clips.clip(name));

async function contentOf(name: TestFile): Promise<Buffer> {
	switch (name) {
		case 'cut.png':
			return (await clip('picture.png')).subarray(0, 60);
		case 'cut.mp4':
			return (await clip('plain.mp4')).subarray(0, 3000);
		case 'bomb.png':
			return readFileSync(await clips.pixelBomb(8000));
		case 'empty.mp4':
			return Buffer.alloc(0);
		case 'page.mp4':
			return Buffer.from(page);
		case 'latin1.srt':
			return Buffer.from('1\n00:00:00,100 --> 00:00:00,900\nGrüße\n', 'latin1');
		case 'large.wav':
			return Buffer.concat([wavHeader({ sampleRate: 48_000, channels: 2, encoding: 's16' }, 7e6), Buffer.alloc(7e6)]);
		default:
			return clip(name);
	}
}

/** A node that gives as many items, each with these files. */
const giving = (count: number, binary: IBinaryKeyData): INodeType => ({
	description: { name: 'files', displayName: 'Files', group: ['transform'], version: 1, description: 'Files', defaults: { name: 'Files' }, inputs: ['main'], outputs: ['main'], properties: [] },
	execute: async () => [Array.from({ length: count }, () => ({ json: {}, binary }))],
});

const filled = <T>(value: T): T => JSON.parse(JSON.stringify(value).replace(/\{(\w+)\}/g, (all, name: string) => places[name] ?? all)) as T;

type Made = Omit<Mistake, 'what' | 'message' | 'description'>;

function make({ type, parameters, files = {}, items = 1, credentials = {} }: Made, more: RunOptions = {}) {
	const binary = Object.fromEntries(Object.entries(files).map(([field, name]) => [field, { data: contents.get(name) ?? '', mimeType: 'application/octet-stream', fileName: name }]));
	const chosen = Object.fromEntries(Object.keys(credentials).map((name) => [name, { id: '1', name: 'Own' }]));
	const workflow = inLine(node('Files', 'test.files'), node('Tool', type, filled(parameters), { credentials: chosen }));
	return runWorkflow(workflow, { credentials: filled(credentials), nodes: { 'test.files': giving(items, binary) }, binaryMode: 'default', ...more });
}

/** A text that takes long to speak. */
const speaking = (times: number): Made => ({ type: 'speechTools', parameters: { operation: 'generate_draft_tts', text: 'This goes on and on. '.repeat(times) } });

/** A job has a new id each time, and a machine its own fonts beside Inter. */
const plain = (text: unknown) => String(text).replace(/\([0-9a-f-]{36}\S*\)/, '(the job)').replace(/\(Inter(?:, [^)]*)?\)/, '(the fonts)');

const shown = (error: Error | undefined) => ({ message: plain(error?.message), description: plain(error && 'description' in error ? error.description : undefined) });

function table(mistakes: readonly Mistake[]) {
	it.each(mistakes.map((mistake) => [mistake.what, mistake] as const))('%s', async (_, { message, description, ...mistake }) => {
		const { error } = await make(mistake);
		expect(shown(error)).toEqual(filled({ message, description }));
		expect(error?.name).toBe('NodeOperationError');
	});
}

/** The runtime of this n8n starts anew with these settings. */
function settings(given: Record<string, string>) {
	const all = { ...usual, ...given };
	beforeAll(() => void Object.assign(process.env, filled(all)));
	afterEach(() => expect(readdirSync(scratch)).toEqual([]));
	afterAll(async () => {
		await closeRuntime();
		for (const name of Object.keys(all)) delete process.env[name];
	});
}

it('every text goes on with what to do, after what is wrong', () => {
	const all = [...inTheForm, ...withFiles, ...onTheMachine, ...withFfmpeg, ...elsewhere];
	expect(all.filter(({ message }) => !/[.?] [A-Z]/.test(message)).map(({ what }) => what)).toEqual([]);
	expect(all.length).toBeGreaterThan(60);
});

describe('on this n8n', () => {
	settings({ FFMPEG_PATH: ffmpeg, FFPROBE_PATH: ffprobe, AI_AGENT_TOOLS_ALLOW_PRIVATE_URLS: '1', AI_AGENT_TOOLS_MAX_DOWNLOAD: '20000' });
	table(inTheForm);
	table(withFiles);
});

describe('on a machine that lacks something', () => {
	settings({ FFMPEG_PATH: '/nowhere/ffmpeg', FFPROBE_PATH: '/bin/echo', AI_AGENT_TOOLS_TIME_LIMIT: '1', AI_AGENT_TOOLS_QUEUE: '1' });
	table(onTheMachine);

	it('more jobs than may wait, and a stop of those that do', async () => {
		const stop = new AbortController();
		const jobs = [1, 2, 3].map(() => make(speaking(8000), { signal: stop.signal }));
		expect(shown((await Promise.race(jobs)).error)).toEqual({
			message: 'Expected a free place among the waiting jobs, got none: 1 wait already. Try again later, or raise AI_AGENT_TOOLS_QUEUE',
			description: 'Trying again may help. Error code busy',
		});
		stop.abort();
		const stopped = (await Promise.all(jobs)).filter(({ status }) => status === 'canceled');
		expect(stopped.map(({ error }) => shown(error))).toEqual(Array(2).fill({ message: 'The job was cancelled', description: 'Error code cancelled' }));
	});
});

/** Asked for an MP3 its disk is full, and so on. */
const wrapper = `#!/bin/sh
case "$*" in
*.mp3) echo 'av_interleaved_write_frame(): No space left on device' >&2; exit 1 ;;
*.flac) kill -KILL $$ ;;
*.m4a) echo 'Error while encoding: Invalid argument' >&2; exit 1 ;;
*.opus) exec sleep 60 ;;
*-filters*) ${ffmpeg} "$@" | grep -v colorkey ;;
*) exec ${ffmpeg} "$@" ;;
esac
`;

describe('with an ffmpeg that fails', () => {
	settings({ FFMPEG_PATH: '{root}/ffmpeg', FFPROBE_PATH: ffprobe, AI_AGENT_TOOLS_STALL_LIMIT: '1' });
	beforeAll(() => writeFileSync(join(root, 'ffmpeg'), wrapper, { mode: 0o755 }));
	table(withFfmpeg);

	it('a runtime that is killed', async () => {
		const kill = async () => process.kill((await pidOfRuntime()) ?? 0, 'SIGKILL');
		const { error } = await make(speaking(2000), { onMessage: () => void kill() });
		expect(shown(error)).toEqual({
			message: 'The embedded runtime ended (SIGKILL). It starts again with the next job. Most often memory was short: give n8n more, or make the job smaller',
			description: 'Trying again may help. Error code runtime_crashed',
		});
	});
});

describe('on another machine', () => {
	settings({ FFMPEG_PATH: ffmpeg, FFPROBE_PATH: ffprobe });
	let server: ReturnType<typeof startProcess>;
	beforeAll(async () => {
		writeFileSync(join(root, 'no-glibc.cjs'), noGlibcReport);
		server = startProcess('serve', { ...process.env, ...usual, NODE_OPTIONS: `--require ${join(root, 'no-glibc.cjs')}`, AI_AGENT_TOOLS_SCRATCH: join(root, 'serve'), AI_AGENT_TOOLS_API_KEY: 'key', AI_AGENT_TOOLS_PORT: '0', AI_AGENT_TOOLS_CAPABILITIES: 'speech' });
		[, places.server = ''] = await server.says(/Serving (\S+)\/local/);
	}, 30_000);
	afterAll(() => server.stop());
	table(elsewhere);
});
