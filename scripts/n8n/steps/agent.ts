import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { INode } from 'n8n-workflow';
import { filmMaker, itemTold, startChatModel, toldIn } from '../../../test/support/chat-model';
import { itemsOf } from '../execution';
import { probe } from '../probe';
import type { Client, Stored } from '../rest';
import type { Stage, Step } from '../stage';
import { readTemplates, type WorkflowJson } from '../workflows';

/** Lets n8n's own AI Agent make a film: with the template as it is, and then with Kokoro and a storage. The model follows a script. */
export const agent: Step = {
	name: 'agent',
	async run({ server, outside }: Stage) {
		const { client } = await server();
		const model = await startChatModel(filmMaker);
		try {
			const chat = await client.createCredential('Chat model', 'openAiApi', { apiKey: 'none', url: model.url });
			const storage = await client.createCredential('Storage', 'aiAgentToolsS3Api', outside.storage);
			const template = (await readTemplates()).find(({ id }) => id === 'ai-agent');
			if (!template) throw new Error('Expected the template ai-agent');
			const asItIs = withCredential(template, '.lmChatOpenAi', 'openAiApi', chat);
			const stored = withCredential(withKokoro(asItIs), '.videoToolsTool', 'aiAgentToolsS3Api', storage);
			const seen: string[] = [];
			for (const workflow of [asItIs, stored]) seen.push(await film(workflow, client, () => toldIn(model.asked.at(-1) ?? { model: '', messages: [] })));
			return seen.join('; ');
		} finally {
			await model.close();
		}
	},
};

const withCredential = (workflow: WorkflowJson, type: string, credential: string, { id, name }: Stored): WorkflowJson => ({
	...workflow,
	nodes: workflow.nodes.map((node): INode => (node.type.endsWith(type) ? { ...node, credentials: { [credential]: { id, name } } } : node)),
});

/** What the note in the template tells to do for a natural voice. */
const withKokoro = (workflow: WorkflowJson): WorkflowJson => ({
	...workflow,
	nodes: workflow.nodes.map((node) => (node.parameters.speech === 'draft' ? { ...node, parameters: { ...node.parameters, speech: 'kokoro', speechKokoro: { voice: "={{ $fromAI('voice', 'An id that Get many voices names', 'string') }}" } } } : node)),
});

async function film(workflow: WorkflowJson, client: Client, told: () => string[]): Promise<string> {
	const execution = await client.runWorkflow(workflow, 'When clicking ‘Execute workflow’', 240_000);
	const { error } = execution.data.resultData;
	if (execution.status !== 'success') throw new Error(`The agent ended with ${execution.status}: ${error?.message}\n${told().join('\n')}`);
	const answers = told();
	const large = answers.filter((answer) => Buffer.byteLength(answer) >= 4000 || /[\w+/]{500}/.test(answer));
	if (large.length > 0) throw new Error(`Expected less than 4 kB and no bytes, got ${large.join('\n')}`);
	if (!answers[0]?.includes('Expected a language of Kokoro (en-us, en-gb')) throw new Error(`Expected the languages there are, got ${answers[0]}`);
	const { url = '', key } = itemTold(answers.at(-1)).video as { url?: string; key?: string };
	const output = String(itemsOf(execution, 'AI Agent')[0]?.json.output);
	if (!url || !output.includes(url)) throw new Error(`Expected the link to the film in the agent's answer, got ${output}`);
	return `${answers.map((answer) => Buffer.byteLength(answer)).join(', ')} bytes told; ${key === undefined ? 'n8n\'s link' : `link to ${key}`}: ${await measure(url)}`;
}

async function measure(url: string): Promise<string> {
	const response = await fetch(url);
	if (!response.ok) throw new Error(`The link to the film answered ${response.status}: ${url}`);
	const folder = await mkdtemp(join(tmpdir(), 'n8n-agent-'));
	try {
		const path = join(folder, 'film.mp4');
		await writeFile(path, Buffer.from(await response.arrayBuffer()));
		const { video, audio } = await probe(path);
		const seen = `${video?.codec_name}/${audio?.codec_name} ${video?.width}×${video?.height}, ${video?.duration} s`;
		if (!seen.startsWith('h264/aac 720×1280')) throw new Error(`Expected h264/aac 720×1280, got ${seen}`);
		return seen;
	} finally {
		await rm(folder, { recursive: true });
	}
}
