import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { built } from '../support/dist';
import { closeEngine, runWorkflow } from '../support/engine';
import { startProcess } from '../support/main-process';
import { ffmpeg } from '../support/runtime';
import { inLine, node } from '../support/workflow';
import type { closeRuntime as CloseRuntime } from '../../nodes/shared/backend';

const root = mkdtempSync(join(tmpdir(), 'submit-only-'));
process.env.AI_AGENT_TOOLS_SCRATCH = join(root, 'n8n');
const key = 'nodes-key';
const { closeRuntime } = built<{ closeRuntime: typeof CloseRuntime }>('nodes/shared/backend.js');
const kept = () => readdirSync(join(root, 'serve'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
let server: ReturnType<typeof startProcess>;
let credentials: Record<string, Record<string, string>>;

beforeAll(async () => {
	const env = { ...process.env, FFMPEG_PATH: ffmpeg, AI_AGENT_TOOLS_SCRATCH: join(root, 'serve'), AI_AGENT_TOOLS_API_KEY: key, AI_AGENT_TOOLS_PORT: '0', AI_AGENT_TOOLS_DRAIN_LIMIT: '0' };
	server = startProcess('serve', env);
	const [, baseUrl = ''] = await server.says(/Serving (\S+)\/local/);
	credentials = { aiAgentToolsRunPodApi: { baseUrl, endpointId: 'local', apiKey: key } };
}, 30_000);

afterAll(async () => {
	await server.stop();
	await closeRuntime();
	closeEngine();
	rmSync(root, { recursive: true, force: true });
});

const account = { credentials: { aiAgentToolsRunPodApi: { id: '1', name: 'Own' } } };
const speak = node('Speak', 'speechTools', { operation: 'generate_draft_tts', text: 'One, two, three.' });
const convert = node('Convert', 'audioTools', { operation: 'convert_audio', runOn: 'remote', wait: 'submit', audio: { __rl: true, mode: 'binary', value: 'data' } }, account);
const get = (parameters: object = {}) => node('Get', 'audioTools', { operation: 'get_result', ...parameters }, account);

describe('a job that is only submitted', () => {
	it('goes on with its id at once, and Get Result brings its file and removes what was stored for it', async () => {
		const run = await runWorkflow(inLine(speak, convert, get()), { credentials });
		expect(run.error).toBeUndefined();
		expect(run.items('Convert')[0]).toMatchObject({ json: { jobId: expect.any(String), temporaryFiles: [{ url: expect.stringContaining('/files/') }] } });
		const [item] = run.items('Get');
		expect(item?.binary?.data).toMatchObject({ mimeType: expect.stringMatching(/^audio\//) });
		expect(item?.json).toMatchObject({ audio: { binaryField: 'data' }, warnings: [] });
		expect(kept()).toEqual([]);
	});

	it('loses what was stored for it when it failed, too', async () => {
		const broken = node('Text', 'n8n-nodes-base.convertToFile', { operation: 'toText', sourceProperty: 'text', binaryPropertyName: 'data' });
		const text = node('Words', 'n8n-nodes-base.set', { assignments: { assignments: [{ id: '1', name: 'text', value: 'no sound at all', type: 'string' }] } }, { typeVersion: 3.4 });
		const run = await runWorkflow(inLine(text, broken, convert, get()), { credentials });
		expect(run.items('Convert')[0]?.json.temporaryFiles).toHaveLength(1);
		expect(run.error?.message).toContain('Expected a media file that can be read');
		expect(kept()).toEqual([]);
	});

	it('tells how far it is when nobody wants to wait', async () => {
		const long = node('Long', 'speechTools', { operation: 'generate_draft_tts', runOn: 'remote', wait: 'submit', text: 'This goes on and on. '.repeat(2000) }, account);
		const run = await runWorkflow(inLine(long, get({ waitUntilDone: false })), { credentials });
		expect(run.error).toBeUndefined();
		expect(run.items('Get')[0]?.json).toMatchObject({ jobId: run.items('Long')[0]?.json.jobId, isFinished: false, status: expect.stringMatching(/^IN_/), temporaryFiles: [] });
	});

	it('is told to be unknown by another id', async () => {
		const run = await runWorkflow(inLine(get({ jobId: 'nobody' })), { credentials });
		expect(run.error?.message).toContain('Job nobody is known no longer');
	});

	it('needs an id', async () => {
		const run = await runWorkflow(inLine(get({ jobId: '={{ $json.nothing }}' })), { credentials });
		expect(run.error?.message).toBe('Job ID: Expected the id of a submitted job, got nothing. Connect the node that submitted it');
	});
});

