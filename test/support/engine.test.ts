import { setTimeout as delay } from 'node:timers/promises';
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { type IExecuteFunctions, type INodeExecutionData, type INodeType, NodeConnectionTypes, NodeOperationError } from 'n8n-workflow';
import { closeEngine, runWorkflow, type WorkflowJson } from './engine';

afterAll(closeEngine);

/** Reads a file and gives out its bytes reversed; waits or fails on request. */
class Reverse implements INodeType {
	description: INodeType['description'] = {
		displayName: 'Reverse',
		name: 'reverse',
		group: ['transform'],
		version: 1,
		description: 'Reverse a file',
		defaults: { name: 'Reverse' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'reverseApi', required: false }],
		properties: [
			{ displayName: 'Field', name: 'field', type: 'string', default: 'data' },
			{ displayName: 'Fail', name: 'fail', type: 'boolean', default: false },
			{ displayName: 'Wait', name: 'wait', type: 'number', default: 0 },
			{ displayName: 'Note', name: 'note', type: 'string', default: 'none' },
		],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const results: INodeExecutionData[] = [];
		for (const index of this.getInputData().keys()) {
			try {
				results.push(await reverse(this, index));
			} catch (error) {
				if (!this.continueOnFail()) throw new NodeOperationError(this.getNode(), error as Error, { itemIndex: index });
				results.push({ json: { error: (error as Error).message }, pairedItem: { item: index } });
			}
		}
		return [results];
	}
}

async function reverse(node: IExecuteFunctions, index: number): Promise<INodeExecutionData> {
	const wait = node.getNodeParameter('wait', index) as number;
	if (wait) await delay(wait, undefined, { signal: node.getExecutionCancelSignal() });
	if (node.getNodeParameter('fail', index)) throw new Error(`asked to fail at item ${index}`);
	const field = node.getNodeParameter('field', index) as string;
	const file = node.helpers.assertBinaryData(index, field);
	const bytes = file.id ? await buffer(await node.helpers.getBinaryStream(file.id)) : await node.helpers.getBinaryDataBuffer(index, field);
	node.sendMessageToUI(`${bytes.length} bytes`);
	return {
		json: { hasId: file.id !== undefined, note: node.getNodeParameter('note', index), secret: (await secret(node)) ?? null },
		binary: { data: await node.helpers.prepareBinaryData(Readable.from([bytes.reverse()]), 'reversed.txt', 'text/plain') },
		pairedItem: { item: index },
	};
}

async function secret(node: IExecuteFunctions) {
	return node.getNode().credentials && (await node.getCredentials<{ key: string }>('reverseApi')).key;
}

const node = (name: string, type: string, parameters = {}, more = {}) => ({ id: name, name, type, typeVersion: 1, position: [0, 0] as [number, number], parameters, ...more });
const chain = (...names: string[]) =>
	Object.fromEntries(names.slice(0, -1).map((name, index) => [name, { main: [[{ node: names[index + 1] ?? '', type: NodeConnectionTypes.Main, index: 0 }]] }]));

/** Two items, `abc` and `xyz`, as files. */
function workflow(parameters: object, more: object = {}): WorkflowJson {
	const texts = { list: [{ text: 'abc' }, { text: 'xyz' }] };
	return {
		name: 'Reverse two files',
		nodes: [
			node('Start', 'n8n-nodes-base.manualTrigger'),
			node('Texts', 'n8n-nodes-base.set', { mode: 'raw', jsonOutput: JSON.stringify(texts) }, { typeVersion: 3.4 }),
			node('Split', 'n8n-nodes-base.splitOut', { fieldToSplitOut: 'list' }),
			node('File', 'n8n-nodes-base.convertToFile', { operation: 'toText', sourceProperty: 'text', options: { fileName: 'a.txt' } }, { typeVersion: 1.1 }),
			node('Reverse', 'test.reverse', parameters, more),
			node('Note', 'n8n-nodes-base.stickyNote', { content: 'no part of the run' }),
		],
		connections: chain('Start', 'Texts', 'Split', 'File', 'Reverse'),
	};
}

const nodes = { 'test.reverse': new Reverse() };

describe.each(['default', 'filesystem'] as const)('binary mode %s', (binaryMode) => {
	it('carries files in and out, item by item', async () => {
		const run = await runWorkflow(workflow({}), { nodes, binaryMode });
		expect(run).toMatchObject({ status: 'success', error: undefined });
		const items = run.items('Reverse');
		expect(items.map((item) => item.json.hasId)).toEqual(Array(2).fill(binaryMode === 'filesystem'));
		const texts = await Promise.all(items.map(async ({ binary }) => (binary?.data ? String(await buffer(await run.read(binary.data))) : 'no file')));
		expect(texts).toEqual(['cba', 'zyx']);
		expect(items.map((item) => item.pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
	});
});

it('resolves expressions that look back over paired items', async () => {
	const run = await runWorkflow(workflow({ note: "={{ $('Split').item.json.text }}" }), { nodes });
	expect(run.items('Reverse').map((item) => item.json.note)).toEqual(['abc', 'xyz']);
});

it('keeps the items before a failed one when the node continues on fail', async () => {
	const run = await runWorkflow(workflow({ fail: "={{ $('Split').item.json.text === 'xyz' }}" }, { onError: 'continueRegularOutput' }), { nodes });
	expect(run.status).toBe('success');
	expect(run.items('Reverse')[0]?.binary?.data?.fileName).toBe('reversed.txt');
	expect(run.items('Reverse')[1]).toMatchObject({ json: { error: 'asked to fail at item 1' }, pairedItem: { item: 1 } });
});

it('stops at the first error otherwise, and says which item it was', async () => {
	const run = await runWorkflow(workflow({ fail: true }), { nodes });
	expect(run.error).toMatchObject({ message: 'asked to fail at item 0', context: { itemIndex: 0 } });
	expect(run.items('Reverse')).toEqual([]);
});

it('cancels a running node through its cancel signal', async () => {
	const controller = new AbortController();
	const started = Date.now();
	setTimeout(() => controller.abort(), 200);
	const run = await runWorkflow(workflow({ wait: 60_000 }), { nodes, signal: controller.signal });
	expect(run.status).toBe('canceled');
	expect(Date.now() - started).toBeLessThan(5_000);
});

it('gives a node its credentials in plain values, and its messages to whoever watches', async () => {
	const messages: unknown[] = [];
	const run = await runWorkflow(workflow({}, { credentials: { reverseApi: { id: '1', name: 'Key' } } }), {
		nodes,
		credentials: { reverseApi: { key: 'sesame' } },
		onMessage: (message) => messages.push(message),
	});
	expect(run.items('Reverse')[0]?.json.secret).toBe('sesame');
	expect(JSON.stringify(messages)).toContain('3 bytes');
});

it('refuses a parameter that the node does not have, which n8n would drop without a word', async () => {
	await expect(runWorkflow(workflow({ feild: 'data' }), { nodes })).rejects.toThrow('The node "Reverse" (test.reverse) has no parameter feild');
});

it('names the known node types when a workflow asks for another', async () => {
	await expect(runWorkflow(workflow({}))).rejects.toThrow(/Expected one of the node types .*n8n-nodes-base\.set.*, got test\.reverse/);
});
