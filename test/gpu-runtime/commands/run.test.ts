import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Envelope } from '../../../src/execute';
import { dist } from '../../support/dist';
import { aliveInGroup, until } from '../../support/processes';

const root = mkdtempSync(join(tmpdir(), 'cli-test-'));
const scratch = join(root, 'scratch');
mkdirSync(scratch);
afterEach(() => expect(readdirSync(scratch)).toEqual([]));
afterAll(() => rmSync(root, { recursive: true }));

const start = (...args: string[]) => spawn(process.execPath, [dist('gpu-runtime/main.js'), ...args], { cwd: root, env: { ...process.env, AI_AGENT_TOOLS_SCRATCH: scratch }, stdio: ['ignore', 'pipe', 'pipe'] });

async function cli(...args: string[]) {
	const child = start(...args);
	const [output, log, code] = await Promise.all([text(child.stdout), text(child.stderr), new Promise<number | null>((resolve) => child.on('exit', resolve))]);
	return { output, log, code };
}

const run = async (operation: string, input: unknown, ...more: string[]) => {
	const { output, code, log } = await cli('run', operation, '--input', JSON.stringify(input), ...more);
	return { code, log, answer: JSON.parse(output) as Envelope };
};

describe('ai-agent-tools run', () => {
	it('prints one envelope and puts the files into the folder, never over another', async () => {
		const out = join(root, 'out');
		const [first, second] = [await run('generate_draft_tts', { text: 'One.' }, '--out', out), await run('generate_draft_tts', { text: 'Two.' }, '--out', out)];
		expect(first).toMatchObject({ code: 0, log: '', answer: { status: 'success', result: { audio: { fileName: 'speech.wav', file: join(out, 'speech.wav') } } } });
		expect(second.answer).toMatchObject({ result: { audio: { file: join(out, 'speech-2.wav') } } });
		expect(readdirSync(out).sort()).toEqual(['speech-2.wav', 'speech.wav']);
		expect(statSync(join(out, 'speech.wav')).size).toBeGreaterThan(1000);
	});

	it('prints the error as an envelope too, and ends with 1', async () => {
		expect(await run('generate_draft_tts', { text: '' })).toMatchObject({ code: 1, answer: { status: 'error', error: { type: 'InvalidInput', field: 'text' } } });
		expect(await run('no_such_operation', {})).toMatchObject({ code: 1, answer: { error: { code: 'unknown_operation' } } });
		expect(JSON.parse((await cli('run', 'doctor', '--input', '{')).output)).toMatchObject({ error: { field: 'input', message: expect.stringContaining('Expected valid JSON') } });
	});

	it('reads a file by its path, and the input from a file', async () => {
		const { answer } = await run('generate_draft_tts', { text: 'One.' });
		const input = join(root, 'input.json');
		writeFileSync(input, JSON.stringify({ audio: { file: (answer as unknown as { result: { audio: { file: string } } }).result.audio.file } }));
		const { output } = await cli('run', 'get_audio_info', '--input-file', input);
		expect(JSON.parse(output)).toMatchObject({ status: 'success', result: { sampleRate: 22_050 } });
	});

	it.each(['SIGINT', 'SIGKILL'] as const)('stopped by %s it leaves no process and no file', async (signal) => {
		const child = start('run', 'generate_draft_tts', '--input', JSON.stringify({ text: 'This goes on and on. '.repeat(4000) }));
		const children = () => readChildren(child.pid ?? 0);
		await until(() => children().length > 0 && readdirSync(scratch).length > 0);
		const [group = 0] = children();
		await until(() => aliveInGroup(group).length > 1);
		child.kill(signal);
		await until(() => aliveInGroup(group).length === 0);
		await until(() => readdirSync(scratch).length === 0);
	});
});

describe('the other commands', () => {
	it('doctor tells what works, as a table and as JSON', async () => {
		const table = await cli('doctor');
		expect(table.output).toMatch(/^ok {7}ffmpeg /m);
		const told = JSON.parse((await cli('doctor', '--json')).output) as { healthy: boolean; findings: { name: string }[] };
		expect(told).toMatchObject({ healthy: true, findings: expect.arrayContaining([expect.objectContaining({ name: 'draft voice', status: 'ok' })]) });
		expect(told.findings.map(({ name }) => name)).toEqual(['package', 'Node.js', 'C library', 'processors', 'memory', 'scratch folder', 'ffmpeg', 'ffprobe', 'ffmpeg filters', 'fonts', 'draft voice', 'onnxruntime', 'models', 'models folder', 'storage', 'settings']);
		expect(told.findings).toContainEqual(expect.objectContaining({ name: 'settings', detail: expect.stringContaining('AI_AGENT_TOOLS_SCRATCH') }));
	});

	it('operations lists every operation', async () => {
		expect((await cli('operations')).output).toMatch(/^generate_captioned_video +Make a video/m);
		expect(JSON.parse((await cli('operations', '--json')).output)).toContainEqual(expect.objectContaining({ name: 'transcribe', example: expect.anything() }));
	});

	it('end quietly when their reader has seen enough', async () => {
		const child = start('operations', '--json');
		child.stdout.destroy();
		expect(await Promise.all([text(child.stderr), new Promise((resolve) => child.on('exit', resolve))])).toEqual(['', 0]);
	});

	it.each([
		[['serve', '--port', '3'], "Unknown option '--port'"],
		[['worker', 'now'], "Unexpected argument 'now'"],
		[['doctor', '--jsn'], "Unknown option '--jsn'"],
		[['operations', 'all'], "Unexpected argument 'all'"],
		[['models', 'list', 'all'], 'Expected nothing after list, got all'],
	])('refuse what they do not know rather than leave it out: %p', async (args, told) => {
		const { code, log } = await cli(...args);
		expect(log).toContain(told);
		expect(code).toBeGreaterThan(0);
	});

	it('run tells an option that it does not know in its envelope', async () => {
		expect(JSON.parse((await cli('run', 'list_fonts', '--inpt', '{}')).output)).toMatchObject({ status: 'error', error: { code: 'bad_option', message: expect.stringContaining("Unknown option '--inpt'. \"ai-agent-tools help\" lists") } });
	});

	it('every command tells the usage when it is asked for help', async () => {
		expect(await cli('serve', '--help')).toMatchObject({ code: 0, log: expect.stringContaining('Usage: ai-agent-tools <command>') });
	});

	it('a command nobody knows ends with 2 and the list of commands', async () => {
		expect(await cli('dance')).toMatchObject({ code: 2, log: expect.stringContaining('Unknown command dance') });
	});
});

function readChildren(pid: number): number[] {
	return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
}
