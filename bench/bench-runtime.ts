import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileOf, startRuntime } from '../test/support/runtime';
import type { Result } from '../src/execute';
import { clip } from './clips';

export interface BenchRuntime {
	/** Runs an operation as the runtime does. */
	run(operation: string, input: unknown): Promise<Result>;
	/** A folder for the older way's files, removed at the end. */
	folder: string;
}

/** The built runtime in this process, warm: what it finds out once about ffmpeg is found out. */
export async function withRuntime<T>(work: (runtime: BenchRuntime) => Promise<T>): Promise<T> {
	const runtime = startRuntime();
	const folder = mkdtempSync(join(tmpdir(), 'bench-'));
	try {
		await runtime.run('extract_frame', { video: { file: await clip('like-1.mp4') } });
		await runtime.run('merge_videos', { videos: [{ file: await clip('like-1.mp4') }] });
		return await work({ run: runtime.run, folder });
	} finally {
		await runtime.close();
		rmSync(folder, { recursive: true });
	}
}

export { fileOf };
