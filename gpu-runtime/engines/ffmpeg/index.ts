import { ToolError } from '../../../src/errors';
import { hardwareEncoder, softwareVideo } from '../../../src/ffmpeg/quality';
import { missing, required } from './capabilities';
import { ffmpegForJob, type JobOptions, type RunnerOptions } from './job';
import { createKnownStreams } from './known-streams';
import { createPrograms, type ProgramOptions } from './programs';
import type { Program } from './resolve';

export type FfmpegOptions = ProgramOptions & RunnerOptions;

export interface FfmpegFacts {
	ffmpeg: Program | ToolError;
	ffprobe: Program | ToolError;
	/** Filters and encoders that some operation needs and this ffmpeg lacks. */
	missing: string[];
	encoder: string;
}

/** One per process. */
export function createFfmpeg(options: FfmpegOptions) {
	const programs = createPrograms(options);
	const engine = { programs, known: createKnownStreams(), options };

	async function describe(): Promise<FfmpegFacts> {
		const [ffmpeg, ffprobe] = await Promise.all([programs.ffmpeg().catch(asToolError), programs.ffprobe().catch(asToolError)]);
		if (ffmpeg instanceof ToolError) return { ffmpeg, ffprobe, missing: [...required], encoder: 'none' };
		const encoder = (await programs.hardwareWorks()) ? hardwareEncoder : softwareVideo('balanced').encoder;
		return { ffmpeg, ffprobe, missing: missing(required, await programs.names()), encoder };
	}

	return { forJob: (job: JobOptions) => ffmpegForJob(engine, job), describe };
}

export type FfmpegEngine = ReturnType<typeof createFfmpeg>;

function asToolError(error: unknown): ToolError {
	if (error instanceof ToolError) return error;
	throw error;
}
