import { randomUUID } from 'node:crypto';
import { rename, rm, stat, statfs } from 'node:fs/promises';
import { join, parse, relative } from 'node:path';
import { hardwareEncoder, withSoftwareVideo } from '../../../src/ffmpeg/quality';
import { OperationFailed } from '../../../src/errors';
import { fileSize } from '../../../src/file-size';
import { mimeTypeOf } from '../../../src/mime';
import type { Render } from '../../../src/runtime';
import { diskFull } from '../disk-full';
import { buildArguments } from './arguments';
import { lastUsefulLine } from './log';
import type { Lengths } from './probe';
import { followProgress } from './progress';
import { run, type Ended, type RunOptions } from './run';

export interface RenderOptions extends Pick<RunOptions, 'cwd' | 'env' | 'signal' | 'timeLimit'> {
	ffmpeg: string;
	stallLimit: number;
	threads: number;
	maxPixels: number;
	warn(message: string): void;
	/** Of a finished file. */
	lengthsOf(path: string): Promise<Lengths>;
	/** Told when the GPU's encoder failed, so that it is not tried again. */
	hardwareFailed(): void;
}

/** Makes one file: under another name first, which it loses only when it is complete and right. */
export async function renderFile(request: Render, options: RenderOptions): Promise<{ encoder: string | null }> {
	const { field } = request;
	if (field === undefined) return renderOrRetry(request, options);
	return renderOrRetry(request, { ...options, warn: (message) => options.warn(`${field}: ${message}`) }).catch((error: unknown) => {
		throw causedByInput(error) ? new OperationFailed(`${field}: ${error.message}`, { code: error.code, field, cause: error }) : error;
	});
}

const inputFaults = new Set(['ffmpeg_failed', 'ffmpeg_crashed', 'no_result', 'bad_result']);
const causedByInput = (error: unknown): error is OperationFailed => error instanceof OperationFailed && inputFaults.has(error.code);

async function renderOrRetry(request: Render, options: RenderOptions): Promise<{ encoder: string | null }> {
	await checkSpace(request, options);
	const retry = withSoftwareVideo(request.options);
	try {
		await renderPart(request, options);
		return { encoder: retry === undefined ? encoderIn(request.options) : hardwareEncoder };
	} catch (error) {
		if (retry === undefined || !(error instanceof OperationFailed) || error.code !== 'ffmpeg_failed') throw error;
		options.hardwareFailed();
		options.warn(`The GPU's video encoder failed (${error.message}), so the video was encoded on the CPU`);
		await renderPart({ ...request, options: retry }, options);
		return { encoder: 'libx264' };
	}
}

async function renderPart(request: Render, options: RenderOptions): Promise<void> {
	const { dir, name, ext } = parse(request.output);
	// The ending stays: ffmpeg chooses the format by it.
	const part = join(dir, `${name}.${randomUUID().slice(0, 8)}.part${ext}`);
	try {
		const ended = await ffmpeg(request, { level: 'error', output: inFolder(part, options.cwd) }, options);
		// What fails when ffmpeg finishes a file is told in its log alone.
		if (isDiskFull(ended)) throw diskFull();
		await checkResult(part, request, options);
		await rename(part, request.output);
		if (ended.log.lines > 0) options.warn(damage(ended));
	} finally {
		await rm(part, { force: true });
	}
}

/** Runs ffmpeg for its log. */
export async function analyseFile(request: Omit<Render, 'output'>, options: RenderOptions): Promise<string> {
	const { log } = await ffmpeg({ ...request, options: [...request.options, '-f', 'null'] }, { level: 'info', output: '-' }, options);
	return log.text;
}

async function ffmpeg(request: Omit<Render, 'output'>, { level, output }: { level: string; output: string }, options: RenderOptions): Promise<Ended> {
	const { inputs, filter, duration, onProgress } = request;
	const { cwd, env, signal, timeLimit, stallLimit, threads, maxPixels } = options;
	const args = buildArguments({ inputs, filter, options: request.options, output, maxPixels, threads });
	const ended = await run(options.ffmpeg, ['-nostdin', '-hide_banner', '-nostats', '-v', level, '-progress', 'pipe:1', ...args], {
		cwd,
		env,
		signal,
		timeLimit,
		stallLimit,
		onOutput: followProgress({ duration, onProgress }),
	});
	if (ended.code !== 0) throw failure(ended);
	return ended;
}

