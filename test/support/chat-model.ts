import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** Of OpenAI's chat completions. */
export interface Message {
	role: 'system' | 'user' | 'assistant' | 'tool';
	content: string | null;
	tool_calls?: { id: string; type: 'function'; function: { name: string; arguments: string } }[];
	tool_call_id?: string;
}

export interface Asked {
	model: string;
	messages: Message[];
	tools?: { type: 'function'; function: { name: string; description: string; parameters: { properties?: object } } }[];
}

/** What the model does next: it calls a tool, or answers. */
type Turn = { tool: string; input: object } | { answer: string };

/** One turn after the other, each from what the tools have answered so far. */
export type Script = readonly ((told: string[]) => Turn)[];

export const toldIn = ({ messages }: Asked) => messages.flatMap(({ role, content }) => (role === 'tool' ? [content ?? ''] : []));

/** A chat model that follows a script, behind OpenAI's interface. */
export async function startChatModel(script: Script) {
	const asked: Asked[] = [];
	const server = createServer((request, response) => void answer(request, response).catch((error: unknown) => response.writeHead(400).end(JSON.stringify({ error: { message: `The script: ${String(error)}` } }))));
	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));

	async function answer(request: IncomingMessage, response: ServerResponse) {
		if (request.url !== '/v1/chat/completions') return void response.writeHead(404).end();
		const question = (await json(request)) as Asked;
		asked.push(question);
		const told = toldIn(question);
		const turn = script[question.messages.filter(({ role }) => role === 'assistant').length]?.(told) ?? { answer: 'I am at the end of my script' };
		response.writeHead(200, { 'content-type': 'application/json' });
		response.end(JSON.stringify(completion(question.model, messageOf(turn, `call_${told.length}`))));
	}

	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
		asked,
		async close() {
			server.closeAllConnections();
			await new Promise((done) => server.close(done));
		},
	};
}

const messageOf = (turn: Turn, id: string): Message =>
	'answer' in turn ? { role: 'assistant', content: turn.answer } : { role: 'assistant', content: null, tool_calls: [{ id, type: 'function', function: { name: turn.tool, arguments: JSON.stringify(turn.input) } }] };

const completion = (model: string, message: Message) => ({
	id: 'scripted',
	object: 'chat.completion',
	created: 0,
	model,
	choices: [{ index: 0, message, finish_reason: message.tool_calls ? 'tool_calls' : 'stop' }],
	usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
});

type Row = Record<string, unknown>;

/** The whole JSON of a tool's answer; n8n gives a list of its items. */
export const itemTold = (told: string | undefined) => [JSON.parse(told ?? 'null') as unknown].flat()[0] as Row;

/** One value of every row, in whichever of its two forms a list is told. */
const column = (list: unknown, name: string) => {
	const { columns, rows } = list as { columns?: string[]; rows?: unknown[][] };
	return rows ? rows.map((row) => row[columns?.indexOf(name) ?? 0]) : (list as Row[]).map((row) => row[name]);
};

/** In the template ai-agent: asks for voices, wrongly at first, and for fonts, makes the film and tells where it is. */
export const filmMaker: Script = [
	() => ({ tool: 'Get_many_voices_in_Speech_Tools', input: { language: 'tlh' } }),
	() => ({ tool: 'Get_many_voices_in_Speech_Tools', input: { language: '' } }),
	() => ({ tool: 'Get_many_fonts_in_Video_Tools', input: {} }),
	([, voices, fonts]) => ({
		tool: 'Create_a_narrated_and_captioned_video_in_Video_Tools',
		input: { text: 'Hello world.', language: 'en-us', voice: column(itemTold(voices).voices, 'id')[0], font: column(itemTold(fonts).fonts, 'family')[0] },
	}),
	([, , , film]) => {
		const { url, key } = itemTold(film).video as { url?: string; key?: string };
		return { answer: `Here is your film: ${url}${key === undefined ? '' : ` (its key is ${key})`}` };
	},
];
