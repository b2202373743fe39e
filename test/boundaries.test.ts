import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { dist } from './support/dist';

const root = join(__dirname, '..');
const rooms = ['credentials', 'nodes', 'src', 'gpu-runtime'];
const files = rooms.flatMap((room) =>
	readdirSync(join(root, room), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts')).map((name) => join(room, name)),
);

interface Import {
	from: string;
	to: string;
	/** Loaded when the file is, and not on first use. */
	eager: boolean;
	/** Gone after compiling. */
	isType: boolean;
}

const importsOf = (file: string): Import[] => {
	const text = readFileSync(join(root, file), 'utf8');
	const all = [...text.matchAll(/^(?:import|export)\s+(type\s)?[^;]*?from\s+'([^']+)'|\bimport\(\s*'([^']+)'\s*\)|\brequire(?:\.resolve)?\(\s*'([^']+)'\s*\)/gm)];
	return all.map(([, isType, direct, dynamic, required]) => {
		const target = direct ?? dynamic ?? required ?? '';
		const to = target.startsWith('.') ? relative(root, resolve(root, dirname(file), target)).replace(/\.js$/, '') : target;
		return { from: file, to, eager: direct !== undefined && isType === undefined, isType: isType !== undefined };
	});
};
const imports = files.flatMap(importsOf);
const isPackage = ({ to }: Import) => !rooms.some((room) => to.startsWith(`${room}/`));
const found = (wrong: (one: Import) => boolean) => imports.filter(wrong).map(({ from, to }) => `${from} → ${to}`);

describe('who may import whom', () => {
	it('credentials import n8n-workflow only', () => {
		expect(found((one) => one.from.startsWith('credentials/') && !/^(n8n-workflow|node:crypto|src\/)/.test(one.to))).toEqual([]);
	});

	it('nodes import src, n8n-workflow and Node itself, and the runtime through one door', () => {
		const allowed = (one: Import) => /^(n8n-workflow$|node:|src\/|nodes\/)/.test(one.to) || (one.to.startsWith('gpu-runtime/') && one.from === 'nodes/shared/backend.ts');
		expect(found((one) => one.from.startsWith('nodes/') && !allowed(one))).toEqual([]);
	});

	it('the door to the runtime opens on first use', () => {
		expect(found((one) => one.from.startsWith('nodes/') && one.eager && one.to.startsWith('gpu-runtime/'))).toEqual([]);
	});

	it('the runtime imports neither nodes nor n8n', () => {
		expect(found((one) => one.from.startsWith('gpu-runtime/') && /^(nodes|credentials)\/|^n8n/.test(one.to))).toEqual([]);
	});

	it('src imports neither n8n, nor the runtime, nor what touches the machine; its two clients may speak http', () => {
		const client = ({ from, to }: Import) => /^src\/(runpod|storage)\//.test(from) && /^node:https?$/.test(to);
		expect(found((one) => one.from.startsWith('src/') && !client(one) && /^(gpu-runtime|nodes|credentials)\/|^n8n|^onnxruntime|^node:(fs|child_process|net|http|https|worker_threads|os)\b/.test(one.to))).toEqual([]);
	});

	it('operations import no other operation', () => {
		expect(found((one) => one.from.startsWith('src/operations/') && one.from !== 'src/operations/index.ts' && one.to.startsWith('src/operations/'))).toEqual([]);
	});

	it.each([
		['onnxruntime-node', /^gpu-runtime\/engines\/onnx/],
		['fluent-ffmpeg', /^gpu-runtime\/engines\/ffmpeg/],
	])('%s is imported in one file', (name, place) => {
		const users = [...new Set(imports.filter(({ to, isType }) => to === name && !isType).map(({ from }) => from))];
		expect(users.length).toBeLessThanOrEqual(1);
		for (const user of users) expect(user).toMatch(place);
	});

	it('there are no cycles', () => {
		const edges = new Map(files.map((file) => [file.replace(/\.ts$/, ''), imports.filter((one) => one.from === file && !isPackage(one)).map(({ to }) => to)]));
		const at = (name: string) => (edges.has(name) ? name : `${name}/index`);
		const done = new Set<string>();
		const walk = (name: string, path: string[]): string | undefined => {
			if (path.includes(name)) return [...path.slice(path.indexOf(name)), name].join(' → ');
			if (done.has(name)) return undefined;
			for (const next of edges.get(name) ?? []) {
				const cycle = walk(at(next), [...path, name]);
				if (cycle) return cycle;
			}
			done.add(name);
			return undefined;
		};
		expect([...edges.keys()].map((name) => walk(name, [])).filter(Boolean)).toEqual([]);
	});
});

describe('what loading the nodes costs', () => {
	it('requiring every built node and credential loads no heavy module and leaves nothing running', () => {
		const { nodes, credentials } = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { n8n: { nodes: string[]; credentials: string[] } }).n8n;
		const paths = [...nodes, ...credentials].map((path) => dist(path.replace(/^dist\//, '')));
		const script = `
			void [process.stdout, process.stderr];
			const [before, handles] = [new Set(Object.keys(require.cache)), process.getActiveResourcesInfo()];
			for (const path of ${JSON.stringify(paths)}) for (const Class of Object.values(require(path))) new Class();
			const heavy = Object.keys(require.cache).filter((file) => !before.has(file) && /onnxruntime|fluent-ffmpeg|@aws-sdk|@ffmpeg-installer|@ffprobe-installer|espeak|axios|@huggingface|gpu-runtime/.test(file));
			process.stdout.write(JSON.stringify({ heavy, handles: process.getActiveResourcesInfo().slice(handles.length) }));`;
		const output = execFileSync(process.execPath, ['-e', script], { cwd: root, encoding: 'utf8' });
		expect(JSON.parse(output)).toEqual({ heavy: [], handles: [] });
	});
});
