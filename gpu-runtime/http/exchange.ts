import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** An answer other than success; `message` goes to the client. */
export class HttpProblem extends Error {
	constructor(
		readonly status: number,
		message: string,
		readonly headers: OutgoingHttpHeaders = {},
	) {
		super(message);
		this.name = 'HttpProblem';
	}
}

export function answer(response: ServerResponse, status: number, body: unknown, headers: OutgoingHttpHeaders = {}): void {
	const text = JSON.stringify(body);
	response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), 'cache-control': 'no-store', ...headers }).end(text);
}

/** Seconds that a client is heard out after an early answer. */
const patience = 10;

/** Answers a client that may still be sending, and closes. Not at once: a connection that is closed before everything sent was read takes the answer with it. */
export function refuse(request: IncomingMessage, response: ServerResponse, { status, message, headers }: HttpProblem): void {
	if (headers.connection !== 'close' || request.complete) return answer(response, status, { error: message }, headers);
	const text = JSON.stringify({ error: message });
	response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), ...headers }).write(text);
	const timer = setTimeout(() => response.end(), patience * 1000).unref();
	for (const ending of ['end', 'close'])
		request.once(ending, () => {
			clearTimeout(timer);
			response.end();
		});
	request.resume();
}

/** The JSON of a body of at most `limit` bytes, counted while it comes, whatever its Content-Type. */
export async function readJson(request: IncomingMessage, limit: number): Promise<unknown> {
	const tooLarge = new HttpProblem(413, `request body too large; at most ${limit} bytes`, { connection: 'close' });
	if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge;
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of bytesOf(request)) {
		size += chunk.length;
		if (size > limit) throw tooLarge;
		chunks.push(chunk);
	}
	try {
		return JSON.parse(Buffer.concat(chunks).toString('utf8'));
	} catch {
		throw new HttpProblem(400, 'the body is no JSON');
	}
}

/** An aborted loop must leave the connection open for the answer. */
const bytesOf = (request: IncomingMessage): AsyncIterable<Buffer> => request.iterator({ destroyOnReturn: false });

export function allow(request: IncomingMessage, ...methods: string[]): void {
	if (!methods.includes(request.method ?? '')) throw new HttpProblem(405, `method not allowed; use ${methods.join(' or ')}`, { allow: methods.join(', ') });
}
