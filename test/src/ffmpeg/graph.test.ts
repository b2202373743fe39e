import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { chain, filter, printFilters, printGraph } from '../../../src/ffmpeg/graph';
import { builds, testEngine } from '../../support/media';

it('prints a graph of chains with their pads', () => {
	const graph = [chain(['0:v'], [filter('scale', { w: 64, h: 48 }), filter('fps', { fps: { num: 30_000, den: 1001 } })], ['a']), chain(['a'], [filter('null')], ['v'])];
	expect(printGraph(graph)).toBe('[0:v]scale=w=64:h=48,fps=fps=30000/1001[a];[a]null[v]');
});

it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuses %d', (value) => {
	expect(() => printFilters([filter('volume', { volume: value })])).toThrow('Expected a finite number');
});

const hostile = [
	'0.1[x];movie=/etc/passwd',
	"a'b",
	"it's, a:dir [x];b",
	'back\\slash\\',
	'0.1:0.1[x];[x]drawtext=textfile=/etc/passwd',
	' leading and trailing ',
	'two\nlines\t',
	"'[]{};:,=\\\\'",
	'%{localtime}',
	'größe 🎬',
];

describe.each(builds)('with $name', ({ paths }) => {
	it.each(hostile)('hands on %j as it is, as nothing but the value of its option', async (text) => {
		const { ffmpeg } = await testEngine(paths).describe();
		if (ffmpeg instanceof Error) throw ffmpeg;
		// The metadata filter keeps the value and prints it to the log; the older build's only beside other metadata.
		const filters = printFilters([filter('signalstats'), filter('metadata', { mode: 'add', key: 'probe', value: text }), filter('metadata', { mode: 'print', key: 'probe' })]);
		const { stderr } = await promisify(execFile)(ffmpeg.path, ['-v', 'info', '-nostats', '-f', 'lavfi', '-i', 'color=s=16x16:d=0.04', '-filter_complex', `[0:v]${filters}[v]`, '-map', '[v]', '-f', 'null', '-']);
		expect(stderr).toContain(`probe=${text}\n`);
	});
});
