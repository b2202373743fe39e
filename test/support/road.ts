import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * What goes wrong with one call: a status, a connection dropped while the request comes (`drop`), after it was dealt with
 * (`lost`) or in the middle of the answer (`cut`), or an answer that never comes (`silent`).
 */
export type RoadFault = number | 'drop' | 'lost' | 'cut' | 'silent';

/** The name by which the server behind a road is told that it was reached. */
const inside = 'inside.invalid';

/**
 * A road to a server on loopback, as a reverse proxy under /tools/ or as a forward proxy. Behind it the server has another
 * name, so that links which it makes lead nowhere.
 */
export async function openRoad(to: string) {
	/** Faults to come, by method; those of the health apart. */
	const faults: Record<string, RoadFault[]> = { PUT: [], GET: [], DELETE: [], HEALTH: [] };
	/** First lines of the requests, as they came. */
	const seen: string[] = [];
	const road = createServer((request, response) => {
		seen.push(`${request.method} ${request.url}`);
		const { pathname, search } = new URL(request.url ?? '/', 'http://road');
		const fault = faults[pathname.endsWith('/health') ? 'HEALTH' : (request.method ?? '')]?.shift();
		if (fault === 'drop') request.once(request.method === 'PUT' ? 'data' : 'resume', () => request.socket.destroy()).resume();
		else if (fault === 'silent') request.resume();
		else if (typeof fault === 'number') request.resume().once('end', () => response.writeHead(fault, { 'content-type': 'application/json' }).end('{"error":"injected"}'));
		else forward(request, response, pathname.replace(/^\/tools\//, '/') + search, fault);
	});
	road.on('connect', ({ url, rawHeaders }: IncomingMessage, socket) => {
		seen.push(`CONNECT ${url} ${rawHeaders.join(' ')}`);
		socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
	});

	function forward(request: IncomingMessage, response: ServerResponse, path: string, fault: 'lost' | 'cut' | undefined) {
		const onward = ask(to + path, { method: request.method, headers: { ...request.headers, host: inside } }, (answer) => {
			if (fault === 'lost') return void answer.resume().once('end', () => response.destroy());
			response.writeHead(answer.statusCode ?? 502, answer.headers);
			if (fault === 'cut') answer.once('data', (chunk: Buffer) => response.write(chunk.subarray(0, chunk.length / 2), () => response.destroy()));
			else answer.pipe(response);
		});
		onward.on('error', () => response.destroy());
		request.pipe(onward);
	}

	await new Promise<void>((done) => road.listen(0, '127.0.0.1', done));
	const url = `http://127.0.0.1:${(road.address() as AddressInfo).port}`;
	return {
		url,
		baseUrl: `${url}/tools/v2`,
		faults,
		seen,
		async close() {
			road.closeAllConnections();
			await new Promise((done) => road.close(done));
		},
	};
}

export type Road = Awaited<ReturnType<typeof openRoad>>;
