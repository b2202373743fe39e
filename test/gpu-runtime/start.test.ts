import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

describe('the container\'s program', () => {
	const folder = mkdtempSync(join(tmpdir(), 'start-'));
	const program = join(folder, 'start.sh');
	const bare = { PATH: process.env.PATH };

	beforeAll(() => {
		cpSync(join(__dirname, '../../gpu-runtime/start.sh'), program);
		mkdirSync(join(folder, 'dist/gpu-runtime'), { recursive: true });
		writeFileSync(join(folder, 'dist/gpu-runtime/main.js'), 'process.stdout.write(process.argv.slice(2).join(" "))');
	});
	afterAll(() => rmSync(folder, { recursive: true }));

	const starts = (args: string[], env = {}) => execFileSync('sh', [program, ...args], { env: { ...bare, ...env }, encoding: 'utf8' });

	/** Exit code of the health check. */
	async function health(env: Record<string, string>): Promise<number> {
		const [code] = (await once(spawn('sh', [program, 'health'], { env: { ...bare, ...env } }), 'close')) as [number];
		return code;
	}

	it('serves, works where RunPod has told it of its queue, and runs any command it is given', () => {
		expect(starts([])).toBe('serve');
		expect(starts([], { RUNPOD_WEBHOOK_GET_JOB: 'https://example.com/job-take/x' })).toBe('worker');
		expect(starts(['models', 'list'])).toBe('models list');
	});

	it('is healthy while /healthz answers, and as a worker, which has no door', async () => {
		const asked: (string | undefined)[] = [];
		const server = createServer((request, response) => response.writeHead(asked.push(request.url) === 1 ? 200 : 503).end()).listen(0, '127.0.0.1');
		await once(server, 'listening');
		const AI_AGENT_TOOLS_PORT = String((server.address() as AddressInfo).port);
		expect([await health({ AI_AGENT_TOOLS_PORT }), await health({ AI_AGENT_TOOLS_PORT })]).toEqual([0, 1]);
		expect(asked).toEqual(['/healthz', '/healthz']);
		server.close();
		expect([await health({ AI_AGENT_TOOLS_PORT }), await health({ AI_AGENT_TOOLS_PORT, RUNPOD_WEBHOOK_GET_JOB: 'x' })]).toEqual([1, 0]);
	});
});
