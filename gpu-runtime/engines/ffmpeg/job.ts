import { symlink } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { OperationFailed } from '../../../src/errors';
import { hardwareVideo, softwareVideo } from '../../../src/ffmpeg/quality';
import type { Probe } from '../../../src/probe';
import type { Ffmpeg, RenderInput } from '../../../src/runtime';
import { missing } from './capabilities';
import type { KnownStreams } from './known-streams';
import { lengthsOf, probeFile, type Limits, type ProbeOptions } from './probe';
import type { Programs } from './programs';
import { analyseFile, renderFile, type RenderOptions } from './render';
import type { RunOptions } from './run';

export interface JobOptions {
	signal: AbortSignal;
	/** The job's scratch folder. */
	folder: string;
	/** Takes what a user should know about a result that was made all the same. */
	warn(message: string): void;
}

export interface RunnerOptions extends Limits, Pick<RunOptions, 'env' | 'timeLimit'> {
	/** Threads of one run: cores divided by the jobs at once. */
	threads: number;
	/** Seconds without any progress. */
	stallLimit: number;
}

export interface Engine {
	programs: Programs;
	known: KnownStreams;
	options: RunnerOptions;
}

/** ffmpeg as one job uses it: in its folder, until its signal. A file is probed once. */
export function ffmpegForJob({ programs, known, options }: Engine, { signal, folder, warn }: JobOptions): Ffmpeg {
	const probes = new Map<string, Promise<Probe>>();
	const harmless = createHarmless(folder);
	const surroundings = { cwd: folder, env: options.env, signal, timeLimit: options.timeLimit };

	const probing = async (limits: Limits, field?: string): Promise<ProbeOptions> => ({ ...surroundings, ffprobe: (await programs.ffprobe()).path, known, limits, field });
	const look = async (path: string, field?: string) => probeFile(await harmless(path), await probing(options, field));

	/** How long a result may be is for the operation to say. */
	const lengths = async (path: string) => lengthsOf(path, await probing({ ...options, maxDuration: Infinity }));

	const renderOptions = async (): Promise<RenderOptions> => ({
		...surroundings,
		ffmpeg: (await programs.ffmpeg()).path,
		stallLimit: options.stallLimit,
		threads: options.threads,
		maxPixels: options.maxPixels,
		warn,
		lengthsOf: lengths,
		hardwareFailed: programs.hardwareFailed,
	});

	const harmlessInputs = (inputs: readonly RenderInput[]) => Promise.all(inputs.map(async (input) => (input.lavfi ? input : { ...input, path: await harmless(input.path) })));

	return {
		probe(path, field) {
			const known = probes.get(path) ?? look(path, field);
			probes.set(path, known);
			return known;
		},
		async render(request) {
			probes.delete(request.output);
			return renderFile({ ...request, inputs: await harmlessInputs(request.inputs) }, await renderOptions());
		},
		async analyse(request) {
			return analyseFile({ ...request, inputs: await harmlessInputs(request.inputs) }, await renderOptions());
		},
		videoEncoder: async (quality) => ((await programs.hardwareWorks()) ? hardwareVideo(quality) : softwareVideo(quality)),
		async need(wanted) {
			const lacking = missing(wanted, await programs.names());
			if (lacking.length === 0) return;
			const { path, version } = await programs.ffmpeg();
			throw new OperationFailed(`Expected an ffmpeg with ${lacking.join(', ')}, got one without: ${path} (${version}). Install a full ffmpeg, or remove FFMPEG_PATH to use the bundled one, and start again`, {
				code: 'ffmpeg_incapable',
			});
		},
	};
}

/** Gives absolute paths without percent signs, which stand for numbered pictures: under a name of ours they mean nothing. */
function createHarmless(folder: string) {
	const links = new Map<string, Promise<string>>();
	return async (path: string): Promise<string> => {
		const full = resolve(folder, path);
		if (!full.includes('%')) return full;
		const link = `input-${links.size + 1}${/^\.[a-z0-9]{1,5}$/i.exec(extname(full))?.[0] ?? ''}`;
		const made = links.get(full) ?? symlink(full, join(folder, link)).then(() => link);
		links.set(full, made);
		return made;
	};
}
