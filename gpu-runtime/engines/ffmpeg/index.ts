import { symlink } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { OperationFailed, ToolError } from '../../../src/errors';
import { hardwareEncoder, hardwareVideo, softwareVideo } from '../../../src/ffmpeg/quality';
import type { Ffmpeg, Probe, RenderInput } from '../../../src/runtime';
import { missing, parseNames, required } from './capabilities';
import { once } from './once';
import { probeFile, type Limits } from './probe';
import { analyseFile, renderFile, type RenderOptions } from './render';
import { resolveProgram, type Name, type Program } from './resolve';
import { run } from './run';

export interface FfmpegOptions extends Limits {
	/** FFMPEG_PATH and FFPROBE_PATH. */
	ffmpegPath?: string | undefined;
	ffprobePath?: string | undefined;
	/** A folder of our own for programs that cannot be made executable where they lie. */
	privateFolder: string;
	/** Of it the programs get PATH, HOME and TMPDIR. */
	env: Readonly<Record<string, string | undefined>>;
	/** Threads of one run: cores divided by the jobs at once. */
	threads: number;
	/** Seconds. */
	timeLimit: number;
	/** Seconds without any progress. */
	stallLimit: number;
	/** Whether the GPU's encoder may be tried. */
	hardware: boolean;
}

export interface FfmpegFacts {
	ffmpeg: Program | ToolError;
	ffprobe: Program | ToolError;
	/** Filters and encoders that some operation needs and this ffmpeg lacks. */
	missing: string[];
	encoder: string;
}

/** Seconds that a question about the program itself may take. */
const askLimit = 20;

/** One per process. Nothing is searched or run before the first need; what is found out then is kept. */
export function createFfmpeg(options: FfmpegOptions) {
	const { env, privateFolder } = options;
	const never = new AbortController().signal;

	async function ask(program: string, args: readonly string[], signal = never) {
		let output = '';
		const { code, log } = await run(program, args, { cwd: process.cwd(), env, signal, timeLimit: askLimit, onOutput: (text) => (output += text) });
		if (code !== 0) throw new OperationFailed(`${program} ${args.join(' ')} failed (exit code ${code}) ${log.first}`, { code: 'ffmpeg_broken' });
		return output;
	}

	const namesOf = async (program: string) => parseNames(...(await Promise.all(['-filters', '-encoders'].map((list) => ask(program, ['-hide_banner', list])))));

	const find = (name: Name, setting: string | undefined) =>
		resolveProgram({
			name,
			setting,
			searchPath: env.PATH,
			privateFolder,
			askVersion: (path) => ask(path, ['-version']),
			isCapable: async (path) => name === 'ffprobe' || missing(required, await namesOf(path)).length === 0,
		});

	const ffmpeg = once(() => find('ffmpeg', options.ffmpegPath));
	const ffprobe = once(() => find('ffprobe', options.ffprobePath));
	const names = once(async () => namesOf((await ffmpeg()).path));
	let hardwareWorks = once(proveHardware);

	/** A listed encoder proves nothing: only one that has encoded does. */
	async function proveHardware(): Promise<boolean> {
		if (!options.hardware || !(await names()).has(hardwareEncoder)) return false;
		const source = ['-f', 'lavfi', '-i', 'color=black:s=256x256:r=30:d=0.2'];
		return ask((await ffmpeg()).path, ['-nostdin', '-v', 'error', ...source, '-c:v', hardwareEncoder, '-f', 'null', '-']).then(
			() => true,
			() => false,
		);
	}

	function forJob({ signal, folder, warn }: JobOptions): Ffmpeg {
		const probes = new Map<string, Promise<Probe>>();
		const links = new Map<string, Promise<string>>();
		const surroundings = { cwd: folder, env, signal, timeLimit: options.timeLimit };

		async function probeNow(path: string, field?: string): Promise<Probe> {
			return probeFile(await harmless(path), { ...surroundings, ffprobe: (await ffprobe()).path, limits: options, field });
		}

		/** A percent sign in a name stands for numbered pictures; under a name of ours it means nothing. */
		async function harmless(path: string): Promise<string> {
			const full = resolve(folder, path);
			if (!full.includes('%')) return full;
			const link = join(folder, `input-${links.size + 1}${/^\.[a-z0-9]{1,5}$/i.exec(extname(full))?.[0] ?? ''}`);
			const made = links.get(full) ?? symlink(full, link).then(() => link);
			links.set(full, made);
			return made;
		}

		const renderOptions = async (): Promise<RenderOptions> => ({
			...surroundings,
			ffmpeg: (await ffmpeg()).path,
			stallLimit: options.stallLimit,
			threads: options.threads,
			maxPixels: options.maxPixels,
			warn,
			probe: probeNow,
			hardwareFailed: () => {
				hardwareWorks = once(async () => false);
			},
		});

		const harmlessInputs = (inputs: readonly RenderInput[]) => Promise.all(inputs.map(async (input) => (input.lavfi ? input : { ...input, path: await harmless(input.path) })));

		return {
			probe(path, field) {
				const known = probes.get(path) ?? probeNow(path, field);
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
			videoEncoder: async (quality) => ((await hardwareWorks()) ? hardwareVideo(quality) : softwareVideo(quality)),
			async need(wanted) {
				const lacking = missing(wanted, await names());
				if (lacking.length === 0) return;
				const { path, version } = await ffmpeg();
				throw new OperationFailed(`This needs ffmpeg with ${lacking.join(', ')}; the one at ${path} (${version}) is without. Install a full ffmpeg, or remove FFMPEG_PATH to use the bundled one`, {
					code: 'ffmpeg_incapable',
				});
			},
		};
	}

	async function describe(): Promise<FfmpegFacts> {
		const [program, prober] = await Promise.all([ffmpeg().catch(asToolError), ffprobe().catch(asToolError)]);
		if (program instanceof ToolError) return { ffmpeg: program, ffprobe: prober, missing: [...required], encoder: 'none' };
		return {
			ffmpeg: program,
			ffprobe: prober,
			missing: missing(required, await names()),
			encoder: ((await hardwareWorks()) ? hardwareVideo('balanced') : softwareVideo('balanced')).encoder,
		};
	}

	return { forJob, describe };
}

export interface JobOptions {
	signal: AbortSignal;
	/** The job's scratch folder. */
	folder: string;
	/** Takes what a user should know about a result that was made all the same. */
	warn(message: string): void;
}

export type FfmpegEngine = ReturnType<typeof createFfmpeg>;

function asToolError(error: unknown): ToolError {
	if (error instanceof ToolError) return error;
	throw error;
}