/** What a program does to itself; the rest comes from outside. */
const crashes: ReadonlySet<NodeJS.Signals> = new Set(['SIGSEGV', 'SIGBUS', 'SIGFPE', 'SIGILL', 'SIGABRT']);

const isDiskFull = ({ log }: Ended) => /no space left on device|disk quota exceeded|file too large/i.test(log.text);

function failure(ended: Ended): OperationFailed {
	if (isDiskFull(ended)) return diskFull();
	const { killedBy, code, log } = ended;
	if (killedBy !== null && crashes.has(killedBy))
		return new OperationFailed(`ffmpeg crashed (${killedBy}) over an input, probably a damaged one. Check the file, or install a newer ffmpeg`, { code: 'ffmpeg_crashed' });
	if (killedBy !== null)
		return new OperationFailed(`ffmpeg was ended from outside (${killedBy}), probably because the machine ran out of memory. Make the job smaller, or give the machine more memory`, {
			code: 'ffmpeg_killed',
			retryable: true,
		});
	return new OperationFailed(`ffmpeg failed (exit code ${code}): ${lastUsefulLine(log.text)}. Look whether the inputs play; if they do, try a newer ffmpeg (FFMPEG_PATH)`, { code: 'ffmpeg_failed' });
}

/** ffmpeg also ends with exit code 0 when it made nothing, or only a part. */
async function checkResult(part: string, request: Render, { lengthsOf }: RenderOptions): Promise<void> {
	const made = await stat(part).catch(() => undefined);
	if (made === undefined || made.size === 0) throw new OperationFailed('Expected a file from ffmpeg, got none, nor an error. An input may be damaged: look whether it plays', { code: 'no_result' });
	const { output, duration, tolerance } = request;
	if (duration === undefined || tolerance === Infinity || !hasDuration(output)) return;
	const found = await lengthsOf(part).catch((cause: unknown) => {
		throw new OperationFailed('Expected a file that can be read from ffmpeg, got one that cannot. Try again with another format, or with a newer ffmpeg (FFMPEG_PATH)', { code: 'bad_result', cause });
	});
	const wrong = difference(found, { ...request, duration });
	if (wrong !== undefined) throw new OperationFailed(`Expected a result of ${wrong}. Look whether the inputs play to their end, and whether the disk is full`, { code: 'bad_result' });
}

function difference({ seconds, frames }: Lengths, wanted: Pick<Render, 'frames' | 'tolerance'> & { duration: number }): string | undefined {
	const { duration, tolerance = 0.5 } = wanted;
	if (wanted.frames !== undefined && wanted.frames !== frames) return `${wanted.frames} frames, ffmpeg made one of ${frames}`;
	const wrong = (wanted.frames === undefined ? [Math.max(...seconds)] : seconds).find((found) => Math.abs(found - duration) > tolerance);
	return wrong === undefined ? undefined : `${duration.toFixed(2)} s, ffmpeg made one of ${wrong.toFixed(2)} s`;
}

const hasDuration = (path: string) => /^(audio|video)\/(?!pcm)/.test(mimeTypeOf(path));

async function checkSpace({ expectedSize }: Render, { cwd }: RenderOptions): Promise<void> {
	if (expectedSize === undefined) return;
	const { bavail, bsize } = await statfs(cwd);
	if (bavail * bsize < 2 * expectedSize) throw diskFull(`Expected ${fileSize(2 * expectedSize)} of free disk for the result, got ${fileSize(bavail * bsize)}. `);
}

function damage({ log }: Ended): string {
	return `ffmpeg went on over ${log.lines} ${log.lines === 1 ? 'error' : 'errors'} in the input, so the result may have faults; the first: ${log.first}`;
}

function encoderIn(options: readonly string[]): string | null {
	const at = options.indexOf('-c:v');
	const encoder = at < 0 ? undefined : options[at + 1];
	return encoder === undefined || encoder === 'copy' ? null : encoder;
}

/** Relative inside the job's folder, so that no character of the folder's own path means anything to ffmpeg. */
function inFolder(path: string, folder: string): string {
	const inside = relative(folder, path);
	return inside.startsWith('..') ? path : `./${inside}`;
}
