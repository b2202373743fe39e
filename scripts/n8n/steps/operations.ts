import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect } from 'expect';
import type { IBinaryData, INode, INodeExecutionData } from 'n8n-workflow';
import { writeParameters } from '../../../nodes/shared/parameters';
import { formOf } from '../../../src/execute';
import { findOperation } from '../../../src/operations';
import { cases, type Case } from '../../../test/contract/cases';
import { createClips, type Clips } from '../../../test/support/clips';
import { type Form, formsOf, readDescriptions } from '../descriptions';
import { itemsOf } from '../execution';
import { probe } from '../probe';
import { type Client, ended } from '../rest';
import { n8nVersion, nodeVersion } from '../settings';
import type { Stage, Step } from '../stage';

const webhook = { id: crypto.randomUUID(), name: 'Files', type: 'n8n-nodes-base.webhook', typeVersion: 2, webhookId: crypto.randomUUID(), position: [0, 0] as [number, number], parameters: { path: 'files', httpMethod: 'POST', responseMode: 'onReceived' } };

/** Runs every operation of every node once, on the cases of the contract: one item with all the files, sent as by a form, and each node takes its own. */
export const operations: Step = {
	name: 'operations',
	async run({ packageFolder, server, outside }: Stage) {
		const { client } = await server();
		const clips = await createClips();
		try {
			const storage = await client.createCredential('Storage', 'aiAgentToolsS3Api', outside.storage);
			const forms = formsOf(await readDescriptions(packageFolder));
			const files = new Map<string, string>();
			const tried = await Promise.all(cases.flatMap((one) => forms.filter(({ operation }) => operation === one.operation).map((form) => attemptOf(one, form, clips, files))));
			const nodes = tried.map(({ node }, index): INode => ({ ...node, position: [400, index * 200], onError: 'continueRegularOutput', ...(usesStorage(node) && { credentials: { aiAgentToolsS3Api: { id: storage.id, name: storage.name } } }) }));
			const workflow = await client.createWorkflow({ name: 'Every operation', nodes: [webhook, ...nodes], connections: { Files: { main: [nodes.map(({ name }) => ({ node: name, type: 'main' as const, index: 0 }))] } } });
			await client.activate(workflow);
			await client.upload('files', await formData(files));
			const { id } = await client.executionWith(workflow.id, ended, 300_000);
			const execution = await client.execution(id);
			const faults = await Promise.all(tried.map(({ node, expected }) => faultOf(node, itemsOf(execution, node.name)[0], expected, client)));
			const found = faults.filter((fault) => fault !== undefined);
			if (found.length > 0) throw new Error(found.join('\n'));
			const told = tried.filter(({ operation }) => operation === 'doctor').map(({ node }) => itemsOf(execution, node.name)[0]?.json.findings);
			expect(told).toEqual([expect.arrayContaining([expect.objectContaining({ name: 'n8n', detail: expect.stringMatching(`^${n8nVersion} on Node.js ${nodeVersion};`) })])]);
			return `${tried.length} nodes ran their operation on ${files.size} files`;
		} finally {
			await clips.remove();
		}
	},
};

const usesStorage = ({ type }: INode) => type.endsWith('.storageTools');

/** The node with the case in its form; the files it wants are added to those that are sent. */
async function attemptOf({ operation, input, expected }: Case, { node }: Form, clips: Clips, files: Map<string, string>) {
	const contract = findOperation(operation);
	if (!contract) throw new Error(`Expected a known operation, got ${operation}`);
	const sent = await asBinary(await input(clips), clips, files);
	return { operation, expected, node: { ...node, parameters: { ...node.parameters, ...writeParameters(formOf(contract), sent as Record<string, unknown>) } } as INode };
}

/** Names a binary field for each file, and for bytes that stand in the input itself. */
async function asBinary(value: unknown, clips: Clips, files: Map<string, string>): Promise<unknown> {
	if (Array.isArray(value)) return Promise.all(value.map((one) => asBinary(one, clips, files)));
	if (typeof value !== 'object' || value === null) return value;
	if ('base64' in value) return asBinary({ file: await clips.file('bytes.bin', Buffer.from(String(value.base64), 'base64')) }, clips, files);
	if ('file' in value && typeof value.file === 'string') {
		const name = basename(value.file).replaceAll('.', '_');
		files.set(name, value.file);
		return { binary: name };
	}
	const entries = Object.entries(value).map(async ([key, one]) => [key, await asBinary(one, clips, files)] as const);
	return Object.fromEntries(await Promise.all(entries));
}

async function formData(files: Map<string, string>): Promise<FormData> {
	const form = new FormData();
	for (const [name, path] of files) form.append(name, new Blob([await readFile(path)]), basename(path));
	return form;
}

/** What is wrong with a node's answer: its JSON is that of the contract, and each file is what the JSON says it is. */
async function faultOf({ name }: INode, item: INodeExecutionData | undefined, expected: Record<string, unknown>, client: Client): Promise<string | undefined> {
	try {
		expect(item?.json).toMatchObject({ ...expected, warnings: expect.any(Array) });
		for (const file of Object.values(item?.binary ?? {})) await checkFile(file, await client.binary(file));
		return undefined;
	} catch (error) {
		return `${name}: ${String(error)}\n${JSON.stringify(item?.json)?.slice(0, 400)}`;
	}
}

async function checkFile({ fileName = '', mimeType, bytes }: IBinaryData, content: Buffer): Promise<void> {
	expect(content.length).toBe(bytes ?? content.length);
	const folder = await mkdtemp(join(tmpdir(), 'n8n-file-'));
	try {
		const path = join(folder, fileName);
		await writeFile(path, content);
		const { video, audio } = await probe(path);
		expect(mimeType.startsWith('audio/') ? audio : video).toBeDefined();
	} finally {
		await rm(folder, { recursive: true });
	}
}
