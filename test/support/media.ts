import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFfmpeg, type FfmpegEngine, type FfmpegOptions } from '../../gpu-runtime/engines/ffmpeg';
import { createFiles } from '../../gpu-runtime/files';
import { OperationFailed } from '../../src/errors';
import { perform, readRequest } from '../../src/execute';
import type { Job } from '../../src/runtime';

const installed = { ffmpegPath: '/usr/bin/ffmpeg', ffprobePath: '/usr/bin/ffprobe' };

interface Build {
	name: string;
	paths: Pick<FfmpegOptions, 'ffmpegPath' | 'ffprobePath'>;
}

const bundledBuild: Build = { name: 'the bundled ffmpeg', paths: {} };
const isInstalled = existsSync(installed.ffmpegPath) && existsSync(installed.ffprobePath);
const installedBuild: Build = { name: 'the installed ffmpeg', paths: installed };

/** The ffmpeg that comes with the package, and the machine's own where there is one: what is safe and what is read must be so with both. */
export const everyBuild: Build[] = [bundledBuild, ...(isInstalled ? [installedBuild] : [])];

/** What operations are tested with. The machine's own, ten times as slow to start, has a run for itself: `npm run test:installed-ffmpeg`. */
export const builds: Build[] = [process.env.AI_AGENT_TOOLS_TEST_FFMPEG === 'installed' ? installedBuild : bundledBuild];

const engines = new Map<string, FfmpegEngine>();

/** One per set of options, as in a process: what it found out about its programs is kept. */
export function testEngine(options: Partial<FfmpegOptions> = {}): FfmpegEngine {
	const key = JSON.stringify(options);
	const engine = engines.get(key) ?? newEngine(options);
	engines.set(key, engine);
	return engine;
}

/** One that has met no file yet. */
export const newEngine = (options: Partial<FfmpegOptions>) =>
	createFfmpeg({
		privateFolder: join(tmpdir(), 'ai-agent-tools-test-bin'),
		// No PATH, so that the bundled one is chosen wherever no path is given.
		env: { HOME: tmpdir() },
		threads: 2,
		maxPixels: 40_000_000,
		maxStreams: 32,
		maxDuration: 14_400,
		timeLimit: 60,
		stallLimit: 30,
		hardware: true,
		...options,
	});

/** The part of a job that works on media, in a scratch folder of its own. */
export async function mediaJob(options: Partial<FfmpegOptions> = {}, signal = new AbortController().signal) {
	const folder = await mkdtemp(join(tmpdir(), 'job-'));
	const warnings: string[] = [];
	const refuse = () => Promise.reject(new OperationFailed('This test has no network'));
	const warn = (message: string) => void warnings.push(message);
	return {
		folder,
		warnings,
		signal,
		warn,
		ffmpeg: testEngine(options).forJob({ signal, folder, warn }),
		files: createFiles({ folder, maxInline: 6_000_000, download: refuse, fetchObject: refuse }),
		remove: () => rm(folder, { recursive: true, force: true }),
	};
}

export type MediaJob = Awaited<ReturnType<typeof mediaJob>>;

/** Runs an operation as the door does. */
export function runOperation(name: string, input: Record<string, unknown>, job: Pick<MediaJob, 'files' | 'ffmpeg' | 'signal' | 'warn' | 'warnings'>) {
	const needsNothingElse = { id: 'test', progress: () => undefined, ...job } as unknown as Job;
	return perform(readRequest(name, input, { allowFiles: true }), needsNothingElse, job.warnings);
}
