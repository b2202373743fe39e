import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import type { createHost as CreateHost } from '../gpu-runtime/host';
import { submitRemotely } from '../gpu-runtime/remote-later';
import type { StorageConfig } from '../src/storage/config';
import { cases, type Case } from '../test/contract/cases';
import { createClips } from '../test/support/clips';
import { built } from '../test/support/dist';
import { createFakePlatform } from '../test/support/fake-platform';
import { writeModels } from '../test/support/models/tiny';
import { ffmpeg } from '../test/support/runtime';
import { startYouTube, zoo, zooVideo } from '../test/support/youtube';
import { clip } from './clips';
import { forgetPeakOf, peakOf } from './measure';
import type { Row } from './row';

const { createHost } = built<{ createHost: typeof CreateHost }>('gpu-runtime/host.js');
const limit = 100e6;

/** How much the runtime's process grows while each operation works on a file of a gigabyte, and how little of such a file is in a job's JSON. */
export async function run(): Promise<Row[]> {
	const root = mkdtempSync(join(tmpdir(), 'bench-large-'));
	const s3 = fork(join(__dirname, 's3-server.ts'), { execArgv: ['--import', 'tsx'] });
	try {
		const [storage] = (await once(s3, 'message')) as [StorageConfig];
		const grown = await growth(root, storage);
		const of = (name: string) => grown.filter(({ operation }) => operation === name);
		const others = grown.filter(({ operation }) => !['upload_file', 'download_file'].includes(operation));
		return [row('1 GB through upload_file: growth of the process', of('upload_file')), row('1 GB through download_file: growth of the process', of('download_file')), row('1 GB into the other operations: growth of the process', others), await jsonOf(storage)];
	} finally {
		s3.disconnect();
		await once(s3, 'exit');
		rmSync(root, { recursive: true });
	}
}

/** The contract's own cases give these operations no file, or only a picture. */
const more: readonly Case[] = [
	{ operation: 'convert_pcm_to_wav', input: async (clips) => ({ pcm: { file: await clips.clip('tone.wav') } }), expected: {} },
	{ operation: 'generate_captioned_video', input: async (clips) => ({ background: { file: await clips.clip('plain.mp4') }, audio: { file: await clips.clip('tone.wav') }, captions: false, width: 108, height: 192, quality: 'draft' }), expected: {} },
	{ operation: 'generate_chatterbox_tts', input: async (clips) => ({ text: 'Hello world.', sampleAudio: { file: await clips.clip('slides.mp4') }, seed: 7 }), expected: {} },
];

interface Growth {
	operation: string;
	bytes: number;
}

/** The worst of some operations. */
function row(name: string, grown: readonly Growth[]): Row {
	const worst = Math.max(...grown.map(({ bytes }) => bytes));
	const note = grown.length > 1 ? `the worst of ${grown.map(({ operation, bytes }) => `${operation} ${Math.round(bytes / 1e6)}`).join(', ')} MB` : 'the Node process of the runtime; peak over what small files left';
	return { row: name, ours: worst / 1e6, older: null, ratio: null, unit: 'MB', goal: '≤ 100 MB', ok: worst <= limit, note };
}

/** Every operation of the contract on small files, so that all is loaded, and then on large ones. */
async function growth(root: string, { endpoint, bucket, accessKeyId, secretAccessKey }: StorageConfig): Promise<Growth[]> {
	const [clips, youtube, large] = [await createClips(), await startYouTube({ [zoo]: zooVideo }), await clip('large.mkv')];
	await writeModels(join(root, 'models'));
	const own = { FFMPEG_PATH: ffmpeg, AI_AGENT_TOOLS_SCRATCH: root, AI_AGENT_TOOLS_DATA: join(root, 'data'), AI_AGENT_TOOLS_MODELS: join(root, 'models'), AI_AGENT_TOOLS_DEVICE: 'cpu', AI_AGENT_TOOLS_OFFLINE: '1', AI_AGENT_TOOLS_YOUTUBE_URL: youtube.url, AI_AGENT_TOOLS_ALLOW_PRIVATE_URLS: '1' };
	const host = createHost({ idle: 0, grace: 5, env: { PATH: process.env.PATH, HOME: root, ...own, S3_ENDPOINT_URL: endpoint, S3_BUCKET_NAME: bucket, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } });
	const execute = async ({ operation, input }: Case, change: (input: unknown) => unknown) => {
		const folder = mkdtempSync(join(root, 'job-'));
		const answer = await host.run({ operation, input: change(await input(clips)), folder, signal: new AbortController().signal });
		if (answer.status === 'error') throw new Error(`${operation}: ${answer.error.message}`);
		rmSync(folder, { recursive: true });
	};
	const all = [...more, ...cases];
	try {
		for (const one of all) await execute(one, (input) => input);
		const pid = (await host.pid()) ?? 0;
		forgetPeakOf(pid);
		const before = peakOf(pid);
		const grown: Growth[] = [];
		for (const one of all) {
			forgetPeakOf(pid);
			await execute(one, (input) => enlarged(input, large));
			grown.push({ operation: one.operation, bytes: Math.max(0, peakOf(pid) - before) });
		}
		return grown;
	} finally {
		await host.close();
		await youtube.close();
		await clips.remove();
	}
}

const pictures = ['.png', '.jpg'];

/** An input with a large file in the place of every sound and video. */
function enlarged(value: unknown, large: string): unknown {
	if (Array.isArray(value)) return value.map((one) => enlarged(one, large));
	if (typeof value !== 'object' || value === null) return value;
	if ('file' in value && typeof value.file === 'string') return pictures.includes(extname(value.file)) ? value : { ...value, file: large };
	return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, enlarged(one, large)]));
}

/** Bytes of the request that sends a job with a file of a gigabyte to RunPod. */
async function jsonOf(storage: StorageConfig): Promise<Row> {
	const platform = await createFakePlatform();
	const { baseUrl, endpoint: endpointId, key: apiKey } = platform;
	const job = { operation: 'extract_frame', input: { video: { file: await clip('large.mkv') } }, folder: '', signal: new AbortController().signal };
	await submitRemotely(job, { baseUrl, endpointId, apiKey, deadline: 60, storage });
	const ours = Buffer.byteLength(platform.seen('run')[0]?.body ?? '');
	await platform.close();
	return { row: "a job's JSON for a 1 GB video", ours, older: null, ratio: null, unit: 'bytes', goal: '≤ 10 kB', ok: ours > 0 && ours <= 10_000, note: 'the video goes to storage and its link into the job' };
}
