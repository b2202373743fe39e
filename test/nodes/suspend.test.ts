import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INodeType } from 'n8n-workflow';
import { wavHeader } from '../../src/audio/wav';
import { built } from '../support/dist';
import { closeEngine, runWorkflow } from '../support/engine';
import { startProcess } from '../support/main-process';
import { ffmpeg } from '../support/runtime';
import { inLine, node } from '../support/workflow';
import type { closeRuntime as CloseRuntime } from '../../nodes/shared/backend';

const root = mkdtempSync(join(tmpdir(), 'suspend-'));
process.env.AI_AGENT_TOOLS_SCRATCH = join(root, 'n8n');
const { closeRuntime } = built<{ closeRuntime: typeof CloseRuntime }>('nodes/shared/backend.js');
const kept = () => readdirSync(join(root, 'serve'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
let server: ReturnType<typeof startProcess>;
let credentials: Record<string, Record<string, string>>;

beforeAll(async () => {
	const env = { ...process.env, FFMPEG_PATH: ffmpeg, AI_AGENT_TOOLS_ALLOW_PRIVATE_URLS: '1', AI_AGENT_TOOLS_SCRATCH: join(root, 'serve'), AI_AGENT_TOOLS_API_KEY: 'key', AI_AGENT_TOOLS_PORT: '0', AI_AGENT_TOOLS_DRAIN_LIMIT: '0' };
	server = startProcess('serve', env);
	const [, baseUrl = ''] = await server.says(/Serving (\S+)\/local/);
	credentials = { aiAgentToolsRunPodApi: { baseUrl, endpointId: 'local', apiKey: 'key' } };
}, 30_000);

afterAll(async () => {
	await server.stop();
	await closeRuntime();
	closeEngine();
	rmSync(root, { recursive: true, force: true });
});

const tone = Buffer.from(Int16Array.from({ length: 8000 }, (_, at) => 8000 * Math.sin(at / 3)).buffer);
const wav = Buffer.concat([wavHeader({ sampleRate: 8000, channels: 1, encoding: 's16' }, tone.length), tone]).toString('base64');
/** A node that gives as many sounds. */
const sounds = (count: number): Record<string, INodeType> => ({
	'test.sounds': {
		description: { name: 'sounds', displayName: 'Sounds', group: ['transform'], version: 1, description: 'Sounds', defaults: { name: 'Sounds' }, inputs: ['main'], outputs: ['main'], properties: [] },
		execute: async () => [Array.from({ length: count }, () => ({ json: {}, binary: { data: { data: wav, mimeType: 'audio/wav', fileName: 'sound.wav' } } }))],
	},
});
const sound = node('Sound', 'test.sounds');
const convert = (parameters: object = {}, more: object = {}) =>
	node('Convert', 'audioTools', { operation: 'convert_audio', runOn: 'remote', wait: 'suspend', audio: { __rl: true, mode: 'binary', value: 'data' }, ...parameters }, { credentials: { aiAgentToolsRunPodApi: { id: '1', name: 'Own' } }, ...more });
const after = node('After', 'n8n-nodes-base.noOp');

/** Timers and connections of this process, which n8n's is here, and folders of jobs. */
const held = () => [...process.getActiveResourcesInfo().filter((name) => /^(Timeout|Immediate|TCP(Socket|Connect)Wrap|TLSWrap)$/.test(name)), ...readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.startsWith('n8n/'))].sort();

describe('a job that an execution is suspended for', () => {
	it('wakes it at its end, gives the same file as when it is waited for, and leaves nothing over there, nor here while it sleeps', async () => {
		const before = held();
		let asleep: string[] | undefined;
		const suspended = await runWorkflow(inLine(sound, convert({ options: { outputField: 'sound' } }), after), { credentials, nodes: sounds(1), onSuspended: () => (asleep = held()) });
		expect(asleep).toEqual(before);
		expect(suspended.error).toBeUndefined();
		const [item] = suspended.items('After');
		const polled = await runWorkflow(inLine(sound, convert({ wait: 'poll', options: { outputField: 'sound' } })), { credentials, nodes: sounds(1) });
		expect(item?.json).toEqual(polled.items('Convert')[0]?.json);
		const bytes = async (run: typeof polled, name: string) => {
			const file = run.items(name)[0]?.binary?.sound;
			if (!file) throw new Error(`Expected a file from ${name}`);
			return Buffer.concat(await (await run.read(file)).toArray());
		};
		expect((await bytes(suspended, 'After')).equals(await bytes(polled, 'Convert'))).toBe(true);
		expect(kept()).toEqual([]);
	}, 60_000);

	it('that fails gives an item that says so', async () => {
		const broken = convert({ audio: { __rl: true, mode: 'url', value: 'http://127.0.0.1:9/none.wav' } }, { onError: 'continueRegularOutput' });
		const run = await runWorkflow(inLine(broken, after), { credentials });
		expect(run.items('After')[0]?.json).toMatchObject({ error: expect.stringContaining('127.0.0.1'), code: expect.any(String) });
	}, 60_000);

	it('has to be the only one: several items are refused before anything is sent, with the ways out', async () => {
		const run = await runWorkflow(inLine(sound, convert()), { credentials, nodes: sounds(2) });
		expect(run.error?.message).toMatch(/^Wait: Expected one item .*, got 2\. Put a Loop Over Items node/);
	});
});
