import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');

interface Packed {
	size: number;
	files: { path: string }[];
}

const pack = (): Packed => {
	const said = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
	const [packed] = JSON.parse(said) as Packed[];
	if (packed === undefined) throw new Error(`Expected npm to list the package, got ${said}`);
	return packed;
};

/** Files of the rooms that are shipped, as npm names them. */
const found = (...endings: string[]) =>
	['credentials', 'nodes', 'src', 'gpu-runtime'].flatMap((room) =>
		readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
			.filter((name) => endings.some((ending) => name.endsWith(ending)))
			.map((name) => `dist/${room}/${name}`),
	);

const needed = [
	...['LICENSE', 'NOTICE', 'README.md', 'package.json'],
	...['Inter_400Regular.ttf', 'Inter_700Bold.ttf', 'LICENSE_FONT'].map((name) => `dist/fonts/${name}`),
	...found('.svg', '.node.json'),
	...found('.ts').filter((name) => !name.endsWith('.d.ts')).map((name) => name.replace(/\.ts$/, '.js')),
];

describe('the package', () => {
	const packed = pack();

	it('holds the compiled sources, icons, codex files and two fonts, and nothing else', () => {
		expect(packed.files.map(({ path }) => path).sort()).toEqual(needed.sort());
	});

	it('is smaller than a megabyte', () => {
		expect(packed.size).toBeLessThan(1_000_000);
	});
});
