import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRunPodClient } from '../../src/runpod/client';
import { createClips } from '../support/clips';
import { dist } from '../support/dist';
import { startProcess } from '../support/main-process';
import { noGlibcReport } from '../support/no-glibc';
import { ffmpeg, ffprobe } from '../support/runtime';

const root = mkdtempSync(join(tmpdir(), 'bare-machine-'));
const clips = createClips();
afterAll(async () => {
	await (await clips).remove();
	rmSync(root, { recursive: true, force: true });
});

const loaderSays = 'Error loading shared library ld-linux-x86-64.so.2: No such file or directory (needed by /node_modules/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime.so.1)';

/** What musl's loader answers for a library built for glibc. */
const noGlibcLibrary = `
const open = process.dlopen;
process.dlopen = (module, file, ...rest) => {
	if (file.includes('onnxruntime')) throw Object.assign(new Error(${JSON.stringify(loaderSays)}), { code: 'ERR_DLOPEN_FAILED' });
	return open(module, file, ...rest);
};
`;

/** The environment of a machine with neither programs on its PATH nor glibc; `preload` makes Node's process take it for one. */
function bareMachine(name: string, preload: string) {
	const folder = join(root, name);
	for (const part of ['home', 'empty', 'scratch']) mkdirSync(join(folder, part), { recursive: true });
	const file = join(folder, 'preload.cjs');
	writeFileSync(file, preload);
	return {
		NODE_OPTIONS: `--require ${file}`,
		...{ PATH: join(folder, 'empty'), HOME: join(folder, 'home') },
		...{ AI_AGENT_TOOLS_SCRATCH: join(folder, 'scratch'), AI_AGENT_TOOLS_PORT: '0', AI_AGENT_TOOLS_OFFLINE: '1' },
	};
}

/** What a script of Node says there. */
const node = (script: string, env: Record<string, string>) => execFileSync(process.execPath, ['-e', script], { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** Whether an ELF program has a PT_INTERP entry: it then starts only where that loader is. */
function asksForLoader(program: string): boolean {
	const file = readFileSync(program);
	const [start, size, count] = [Number(file.readBigUInt64LE(32)), file.readUInt16LE(54), file.readUInt16LE(56)];
	return Array.from({ length: count }, (_, index) => file.readUInt32LE(start + index * size)).includes(3);
}

async function withServer(env: Record<string, string>, test: (client: ReturnType<typeof createRunPodClient>) => Promise<void>) {
	const child = startProcess('serve', env);
	try {
		const [, baseUrl = ''] = await child.says(/Serving (\S+)\/local/);
		await test(createRunPodClient({ baseUrl, endpointId: 'local', apiKey: '' }));
	} finally {
		await child.stop();
	}
}

const waysOut = /Three ways out: run the speech engines in the runtime container .*; run them on RunPod; or run n8n on a Debian-based image\./;

describe('a machine with nothing but Node, and musl in place of glibc', () => {
	const env = bareMachine('musl', noGlibcLibrary + noGlibcReport);

	it('has no ffmpeg, no shell and no onnxruntime', () => {
		const fails = (program: string) => node(`require('node:child_process').execFileSync(${JSON.stringify(program)}, ['-c', 'true'])`, env);
		expect(() => fails('ffmpeg')).toThrow(/ENOENT/);
		expect(() => fails('sh')).toThrow(/ENOENT/);
		expect(() => node(`require(${JSON.stringify(require.resolve('onnxruntime-node'))})`, env)).toThrow(loaderSays);
	});

	it('loads all five nodes', () => {
		const files = readdirSync(dist('nodes'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.node.js'));
		const names = node(`for (const file of ${JSON.stringify(files.map((name) => dist('nodes', name)))}) console.log(Object.values(require(file)).map((Node) => new Node().description.name).join())`, env);
		expect(names.trim().split('\n').sort()).toEqual(['audioTools', 'imageTools', 'speechTools', 'storageTools', 'videoTools']);
	});

	it('reads and cuts videos and speaks drafts with the programs in the package, and tells what it cannot do', async () => {
		const video = { base64: readFileSync(await (await clips).clip('plain.mp4')).toString('base64') };
		await withServer(env, async (client) => {
			expect(await client.run({ operation: 'get_video_info', video })).toMatchObject({ status: 'success', result: { width: 160, height: 120, duration: 1 } });
			expect(await client.run({ operation: 'extract_frame', video, timestamp: 0.5 })).toMatchObject({ status: 'success', result: { frame: { mimeType: 'image/jpeg' } } });
			expect(await client.run({ operation: 'generate_draft_tts', text: 'Hello world.' })).toMatchObject({ status: 'success', result: { audio: { mimeType: 'audio/wav' }, words: [{ text: 'Hello' }, { text: 'world.' }] } });
			await expect(client.run({ operation: 'generate_kokoro_tts', text: 'Hello.' })).rejects.toMatchObject({ code: 'onnx_unsupported', message: expect.stringMatching(waysOut) });
			const { findings } = ((await client.run({ operation: 'doctor' })) as { result: { findings: { name: string; status: string; detail: string }[] } }).result;
			expect(findings).toContainEqual(expect.objectContaining({ name: 'C library', status: 'warning', detail: expect.stringContaining('musl (Alpine)') }));
			expect(findings.find(({ name }) => name === 'ffmpeg')).toMatchObject({ status: 'ok' });
		});
	}, 60_000);

	it('can start the programs in the package, which ask for no loader of any C library', () => {
		expect([ffmpeg, ffprobe].map(asksForLoader)).toEqual([false, false]);
		expect(asksForLoader(process.execPath)).toBe(true);
	});
});

describe('a machine whose loader fails although Node itself runs on glibc', () => {
	it('explains with the loader\'s words what the speech models lack, and the ways out', async () => {
		await withServer(bareMachine('loader', noGlibcLibrary), async (client) => {
			const answer = client.run({ operation: 'generate_kokoro_tts', text: 'Hello.' });
			await expect(answer).rejects.toMatchObject({ code: 'onnx_unsupported', message: expect.stringMatching(waysOut) });
			await expect(answer).rejects.toThrow(loaderSays);
		});
	}, 30_000);
});
