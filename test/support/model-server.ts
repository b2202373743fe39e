import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What goes wrong with a file; counted ones go right after that many requests. */
export interface Fault {
	/** Ends the connection after this many bytes of the body. */
	dropAfter?: number;
	/** How many requests the fault spoils; default all. */
	times?: number;
	/** Serves other bytes of the same length. */
	corrupt?: boolean;
	status?: number;
	/** Milliseconds between two pieces of the body. */
	slow?: number;
	/** Sends the head and then nothing. */
	silent?: boolean;
	noRange?: boolean;
	/** A new ETag at every request, as if the file changed all the time. */
	newEtag?: boolean;
}

export interface SeenRequest {
	method: string;
	path: string;
	range: string | undefined;
	status: number;
}

export const commit = '0123456789abcdef0123456789abcdef01234567';

/** A hub of models on loopback, as far as the store uses one, that can go wrong in many ways. */
export async function startModelServer(files: Record<string, Buffer>) {
	const seen: SeenRequest[] = [];
	const faults = new Map<string, Fault>();
	let connections = 0;
	let bytesSent = 0;

	const server = createServer((request, response) => void answer(request, response));
	server.on('connection', () => connections++);

	async function answer(request: IncomingMessage, response: ServerResponse) {
		const url = decodeURIComponent(request.url ?? '');
		const path = /^\/[^/]+\/[^/]+\/resolve\/[^/]+\/(.+)$/.exec(url)?.[1] ?? '';
		const fault = takeFault(request.method ?? '', path);
		const content = files[path];
		const range = request.headers.range;
		const send = (status: number) => {
			seen.push({ method: request.method ?? '', path, range, status });
			response.statusCode = status;
		};
		if (fault.status !== undefined || !content) {
			send(fault.status ?? 404);
			return response.end();
		}
		const etag = `"${fault.newEtag ? Math.random() : createHash('md5').update(content).digest('hex')}"`;
		response.setHeader('etag', etag);
		response.setHeader('x-repo-commit', commit);
		const start = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
		const partial = start > 0 && !fault.noRange && request.headers['if-range'] === etag;
		const body = (fault.corrupt ? Buffer.alloc(content.length, 'x') : content).subarray(partial ? start : 0);
		if (partial) response.setHeader('content-range', `bytes ${start}-${content.length - 1}/${content.length}`);
		response.setHeader('content-length', body.length);
		send(partial ? 206 : 200);
		if (request.method === 'HEAD') return response.end();
		await sendBody(response, body, fault);
	}

	async function sendBody(response: ServerResponse, body: Buffer, { dropAfter = Infinity, slow = 0, silent }: Fault) {
		response.flushHeaders();
		if (silent) return;
		const step = slow > 0 ? 1000 : 64_000;
		for (let at = 0; at < body.length && !response.destroyed; at += step) {
			const piece = body.subarray(at, Math.min(at + step, dropAfter));
			bytesSent += piece.length;
			response.write(piece);
			if (at + step >= dropAfter) {
				await sleep(20);
				response.destroy();
				return;
			}
			if (slow > 0) await sleep(slow);
		}
		response.end();
	}

	function takeFault(method: string, path: string): Fault {
		const fault = faults.get(path);
		if (!fault || method === 'HEAD') return fault?.status !== undefined && fault.times === undefined ? fault : {};
		if (fault.times !== undefined && --fault.times <= 0) faults.delete(path);
		return fault;
	}

	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	const { port } = server.address() as AddressInfo;
	return {
		endpoint: `http://127.0.0.1:${port}`,
		seen,
		faults,
		get connections() {
			return connections;
		},
		get bytesSent() {
			return bytesSent;
		},
		async close() {
			server.closeAllConnections();
			await new Promise((done) => server.close(done));
		},
	};
}
