import type { IDataObject, INodeProperties, INodeType } from 'n8n-workflow';
import type { Asked, Message } from '../chat-model';

/**
 * n8n's AI Agent and its OpenAI model as far as the template uses them: the real ones come with the whole of n8n, in which `npm run e2e`
 * runs the same template. The tools are real: n8n's own engine makes them of the nodes, and calls them.
 */

interface Tool {
	name: string;
	description: string;
	schema: { shape: object };
	invoke(input: unknown): Promise<string>;
}

type Model = (conversation: Pick<Asked, 'messages' | 'tools'>) => Promise<Message>;

const text = (name: string): INodeProperties => ({ displayName: name, name, type: 'string', default: '' });
const flag = (name: string): INodeProperties => ({ displayName: name, name, type: 'boolean', default: true });
const collection = (...options: INodeProperties[]): INodeProperties => ({ displayName: 'Options', name: 'options', type: 'collection', default: {}, options });
const usual = { group: ['transform' as const], description: '', defaults: {} };

const agent: INodeType = {
	description: {
		...usual,
		name: 'agent',
		displayName: 'AI Agent',
		version: [3.1],
		inputs: ['main', { type: 'ai_languageModel', maxConnections: 1, required: true }, { type: 'ai_tool' }],
		outputs: ['main'],
		properties: [text('promptType'), text('text'), collection(text('systemMessage'), flag('passthroughBinaryImages'))],
	},
	async execute() {
		const tools = (await this.getInputConnectionData('ai_tool', 0)) as Tool[];
		const model = (await this.getInputConnectionData('ai_languageModel', 0)) as Model;
		const { systemMessage } = this.getNodeParameter('options', 0) as { systemMessage: string };
		const messages: Message[] = [{ role: 'system', content: systemMessage }, { role: 'user', content: String(this.getNodeParameter('text', 0)) }];
		const told = tools.map(({ name, description, schema }) => ({ type: 'function' as const, function: { name, description, parameters: { properties: schema.shape } } }));
		for (;;) {
			const reply = await model({ messages, tools: told });
			messages.push(reply);
			if (!reply.tool_calls) return [[{ json: { output: reply.content } as IDataObject, pairedItem: { item: 0 } }]];
			for (const call of reply.tool_calls) messages.push({ role: 'tool', tool_call_id: call.id, content: await answerOf(tools, call.function) });
		}
	},
};

/** As n8n's agent does: what a tool fails with is told to the model. */
async function answerOf(tools: Tool[], { name, arguments: given }: { name: string; arguments: string }): Promise<string> {
	const tool = tools.find((one) => one.name === name);
	if (!tool) throw new Error(`Expected one of the tools ${tools.map((one) => one.name).join(', ')}, got ${name}`);
	return tool.invoke(JSON.parse(given)).catch((error: unknown) => JSON.stringify([{ error: error instanceof Error ? error.message : String(error) }]));
}

const lmChatOpenAi: INodeType = {
	description: {
		...usual,
		name: 'lmChatOpenAi',
		displayName: 'OpenAI Chat Model',
		version: [1.3],
		inputs: [],
		outputs: ['ai_languageModel'],
		credentials: [{ name: 'openAiApi', required: true }],
		properties: [{ displayName: 'Model', name: 'model', type: 'resourceLocator', default: { mode: 'list', value: '' } }, flag('responsesApiEnabled'), collection()],
	},
	async supplyData() {
		const { url, apiKey } = await this.getCredentials<{ url: string; apiKey: string }>('openAiApi');
		const { value: name } = this.getNodeParameter('model', 0) as { value: string };
		const model: Model = async (conversation) => {
			const response = await fetch(`${url}/chat/completions`, { method: 'POST', headers: { authorization: `Bearer ${apiKey}` }, body: JSON.stringify({ model: name, ...conversation }) });
			if (!response.ok) throw new Error(await response.text());
			const { choices } = (await response.json()) as { choices: [{ message: Message }] };
			return choices[0].message;
		};
		return { response: model };
	},
};

export const agentNodes: Record<string, INodeType> = Object.fromEntries([agent, lmChatOpenAi].map((node) => [`@n8n/n8n-nodes-langchain.${node.description.name}`, node]));
