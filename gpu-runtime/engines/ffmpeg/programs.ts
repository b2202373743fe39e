import { OperationFailed } from '../../../src/errors';
import { hardwareEncoder } from '../../../src/ffmpeg/quality';
import { missing, parseNames, required } from './capabilities';
import { once } from './once';
import { resolveProgram, type Name } from './resolve';
import { run } from './run';

export interface ProgramOptions {
	/** FFMPEG_PATH and FFPROBE_PATH. */
	ffmpegPath?: string | undefined;
	ffprobePath?: string | undefined;
	/** A folder of our own for programs that cannot be made executable where they lie. */
	privateFolder: string;
	/** Of it the programs get PATH, HOME and TMPDIR. */
	env: Readonly<Record<string, string | undefined>>;
	/** Whether the GPU's encoder may be tried. */
	hardware: boolean;
}

/** Seconds that a question about a program itself may take. */
const askLimit = 20;

/** The two programs and what they can do. Nothing is searched or run before the first need; what is found out then is kept. */
export function createPrograms(options: ProgramOptions) {
	const { env, privateFolder } = options;

	async function ask(program: string, args: readonly string[]): Promise<string> {
		let output = '';
		const { code, log } = await run(program, args, { cwd: process.cwd(), env, signal: new AbortController().signal, timeLimit: askLimit, onOutput: (text) => (output += text) });
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
	const hardwareProved = once(proveHardware);
	let hasHardwareFailed = false;

	/** A listed encoder proves nothing: only one that has encoded does. */
	async function proveHardware(): Promise<boolean> {
		if (!options.hardware || !(await names()).has(hardwareEncoder)) return false;
		const source = ['-f', 'lavfi', '-i', 'color=black:s=256x256:r=30:d=0.2'];
		return ask((await ffmpeg()).path, ['-nostdin', '-v', 'error', ...source, '-c:v', hardwareEncoder, '-f', 'null', '-']).then(
			() => true,
			() => false,
		);
	}

	return {
		ffmpeg,
		ffprobe,
		/** Names of all filters and encoders of this ffmpeg. */
		names,
		hardwareWorks: async () => !hasHardwareFailed && hardwareProved(),
		/** Once it failed in earnest, it is not tried again. */
		hardwareFailed() {
			hasHardwareFailed = true;
		},
	};
}

export type Programs = ReturnType<typeof createPrograms>;
