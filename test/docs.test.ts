import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { readRequest } from '../src/execute';
import { operations } from '../src/operations';

const root = join(__dirname, '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const pages = ['README.md', ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md')).map((name) => join('docs', name))];
const texts = pages.map((page) => ({ page, text: read(page) }));

const everywhere = (pattern: RegExp) => texts.flatMap(({ page, text }) => [...text.matchAll(pattern)].map(([, found = '']) => ({ page, found })));
const unknown = (pattern: RegExp, known: ReadonlySet<string>) => everywhere(pattern).filter(({ found }) => !known.has(found)).map(({ page, found }) => `${page}: ${found}`);

/** As GitHub makes them. */
const anchors = (text: string) => [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => title.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-'));

describe('the pages', () => {
	it('link to files that are there, and to headings that are in them', () => {
		const dead = everywhere(/\]\(([^)\s]+)\)/g).filter(({ page, found }) => {
			if (/^[a-z]+:/.test(found)) return false;
			const [path = '', anchor] = found.split('#');
			const target = path === '' ? page : relative(root, join(root, dirname(page), path));
			return !existsSync(join(root, target)) || (anchor !== undefined && !anchors(read(target)).includes(anchor));
		});
		expect(dead).toEqual([]);
	});

	it('name environment variables that exist', () => {
		const sources = ['gpu-runtime/settings.ts', 'src/storage/environment.ts', 'gpu-runtime/worker/environment.ts', 'scripts/n8n/settings.ts'].map(read).join();
		const known = new Set(sources.match(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g));
		expect(unknown(/(?<![\w-])((?:AI_AGENT_TOOLS|S3|AWS|BUCKET|FFMPEG|FFPROBE|RUNPOD)_[A-Z0-9_]*[A-Z0-9])\b/g, known)).toEqual([]);
	});

	it('leave no setting of the runtime out', () => {
		const settings = read('gpu-runtime/settings.ts').matchAll(/^\t([A-Z_]+):/gm);
		const all = texts.map(({ text }) => text).join();
		expect([...settings].map(([, name = '']) => name).filter((name) => !all.includes(name))).toEqual([]);
	});

	it('name commands and operations that exist', () => {
		const commands = new Set([...read('gpu-runtime/main.ts').matchAll(/^\t(\w+): \{ about:/gm)].map(([, name = '']) => name));
		const models = new Set([...read('gpu-runtime/commands/models.ts').matchAll(/^ai-agent-tools models (\w+)|^export const modelsUsage = `ai-agent-tools models (\w+)/gm)].map(([, one, first]) => one ?? first ?? ''));
		expect(unknown(/(?<![\w-])ai-agent-tools (?!(?:models|run) )([a-z]+)(?=[`\s"]|$)/gm, commands)).toEqual([]);
		expect(unknown(/ai-agent-tools models ([a-z]+)/g, models)).toEqual([]);
		expect(unknown(/ai-agent-tools run ([a-z_]+)/g, new Set(operations.map(({ name }) => name)))).toEqual([]);
	});

	it('show inputs that their operation accepts', () => {
		const examples = texts.flatMap(({ text }) => [...text.matchAll(/ai-agent-tools run ([a-z_]+)[^`]*?--input '([^']*)'/g)]);
		expect(examples.length).toBeGreaterThan(operations.length);
		for (const [, name = '', input = ''] of examples) expect(readRequest(name, JSON.parse(input), { allowFiles: true }).operation.name).toBe(name);
	});

	it('quote errors as they are told', () => {
		const sources = ['src', 'gpu-runtime', 'nodes'].flatMap((folder) => readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts')).map((name) => read(join(folder, name)))).join();
		const quoted = [...read('docs/troubleshooting.md').matchAll(/^\|[^*|]*\*([^*|]+)\*/gm)].map(([, text = '']) => text);
		expect(quoted.length).toBeGreaterThan(30);
		const untold = quoted.filter((text) => text.split('…').some((part) => !sources.includes(part.trim())));
		expect(untold).toEqual([]);
	});

	it('that the credentials lead to are there', () => {
		const names = readdirSync(join(root, 'credentials')).filter((name) => name.endsWith('.ts'));
		for (const name of names) expect(existsSync(join(root, /blob\/main\/(docs\/[\w.-]+)/.exec(read(join('credentials', name)))?.[1] ?? 'none'))).toBe(true);
	});
});
