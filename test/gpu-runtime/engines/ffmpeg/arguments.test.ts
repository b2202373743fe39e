import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildArguments } from '../../../../gpu-runtime/engines/ffmpeg/arguments';

const build = (rest: Partial<Parameters<typeof buildArguments>[0]>) => buildArguments({ inputs: [], options: [], output: './out.mp4', maxPixels: 100, threads: 3, ...rest });

it('gives the arguments in the order that ffmpeg needs', () => {
	const args = build({
		inputs: [{ path: '/a b.mp4', options: ['-stream_loop', '-1'] }, { path: 'color=c=black', lavfi: true }],
		filter: '[0:v]null[v]',
		options: ['-map', '[v]', '-shortest'],
	});
	const safety = ['-protocol_whitelist', 'file', '-format_whitelist', expect.stringMatching(/^mov,mp4,/), '-max_pixels', '100'];
	expect(args).toEqual([
		...['-threads', '3', ...safety, '-stream_loop', '-1', '-i', '/a b.mp4'],
		...['-f', 'lavfi', '-i', 'color=c=black'],
		...['-y', '-filter_complex', '[0:v]null[v]', '-threads', '3', '-max_muxing_queue_size', expect.any(String), '-map', '[v]', '-shortest', './out.mp4'],
	]);
});

it('never splits an argument at a space', () => {
	const args = build({ inputs: [{ path: '/x', options: ['-metadata title=x'] }], options: ['-vf drawtext=textfile=/etc/passwd'] });
	expect(args).toContain('-metadata title=x');
	expect(args).toContain('-vf drawtext=textfile=/etc/passwd');
});

it('puts the safety flags before every input but our own graphs', () => {
	const args = build({ inputs: [{ path: '/a' }, { path: '/b' }, { path: 'anullsrc', lavfi: true }] });
	expect(args.filter((arg) => arg === '-i')).toHaveLength(3);
	expect(args.filter((arg) => arg === '-protocol_whitelist')).toHaveLength(2);
	expect(args.filter((arg) => arg === '-format_whitelist')).toHaveLength(2);
});

it('allows no playlists or lists of files, but a format of our own choice', () => {
	const allowed = (options: string[]) => {
		const args = build({ inputs: [{ path: '/a', options }] });
		return args[args.indexOf('-format_whitelist') + 1]?.split(',');
	};
	expect(allowed([])).not.toEqual(expect.arrayContaining(['hls']));
	expect(allowed([])).not.toEqual(expect.arrayContaining(['concat']));
	expect(allowed(['-f', 'concat'])).toContain('concat');
});

it('is the only file that imports fluent-ffmpeg', () => {
	const root = join(__dirname, '../../../..');
	const files = ['src', 'gpu-runtime', 'nodes', 'credentials'].flatMap((folder) =>
		readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
	);
	const importers = files.filter((name) => name.endsWith('.ts') && /(from|import\(|require\()\s*'fluent-ffmpeg'/.test(readFileSync(join(root, name), 'utf8')));
	expect(importers).toEqual([join('gpu-runtime', 'engines', 'ffmpeg', 'arguments.ts')]);
});


it.each([
	['libx264', '2'],
	['h264_nvenc', '3'],
	['copy', '3'],
])('decodes beside %s with %s of 3 threads', (encoder, threads) => {
	const args = build({ inputs: [{ path: '/a' }], options: ['-c:v', encoder] });
	expect(args.slice(0, 2)).toEqual(['-threads', threads]);
	expect(args.slice(args.lastIndexOf('-threads'))[1]).toBe('3');
});
