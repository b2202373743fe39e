import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Stage, Step } from '../stage';

const type = 'aiAgentToolsRunPodApi';
const key = 'sesame';

/** Presses Test on the RunPod credential: the right key, a wrong one, an unknown endpoint, and nobody there. */
export const credentials: Step = {
	name: 'credentials',
	async run({ server }: Stage) {
		const { client } = await server();
		const endpoint = await standIn();
		const baseUrl = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/v2`;
		const right = { baseUrl, endpointId: 'local', apiKey: key };
		const stored = await client.createCredential('RunPod', type, right);
		const answer = async (changed: Partial<typeof right>) => {
			const { status, message } = await client.testCredential(stored, type, { ...right, ...changed });
			return `${status}: ${message}`;
		};
		try {
			expectAnswer('the right key', await answer({}), /^OK/);
			expectAnswer('a wrong key', await answer({ apiKey: 'guess' }), /^Error: .*API key/);
			expectAnswer('an unknown endpoint', await answer({ endpointId: 'nowhere' }), /^Error: .*endpoint/i);
		} finally {
			endpoint.close();
		}
		expectAnswer('nobody there', await answer({}), /^Error: ./);
		return 'right key, wrong key, unknown endpoint and nobody there are told apart';
	},
};

/** Answers like an endpoint's health check, to those with the key. */
async function standIn(): Promise<HttpServer> {
	const server = createServer((request, response) => {
		const status = request.headers.authorization !== `Bearer ${key}` ? 401 : request.url === '/v2/local/health' ? 200 : 404;
		response.writeHead(status, { 'content-type': 'application/json' }).end(status === 200 ? '{"jobs":{},"workers":{"idle":1}}' : '{}');
	}).listen(0, '127.0.0.1');
	await once(server, 'listening');
	return server;
}

function expectAnswer(to: string, answer: string, wanted: RegExp): void {
	if (!wanted.test(answer)) throw new Error(`Expected the answer to ${to} to match ${wanted}, got "${answer}"`);
}
