import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { createHost as CreateHost, embeddedHost as EmbeddedHost, HostJob } from '../../gpu-runtime/host';
import { Cancelled } from '../../src/errors';
import { built, dist } from '../support/dist';
import { aliveInGroup, isAlive, until } from '../support/processes';

const { createHost, embeddedHost } = built<{ createHost: typeof CreateHost; embeddedHost: typeof EmbeddedHost }>('gpu-runtime/host.js');

const folder = mkdtempSync(join(tmpdir(), 'host-test-'));
const env = { ...process.env, AI_AGENT_TOOLS_SCRATCH: folder, AI_AGENT_TOOLS_LOG: 'silent' };
const hosts: ReturnType<typeof createHost>[] = [];
const make = (options: Partial<Parameters<typeof createHost>[0]> = {}) => {
	const host = createHost({ idle: 60, grace: 1, env, ...options });
	hosts.push(host);
	return host;
};
const job = (text: string, more: Partial<HostJob> = {}): HostJob => ({
	operation: 'generate_draft_tts',
	input: { text },
	folder: mkdtempSync(join(folder, 'job-')),
	signal: new AbortController().signal,
	...more,
});
const endless = 'This sentence goes on and on. '.repeat(5000);
const pidOf = async (host: ReturnType<typeof createHost>) => {
	const pid = await host.pid();
	if (pid === undefined) throw new Error('Expected a running child');
	return pid;
};

afterEach(async () => {
	await Promise.all(hosts.splice(0).map((host) => host.close()));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the embedded runtime', () => {
	it('is gone when closing it has ended', async () => {
		const host = make();
		await host.run({ ...job(''), operation: 'list_fonts', input: {} });
		const pid = await pidOf(host);
		await host.close();
		expect(isAlive(pid)).toBe(false);
	});

	it('is given the settings for its work and for proxies, and none of n8n\'s own', async () => {
		const given = { AI_AGENT_TOOLS_SCRATCH: folder, NODE_USE_ENV_PROXY: '1', NO_PROXY: 'box', https_proxy: 'http://proxy:3128' };
		const before = { ...process.env };
		Object.assign(process.env, given, { N8N_ENCRYPTION_KEY: 'very-secret', DB_POSTGRESDB_PASSWORD: 'very-secret' });
		const { host } = await embeddedHost();
		hosts.push(host);
		await host.run({ ...job(''), operation: 'list_fonts', input: {} });
		process.env = before;
		const has = readFileSync(`/proc/${await pidOf(host)}/environ`, 'utf8').split('\0');
		expect(has).toEqual(expect.arrayContaining(Object.entries(given).map((pair) => pair.join('='))));
		expect(has.join()).not.toContain('very-secret');
	});

	it('is one child for all jobs, and tells how far they are', async () => {
		const host = make();
		const seen: number[] = [];
		const answers = await Promise.all([host.run(job('One.', { onProgress: (fraction) => seen.push(fraction) })), host.run(job('Two.'))]);
		const pid = await pidOf(host);
		await host.run(job('Three.'));
		expect(answers.map(({ status }) => status)).toEqual(['success', 'success']);
		expect(await host.pid()).toBe(pid);
		expect(seen.at(-1)).toBe(1);
	});

	it('stops a job when asked, and is well for the next', async () => {
		const host = make();
		const stop = new AbortController();
		const running = host.run(job(endless, { signal: stop.signal, onProgress: () => stop.abort(new Cancelled()) }));
		expect(await running).toMatchObject({ status: 'error', error: { type: 'Cancelled' } });
		expect(await host.run(job('Next.'))).toMatchObject({ status: 'success' });
	});

	it('a job that waits its turn can be stopped too', async () => {
		const host = make();
		const stop = new AbortController();
		const first = host.run(job('First. '.repeat(200), { onProgress: () => stop.abort(new Cancelled()) }));
		const second = host.run(job('Second.', { signal: stop.signal }));
		expect(await second).toMatchObject({ error: { type: 'Cancelled' } });
		expect(await first).toMatchObject({ status: 'success' });
	});

	it('a job stopped before the child is ready is not begun', async () => {
		const stop = new AbortController();
		const running = make().run(job('Early.', { signal: stop.signal }));
		stop.abort(new Cancelled());
		await expect(running).rejects.toMatchObject({ type: 'Cancelled' });
	});

	it('a child killed in mid-job fails the job with its reason, leaves no process, and the next job works', async () => {
		const host = make();
		let group = 0;
		const running = host.run(job(endless, { onProgress: () => process.kill(group, 'SIGKILL') }));
		group = await pidOf(host);
		await expect(running).rejects.toMatchObject({ code: 'runtime_crashed', retryable: true, message: expect.stringContaining('SIGKILL') });
		await until(() => aliveInGroup(group).length === 0);
		expect(await host.run(job('Again.'))).toMatchObject({ status: 'success' });
	});

	it('a child that does not stop in time is killed', async () => {
		const host = make({ grace: 0.2 });
		const stop = new AbortController();
		let pid = 0;
		const running = host.run(job(endless, { signal: stop.signal, onProgress: () => {
			// Frozen, it can answer nobody.
			process.kill(pid, 'SIGSTOP');
			stop.abort(new Cancelled());
		} }));
		pid = await pidOf(host);
		await expect(running).rejects.toMatchObject({ type: 'Cancelled' });
		await until(() => aliveInGroup(pid).length === 0);
	});

	it('gives its memory back when idle, and comes again', async () => {
		const host = make({ idle: 0.2 });
		await host.run(job('One.'));
		const pid = await pidOf(host);
		await until(() => !isAlive(pid));
		expect(await host.run(job('Two.'))).toMatchObject({ status: 'success' });
		expect(await host.pid()).not.toBe(pid);
	});

	it('ends with its parent, however that ends, and leaves no file', async () => {
		const scratch = mkdtempSync(join(folder, 'parent-'));
		const script = `
			const { createHost } = require(${JSON.stringify(dist('gpu-runtime/host.js'))});
			const { makeScratch } = require(${JSON.stringify(dist('gpu-runtime/scratch.js'))});
			(async () => {
				const host = createHost({ idle: 60, grace: 1, env: process.env });
				const folder = await makeScratch(${JSON.stringify(scratch)});
				const running = host.run({ operation: 'generate_draft_tts', input: { text: ${JSON.stringify(endless.slice(0, 50_000))} }, folder, signal: new AbortController().signal, onProgress: () => process.stdout.write('at work\\n') });
				process.stdout.write('pid ' + await host.pid() + '\\n');
				await running;
			})();`;
		const parent = spawn(process.execPath, ['-e', script], { env, stdio: ['ignore', 'pipe', 'inherit'] });
		let output = '';
		parent.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
		await until(() => output.includes('at work') && output.includes('pid'));
		parent.kill('SIGKILL');
		const group = Number(/pid (\d+)/.exec(output)?.[1]);
		await until(() => aliveInGroup(group).length === 0);
		expect(readdirSync(scratch)).toEqual([]);
	});
});
