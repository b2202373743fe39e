import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { closeRuntime as CloseRuntime } from '../../nodes/shared/backend';
import { built } from '../support/dist';
import { closeEngine, runWorkflow, type RunOptions } from '../support/engine';
import { nodeTypes } from '../support/engine/node-types';
import { bucket, startS3 } from '../support/s3';
import { inLine, node } from '../support/workflow';

const scratch = mkdtempSync(join(tmpdir(), 'agent-answer-'));
process.env.AI_AGENT_TOOLS_SCRATCH = scratch;
const { closeRuntime } = built<{ closeRuntime: typeof CloseRuntime }>('nodes/shared/backend.js');
let s3: Awaited<ReturnType<typeof startS3>>;

beforeAll(async () => void (s3 = await startS3()));
afterEach(() => expect(readdirSync(scratch)).toEqual([]));
afterAll(async () => {
	await closeRuntime();
	await s3.close();
	closeEngine();
	rmSync(scratch, { recursive: true });
});

/** n8n gives a node that an agent may use a second type, whose name ends in Tool. */
const tool = 'n8n-nodes-ai-agent-tools.speechToolsTool';
const plain = 'n8n-nodes-ai-agent-tools.speechTools';
const storage = { credentials: { aiAgentToolsS3Api: { id: '1', name: 'Own' } } };

async function run(type: string, parameters: object, more: object = {}, options: RunOptions = {}) {
	const ended = await runWorkflow(inLine(node('Speech', type, parameters, more)), { nodes: { [tool]: nodeTypes().getByNameAndVersion(plain, 1) }, ...options });
	const [item] = ended.items('Speech');
	return { error: ended.error, json: item?.json, binary: item?.binary };
}

const credentialsFor = (secretAccessKey: string) => {
	const { endpoint = '', accessKeyId } = s3.config();
	return { aiAgentToolsS3Api: { endpoint, region: '', accessKeyId, secretAccessKey, sessionToken: '', bucketName: bucket, keyPrefix: '', forcePathStyle: true, ignoreSSLIssues: false } };
};

const voices = { operation: 'get_kokoro_voices' };
const short = { operation: 'generate_draft_tts', text: 'One, two.' };
const long = { ...short, text: 'One, two, three. '.repeat(60) };
const bytes = (json: unknown) => Buffer.byteLength(JSON.stringify([json]));

describe('the answer of a node', () => {
	it.each([['a list of voices', voices, 'voices'], ['the times of many words', long, 'words']])('that is a tool tells %s in less than 4 kB, and what is missing', async (_, parameters, part) => {
		const { error, json } = await run(tool, parameters);
		expect(error).toBeUndefined();
		expect(bytes(json)).toBeLessThan(4000);
		expect(json).toMatchObject({ [part]: { columns: expect.any(Array), rows: expect.any(Array) } });
		const all = (await run(plain, parameters)).json;
		expect(bytes(all)).toBeGreaterThan(4000);
		const [rows, count] = [(json?.[part] as { rows: unknown[] }).rows.length, (all?.[part] as unknown[]).length];
		expect((json?.cut as Record<string, string> | undefined)?.[part]).toBe(rows < count ? `the first ${rows} of ${count}` : undefined);
	});

	it('is short in any workflow where that is chosen, and whole in a tool where it is switched off', async () => {
		expect(bytes((await run(plain, { ...long, options: { agentSized: true } })).json)).toBeLessThan(4000);
		expect(bytes((await run(tool, { ...long, options: { agentSized: false } })).json)).toBeGreaterThan(4000);
	});

	it('that is short cannot be slept through', async () => {
		const { error } = await run(tool, { ...short, runOn: 'remote', wait: 'suspend' });
		expect(error?.message).toContain('Wait: Expected an agent-sized answer to be waited for');
	});
});

describe('a file that a tool makes', () => {
	it('is in the storage of its credential, under the key and behind the link that are told', async () => {
		const { error, json, binary } = await run(tool, short, storage, { credentials: credentialsFor('S3RVER') });
		expect(error).toBeUndefined();
		expect(json).toMatchObject({ audio: { fileName: 'speech.wav', key: expect.any(String), url: expect.any(String) }, warnings: [] });
		expect(json?.audio).not.toHaveProperty('file');
		expect(binary).toBeUndefined();
		const { key, url, size } = json?.audio as { key: string; url: string; size: number };
		expect(new URL(url).pathname).toBe(`/${bucket}/${key}`);
		const fetched = Buffer.from(await (await fetch(url)).arrayBuffer());
		expect([fetched.length, fetched.toString('latin1', 0, 4)]).toEqual([size, 'RIFF']);
	});

	it('is behind the link of n8n where there is no storage', async () => {
		const { json, binary } = await run(tool, short);
		expect(json).toMatchObject({ audio: { binaryField: 'data', url: expect.stringContaining('/binary-data/signed?token=') }, warnings: [] });
		const token = new URL((json?.audio as { url: string }).url, 'http://n8n').searchParams.get('token') ?? '';
		expect(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())).toMatchObject({ id: binary?.data?.id });
	});

	it('is behind the link of n8n where the storage refuses it, and the answer says why', async () => {
		const { json } = await run(tool, short, storage, { credentials: credentialsFor('wrong') });
		expect(json).toMatchObject({ audio: { url: expect.stringContaining('/binary-data/signed') }, warnings: [expect.stringContaining('speech.wav could not be stored: ')] });
	});

	it('that nobody can reach is told, with what to do', async () => {
		const { json } = await run(tool, short, {}, { binaryMode: 'default' });
		expect(json?.audio).not.toHaveProperty('url');
		expect(json?.warnings).toEqual([expect.stringMatching(/speech\.wav cannot be reached by an AI agent.*Choose an S3 credential in this node/)]);
	});
});
