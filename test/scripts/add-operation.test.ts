import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { transformFileSync } from '@swc/core';
import { createRunPodClient } from '../../src/runpod/client';
import { startProcess } from '../support/main-process';

const source = `import { z } from 'zod/v4';
import { defineOperation } from '../../operation';

export const countWords = defineOperation({
	name: 'count_words',
	group: 'utility',
	title: 'Count Words',
	action: 'Count the words of a text',
	summary: 'Tell how many words a text has',
	light: true,
	input: z.object({ text: z.string().min(1).max(1000), shortest: z.number().int().min(1).max(20).default(1) }),
	output: z.object({ words: z.number().int() }),
	fields: {
		text: { label: 'Text', lines: 4 },
		shortest: { label: 'Shortest Word', hint: 'Letters that a word has at least', advanced: true },
	},
	example: { text: 'Hello brave new world.' },
	run: async ({ text, shortest }) => ({ words: text.split(/\\s+/).filter(({ length }) => length >= shortest).length }),
});
`;

const root = join(__dirname, '../..');
const copy = mkdtempSync(join(tmpdir(), 'add-operation-'));
const program = join(copy, 'dist/gpu-runtime/main.js');
const env = { ...process.env, AI_AGENT_TOOLS_SCRATCH: join(copy, 'scratch'), AI_AGENT_TOOLS_DATA: join(copy, 'data'), AI_AGENT_TOOLS_PORT: '0' };
const rooms = ['src', 'gpu-runtime', 'nodes', 'credentials'];

const node = (...args: string[]) => execFileSync(process.execPath, args, { cwd: copy, env, encoding: 'utf8' });

/** What CONTRIBUTING.md asks for, but for tests: one new file, its import, and its line in the registry. */
function addOperation(): void {
	writeFileSync(join(copy, 'src/operations/utility/count-words.ts'), source);
	const registry = join(copy, 'src/operations/index.ts');
	const text = readFileSync(registry, 'utf8');
	writeFileSync(registry, `import { countWords } from './utility/count-words';\n${text.replace('\tdoctor,\n];', '\tdoctor,\n\tcountWords,\n];')}`);
}

/** Compiles the copy without checking its types, which would take longer than all the rest. */
function build(): void {
	for (const room of rooms) {
		for (const name of readdirSync(join(copy, room), { recursive: true, encoding: 'utf8' })) {
			if (!name.endsWith('.ts') || name.endsWith('.d.ts')) continue;
			const { code } = transformFileSync(join(copy, room, name), { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' }, configFile: false, swcrc: false });
			const target = join(copy, 'dist', room, name.replace(/\.ts$/, '.js'));
			mkdirSync(dirname(target), { recursive: true });
			writeFileSync(target, code);
		}
	}
}

describe('one new file and its entry in the registry make an operation', () => {
	beforeAll(() => {
		for (const name of [...rooms, 'scripts', 'package.json']) cpSync(join(root, name), join(copy, name), { recursive: true });
		symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
		mkdirSync(join(copy, 'docs'));
		addOperation();
		build();
	});
	afterAll(() => rmSync(copy, { recursive: true, force: true }));

	it('which is in the form of the node of its group, with its fields', () => {
		const form = node('-e', `const { VideoTools } = require(${JSON.stringify(join(copy, 'dist/nodes/VideoTools/VideoTools.node.js'))}); process.stdout.write(JSON.stringify(new VideoTools().description.properties))`);
		const properties = JSON.parse(form) as { name: string; options?: unknown[]; displayOptions?: { show?: { operation?: string[] } } }[];
		expect(properties.find(({ name }) => name === 'operation')?.options).toContainEqual({ name: 'Count Words', value: 'count_words', action: 'Count the words of a text', description: 'Tell how many words a text has' });
		const own = properties.filter(({ displayOptions }) => displayOptions?.show?.operation?.includes('count_words'));
		expect(own.find(({ name }) => name === 'text')).toMatchObject({ displayName: 'Text', type: 'string', typeOptions: { rows: 4 }, required: true });
		expect(own.find(({ name }) => name === 'options')?.options).toContainEqual(expect.objectContaining({ displayName: 'Shortest Word', type: 'number', default: 1 }));
	});

	it('which the command line lists and runs, in the embedded process', () => {
		expect(node(program, 'operations')).toContain('count_words                Tell how many words a text has');
		expect(JSON.parse(node(program, 'run', 'count_words', '--input', '{"text":"A brave new world","shortest":4}'))).toMatchObject({ status: 'success', result: { words: 2 } });
	});

	it('which a server answers', async () => {
		process.env.AI_AGENT_TOOLS_DIST = join(copy, 'dist'); // Where startProcess looks for the program.
		const server = startProcess('serve', env);
		try {
			const [, baseUrl = ''] = await server.says(/Serving (\S+)\/local/);
			const client = createRunPodClient({ baseUrl, endpointId: 'local', apiKey: '' });
			expect(await client.run({ operation: 'count_words', text: 'A brave new world' })).toMatchObject({ status: 'success', result: { words: 4 } });
		} finally {
			await server.stop();
		}
	});

	it('which the reference shows', () => {
		node(join(root, 'node_modules/tsx/dist/cli.mjs'), 'scripts/docs.ts');
		const page = readFileSync(join(copy, 'docs/operations.md'), 'utf8');
		expect(page).toContain('ai-agent-tools run count_words ');
		expect(page).toContain('| `shortest` |');
	});
});
