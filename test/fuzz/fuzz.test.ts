import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClips, type Clips } from '../support/clips';
import { startRuntime } from '../support/runtime';
import { brokenFiles } from './generator';
import type { Companions } from './requests';
import { tryFile } from './try-file';

/** The names of the files need none. */
const noClips = {} as Clips;
let clips: Clips;
let good: Companions;
let folder: string;
let runtime: ReturnType<typeof startRuntime>;
beforeAll(async () => {
	clips = await createClips();
	good = { video: await clips.clip('plain.mp4'), sound: await clips.clip('tone.wav'), picture: await clips.clip('picture.png') };
	folder = await mkdtemp(join(tmpdir(), 'fuzz-'));
	runtime = startRuntime({ AI_AGENT_TOOLS_STALL_LIMIT: '20' });
});
afterAll(async () => {
	await runtime.close();
	await rm(folder, { recursive: true, force: true });
	await clips.remove();
});

describe('broken files', () => {
	it('are the same ones for the same seed, and others for another', async () => {
		const bytes = (seed: number) => Promise.all(brokenFiles(clips, { count: 24, seed }).map(({ make }) => make()));
		const [first, again, other] = await Promise.all([bytes(1), bytes(1), bytes(2)]);
		expect(again).toEqual(first);
		expect(other).not.toEqual(first);
	});

	it('are at least 500, each with a name of its own', () => {
		const names = brokenFiles(clips).map(({ name }) => name);
		expect(names.length).toBeGreaterThanOrEqual(500);
		expect(new Set(names).size).toBe(names.length);
	});

	it.each(brokenFiles(noClips, { count: 10 }).map(({ name }, index) => [name, index] as const))('%s: every operation refuses it clearly, or makes something of it', async (_, index) => {
		const broken = brokenFiles(clips)[index];
		if (broken === undefined) throw new Error(`Expected a file ${index}`);
		const { faults } = await tryFile(broken, { runtime, good, folder, limit: 60 });
		expect(faults).toEqual([]);
	});
});
