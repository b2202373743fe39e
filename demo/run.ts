import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { closeRuntime as CloseRuntime } from '../nodes/shared/backend';
import { makeExecutable } from '../gpu-runtime/engines/ffmpeg/resolve';
import { built } from '../test/support/dist';
import { closeEngine, runWorkflow, type WorkflowJson } from '../test/support/engine';

/** The main job: the narrated-video template, run by n8n's own engine with the built package's nodes. */

const template = JSON.parse(readFileSync(join(__dirname, '../templates/narrated-video.json'), 'utf8')) as WorkflowJson;
const { closeRuntime } = built<{ closeRuntime: typeof CloseRuntime }>('nodes/shared/backend.js');
const target = (name: string) => join(__dirname, name);
const show = (text: string) => process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${text}` : `${text}\n`);

async function main(): Promise<void> {
	const start = performance.now();
	let shown = '';
	const run = await runWorkflow(template, {
		onMessage: (message) => {
			const text = (message as { message: string }).message;
			// Without a terminal only the kinds of work are told, not every step.
			const kind = text.replace(/ \(.*/, '');
			if (process.stderr.isTTY || kind !== shown) show(text);
			shown = kind;
		},
	});
	if (run.error) throw run.error;
	const last = template.nodes.at(-1)?.name ?? '';
	const [item] = run.items(last);
	const film = item?.binary?.data;
	if (!item || !film) throw new Error(`Expected a film from "${last}", the workflow ended as ${run.status}`);
	const { captions, duration, words } = item.json as { captions: { srt: string }; duration: number; words: unknown[] };
	await run.save(film, target('narrated-video.mp4'));
	writeFileSync(target('narrated-video.srt'), captions.srt);
	const ffmpeg = await makeExecutable(require.resolve(`@ffmpeg-installer/${process.platform}-${process.arch}/ffmpeg`), join(tmpdir(), 'ai-agent-tools-demo'));
	execFileSync(ffmpeg, ['-v', 'quiet', '-y', '-ss', String(duration / 2), '-i', target('narrated-video.mp4'), '-frames:v', '1', target('narrated-video.png')]);
	if (process.stderr.isTTY) show('');
	process.stdout.write(`demo/narrated-video.mp4: ${duration.toFixed(1)} s, ${words.length} words spoken and captioned, made in ${((performance.now() - start) / 1000).toFixed(0)} s\n`);
	process.stdout.write('Beside it: its captions, narrated-video.srt, and a frame to look at, narrated-video.png\n');
}

main()
	.finally(closeRuntime)
	.finally(closeEngine)
	.catch((error: unknown) => {
		process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
		process.exitCode = 1;
	});
