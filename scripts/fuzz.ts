import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { brokenFiles } from '../test/fuzz/generator';
import { tryFile } from '../test/fuzz/try-file';
import { createClips } from '../test/support/clips';
import { startRuntime } from '../test/support/runtime';

const { values } = parseArgs({ options: { seed: { type: 'string', default: '1' }, count: { type: 'string', default: '560' }, from: { type: 'string', default: '0' } } });

/** Puts every broken file through every media operation; ends with 1 where one did something it should not. */
async function main() {
	const clips = await createClips();
	const folder = await mkdtemp(join(tmpdir(), 'fuzz-'));
	const good = { video: await clips.clip('plain.mp4'), sound: await clips.clip('tone.wav'), picture: await clips.clip('picture.png') };
	const files = brokenFiles(clips, { seed: Number(values.seed), count: Number(values.count) });
	const outcomes: Record<string, number> = {};
	let faults = 0;
	const start = () => startRuntime({ AI_AGENT_TOOLS_STALL_LIMIT: '20' });
	let runtime = start();
	for (const [index, broken] of files.entries()) {
		if (index < Number(values.from)) continue;
		if (index % 25 === 24) {
			// Takes what the jobs made off the disk.
			await runtime.close();
			runtime = start();
		}
		const tried = await tryFile(broken, { runtime, good, folder, limit: 60 });
		for (const [outcome, times] of Object.entries(tried.outcomes)) outcomes[outcome] = (outcomes[outcome] ?? 0) + times;
		faults += tried.faults.length;
		process.stdout.write(`${index + 1}/${files.length} ${broken.name}\n${tried.faults.map((fault) => `  FAULT ${fault}\n`).join('')}`);
	}
	await runtime.close();
	await rm(folder, { recursive: true, force: true });
	await clips.remove();
	process.stdout.write(`${JSON.stringify(outcomes)}\n${faults} faults\n`);
	process.exitCode = faults === 0 ? 0 : 1;
}

void main();
