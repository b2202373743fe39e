import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { closeRuntime as CloseRuntime, pidOfRuntime as PidOfRuntime } from '../../nodes/shared/backend';
import { built } from '../support/dist';
import { closeEngine, runWorkflow } from '../support/engine';
import { aliveInGroup, until } from '../support/processes';
import { inLine, node, type WorkflowNode } from '../support/workflow';

const scratch = mkdtempSync(join(tmpdir(), 'nodes-test-'));
process.env.AI_AGENT_TOOLS_SCRATCH = scratch;
const { closeRuntime, pidOfRuntime } = built<{ closeRuntime: typeof CloseRuntime; pidOfRuntime: typeof PidOfRuntime }>('nodes/shared/backend.js');

afterEach(() => expect(readdirSync(scratch)).toEqual([]));
afterAll(async () => {
	await closeRuntime();
	closeEngine();
	rmSync(scratch, { recursive: true });
});

type Parameters = Record<string, unknown>;

/** One item for each text, then the given nodes in a row. */
const workflow = (texts: string[], ...nodes: WorkflowNode[]) =>
	inLine(
		node('Texts', 'n8n-nodes-base.set', { mode: 'raw', jsonOutput: JSON.stringify({ list: texts.map((text) => ({ text })) }) }, { typeVersion: 3.4 }),
		node('Split', 'n8n-nodes-base.splitOut', { fieldToSplitOut: 'list' }),
		...nodes,
	);

const speak = (more: object = {}, parameters: Parameters = {}) => node('Speak', 'speechTools', { operation: 'generate_draft_tts', text: '={{ $json.text }}', ...parameters }, more);
const info = (parameters: Parameters = {}) => node('Info', 'audioTools', { operation: 'get_audio_info', audio: { __rl: true, mode: 'binary', value: 'data' }, ...parameters });

describe.each(['filesystem', 'default'] as const)('with n8n keeping files in its %s mode', (binaryMode) => {
	it('a file goes from node to node, item by item', async () => {
		const run = await runWorkflow(workflow(['One.', 'One, two, three, four, five.'], speak(), info()), { binaryMode });
		expect(run.error).toBeUndefined();
		const [spoken, told] = [run.items('Speak'), run.items('Info')];
		expect(spoken.map(({ binary }) => [binary?.data?.mimeType, binary?.data?.id !== undefined])).toEqual(Array(2).fill(['audio/wav', binaryMode === 'filesystem']));
		expect(spoken.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
		expect(spoken[0]?.json).toMatchObject({ audio: { fileName: 'speech.wav', binaryField: 'data' }, words: [{ text: 'One.' }], warnings: [] });
		expect(JSON.stringify(spoken[0]?.json)).not.toContain(scratch);
		told.forEach(({ json }, index) => expect(json.duration).toBeCloseTo(spoken[index]?.json.duration as number, 2));
	});
});

it('an operation without options runs, also in a node that has an S3 credential from another one', async () => {
	const credentials = { aiAgentToolsS3Api: { id: '1', name: 'Media' } };
	const run = await runWorkflow(workflow(['x'], node('Voices', 'speechTools', { operation: 'get_kokoro_voices', options: { agentSized: true } }, { credentials })));
	expect(run.error).toBeUndefined();
	expect(JSON.stringify(run.items('Voices')[0]?.json.voices)).toContain('af_heart');
});

it('Check Runtime tells of n8n and of the credentials of its node, by name, beside what the machine tells of itself', async () => {
	const credentials = { aiAgentToolsRunPodApi: { id: '1', name: 'My Endpoint' } };
	const run = await runWorkflow(workflow(['x'], node('Check', 'videoTools', { operation: 'doctor' }, { credentials })));
	expect(run.error).toBeUndefined();
	const findings = run.items('Check')[0]?.json.findings;
	for (const expected of [{ name: 'ffmpeg', status: 'ok' }, { name: 'n8n', detail: expect.stringContaining('videoTools, version 1') }, { name: 'credentials', detail: 'aiAgentToolsRunPodApi "My Endpoint"' }])
		expect(findings).toContainEqual(expect.objectContaining(expected));
});

describe('errors', () => {
	it('stop the workflow, naming the item, the field and what to do', async () => {
		const run = await runWorkflow(workflow(['One.', ''], speak()));
		expect(run.status).toBe('error');
		expect(run.error).toMatchObject({ message: 'Text: Expected a text, got an empty one. Fill it in, or look at what should have filled it in', context: { itemIndex: 1 } });
		expect(run.error?.name).toBe('NodeOperationError');
	});

	it('become an item of their own when the workflow goes on after them', async () => {
		const run = await runWorkflow(workflow(['One.', '', 'Three.'], speak({ onError: 'continueRegularOutput' })));
		expect(run.status).toBe('success');
		const items = run.items('Speak');
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
		expect(items[1]?.json).toMatchObject({ error: 'Text: Expected a text, got an empty one. Fill it in, or look at what should have filled it in', code: 'invalid_input', field: 'text' });
		expect([items[0], items[1], items[2]].map((item) => item?.binary !== undefined)).toEqual([true, false, true]);
	});

	it.each([
		['no file at all', workflow(['x'], info()), 'Audio: Expected a binary field named "data", but the item has no binary data. Connect a node that gives a file, name a file of an earlier node by an expression, or choose URL in place of Binary'],
		['another field name', workflow(['One.'], speak({}, { options: { outputField: 'voice' } }), info()), 'Audio: Expected a binary field named "data", but the item has only voice. Enter that name here'],
		['a private address', workflow(['x'], info({ audio: { __rl: true, mode: 'url', value: 'http://127.0.0.1:9/a.wav' } })), expect.stringMatching(/^Audio: .*(private|loopback)/)],
	])('a file that is not there: %s', async (_, json, message) => {
		expect((await runWorkflow(json)).error).toMatchObject({ message });
	});
});

describe('a long job', () => {
	it('tells the editor how far it is', async () => {
		const messages: string[] = [];
		await runWorkflow(workflow(['One. Two. Three.'], speak()), { onMessage: (message) => messages.push(JSON.stringify(message)) });
		expect(messages.at(-1)).toContain('Speaking (100 %)');
	});

	it('is ended by the stop button, with everything it started', async () => {
		const stop = new AbortController();
		const group = (await pidOfRuntime()) ?? 0;
		expect(aliveInGroup(group).length).toBeGreaterThan(1);
		const run = await runWorkflow(workflow(['This goes on and on. '.repeat(5000)], speak()), { signal: stop.signal, onMessage: () => stop.abort() });
		expect(run.status).toBe('canceled');
		await closeRuntime();
		await until(() => aliveInGroup(group).length === 0);
	});
});
