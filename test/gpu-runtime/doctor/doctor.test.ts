import { tmpdir } from 'node:os';
import type * as Folders from '../../../gpu-runtime/doctor/folders';
import type * as Machine from '../../../gpu-runtime/doctor/machine';
import { examineSettings, examineStorage } from '../../../gpu-runtime/doctor/settings';
import { doctorTable } from '../../../gpu-runtime/commands/doctor-table';
import { readSettings } from '../../../gpu-runtime/settings';
import { built } from '../../support/dist';

const { memory, nodeJs, ownPackage, processors } = built<typeof Machine>('gpu-runtime/doctor/machine.js');
const { examineFolder } = built<typeof Folders>('gpu-runtime/doctor/folders.js');

describe('the machine', () => {
	it('tells which package this is, and asks for a newer Node where it is too old', () => {
		expect(ownPackage().detail).toMatch(/^n8n-nodes-ai-agent-tools \d+\.\d+\.\d+ in /);
		expect(nodeJs().status).toBe('ok');
		expect(nodeJs('18.20.1', '>=20.19')).toMatchObject({ status: 'warning', repair: expect.stringContaining('>=20.19') });
		expect(nodeJs('20.18.0', '>=20.19').status).toBe('warning');
		expect(nodeJs('24.0.0', '>=20.19').status).toBe('ok');
	});

	it('tells what a container gives of its processors, and warns of more threads than that', () => {
		expect(processors(2, { there: 8, allowed: 2 })).toMatchObject({ status: 'ok', detail: expect.stringMatching(/^8.*, of which the container gives 2; models use 2 threads$/) });
		expect(processors(8, { there: 8, allowed: 2 })).toMatchObject({ status: 'warning', repair: expect.stringContaining('AI_AGENT_TOOLS_THREADS') });
	});

	it('tells the memory that a container may use, and warns where a video does not fit', () => {
		expect(memory({ free: 4e9, total: 8e9, limit: 2e9 })).toEqual({ status: 'ok', detail: '4.0 of 8.0 GB free; the container may use 2.0 GB' });
		for (const little of [{ free: 4e8, total: 8e9, limit: undefined }, { free: 4e9, total: 8e9, limit: 5e8 }]) expect(memory(little)).toMatchObject({ status: 'warning', repair: expect.stringContaining('more memory') });
	});
});

describe('a folder', () => {
	const wanted = { space: 1, setting: 'AI_AGENT_TOOLS_MODELS', unwritable: 'missing', isKept: true } as const;

	it('that will be made is examined where it will be', async () => {
		expect(await examineFolder(`${tmpdir()}/not/there/yet`, wanted, false)).toMatchObject({ status: 'ok', detail: expect.stringMatching(/yet, \d+\.\d GB free$/) });
	});

	it('without room, or lost with its container, is warned of with the variable that moves it', async () => {
		expect(await examineFolder(tmpdir(), { ...wanted, space: Infinity }, false)).toMatchObject({ status: 'warning', repair: expect.stringContaining('AI_AGENT_TOOLS_MODELS') });
		expect(await examineFolder('/not-there-yet', wanted, true)).toMatchObject({ status: 'warning', detail: expect.stringContaining('lost with this container'), repair: expect.stringContaining('volume') });
		expect((await examineFolder('/not-there-yet', { ...wanted, isKept: false }, true)).status).toBe('ok');
	});
});

describe('settings', () => {
	it('are told by name and never by value; a name that is none is warned of', () => {
		const set = { AI_AGENT_TOOLS_API_KEY: 'very-secret', AI_AGENT_TOOLS_DEVICE: 'cpu', PATH: '/bin' };
		expect(examineSettings(readSettings(set))).toEqual({ status: 'ok', detail: 'AI_AGENT_TOOLS_API_KEY, AI_AGENT_TOOLS_DEVICE' });
		expect(examineSettings(readSettings({ AI_AGENT_TOOLS_MODLES: '/models' }))).toMatchObject({ status: 'warning', detail: expect.stringContaining('no settings are AI_AGENT_TOOLS_MODLES'), repair: expect.stringContaining('docs/embedded.md') });
	});

	it('of storage are told without their keys: those of the node before those of the machine', () => {
		const own = readSettings({ S3_BUCKET_NAME: 'media', AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'very-secret' });
		expect(examineStorage(readSettings({}), undefined).detail).toMatch(/^none is set up/);
		expect(examineStorage(own, undefined).detail).toMatch(/^bucket media at AWS, set up by .*S3_BUCKET_NAME/);
		expect(examineStorage(own, undefined).detail).not.toContain('very-secret');
		expect(own.storage && examineStorage(readSettings({}), { ...own.storage, endpoint: 'https://s3.example.com' }).detail).toBe('bucket media at https://s3.example.com, set up by the S3 credential of the node');
	});
});

describe('the table of a terminal', () => {
	const findings = [
		{ name: 'fonts', status: 'ok', detail: '12 families' },
		{ name: 'memory', status: 'warning', detail: 'one two three four five six seven', repair: 'give the container more of it' },
		{ name: 'ffmpeg', status: 'missing', detail: '/a/very/long/path/that/is/wider/than/the/column is gone' },
	] as const;

	it('keeps to its width, under the column; only a word that is longer stands out', () => {
		const lines = doctorTable(findings, 46).split('\n');
		expect(lines.slice(0, 6)).toEqual([
			'ok       fonts            12 families',
			'warning  memory           one two three four',
			'                          five six seven',
			'                          → give the container',
			'                          more of it',
			'MISSING  ffmpeg           /a/very/long/path/that/is/wider/than/the/column',
		]);
	});

	it('ends with how many are to be mended', () => {
		expect(doctorTable(findings, Infinity).trimEnd().split('\n').at(-1)).toBe('1 missing, 1 warning: the arrows say what to do.');
		expect(doctorTable(findings.slice(0, 1), Infinity)).toContain('\nAll is well.\n');
	});
});
