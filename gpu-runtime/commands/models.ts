import { InvalidInput, messageOf, ToolError } from '../../src/errors';
import type { Job, Speech } from '../../src/runtime';
import { devices, precisions, type Device } from '../../src/vocabulary';
import type { ModelStore } from '../models/store';
import { readOptions } from './options';
import { createProgressBar, megabytes } from './progress-bar';
import { roundTrip, voices } from './round-trip';

export interface ModelsDeps {
	store: ModelStore;
	/** Results. */
	print(line: string): void;
	/** Progress and errors, as they are. */
	tell(text: string): void;
	/** Whether what `tell` writes to can be drawn over. */
	isTerminal: boolean;
	signal: AbortSignal;
	/** For `verify --round-trip`. */
	speech: Speech;
	withJob<T>(run: (job: Job) => Promise<T>): Promise<T>;
}

export const modelsUsage = `ai-agent-tools models list
ai-agent-tools models download NAME... [--precision fp32|fp16|q8|q4] [--voice VOICE]...
ai-agent-tools models verify [NAME...]
ai-agent-tools models verify --round-trip [--engine kokoro|chatterbox|chatterbox-turbo]... [--device cpu|cuda]... [--whisper small]
ai-agent-tools models path [NAME]`;

type Options = ReturnType<typeof parse>['values'];
type Command = (names: readonly string[], options: Options, deps: ModelsDeps) => Promise<boolean>;

const commands: Record<string, Command> = { list, download, verify, path };

/** The command line for models. Returns the exit code: 0 when all is well. */
export async function runModels(args: readonly string[], deps: ModelsDeps): Promise<number> {
	try {
		const [name = '', ...rest] = args;
		const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
		if (!command) throw new InvalidInput(`Expected list, download, verify or path, got "${name}"\n${modelsUsage}`);
		const { positionals, values } = parse(rest);
		return (await command(positionals, values, deps)) ? 0 : 1;
	} catch (error) {
		deps.tell(`${error instanceof ToolError ? error.message : messageOf(error)}\n`);
		return 1;
	}
}

function parse(args: readonly string[]) {
	const several = { type: 'string', multiple: true } as const;
	return readOptions({
		args: [...args],
		allowPositionals: true,
		options: { precision: { type: 'string' }, voice: several, 'round-trip': { type: 'boolean' }, engine: several, device: several, whisper: { type: 'string' } },
	});
}

async function list(names: readonly string[], _options: Options, { store, print }: ModelsDeps): Promise<boolean> {
	if (names.length > 0) throw new InvalidInput(`Expected nothing after list, got ${names.join(' ')}\n${modelsUsage}`);
	print(`Models in ${store.folder}`);
	for (const { name, present, available, size, repo, licence } of await store.list()) {
		const here = present.length > 0 ? `${present.join(', ')} (${megabytes(size)} MB)` : '–';
		print([name.padEnd(24), here.padEnd(24), `of ${available.join(', ')}`.padEnd(26), licence.padEnd(11), repo].join(' '));
	}
	return true;
}

async function download(names: readonly string[], { precision, voice = [] }: Options, deps: ModelsDeps): Promise<boolean> {
	const { store, signal, print } = deps;
	if (names.length === 0) throw new InvalidInput(`Expected the name of a model, got none\n${modelsUsage}`);
	const wanted = precision === undefined ? undefined : oneOf(precisions, precision, '--precision');
	for (const name of names) {
		const bar = createProgressBar({ write: deps.tell, isTerminal: deps.isTerminal });
		try {
			const ready = await store.ensure(name, {
				precision: wanted,
				extras: voice.map((id) => `voices/${id}.bin`),
				signal,
				onProgress: ({ file, bytes, total }) => bar.show({ title: `${name} ${file}`, bytes, total }),
			});
			bar.end();
			print(`${name} ${ready.precision} is in ${ready.folder}`);
		} catch (error) {
			bar.end();
			throw error;
		}
	}
	return true;
}

async function verify(names: readonly string[], options: Options, deps: ModelsDeps): Promise<boolean> {
	if (options['round-trip']) return speakAndListen(options, deps);
	const { store, signal, print } = deps;
	const chosen = names.length > 0 ? names : (await store.list()).filter(({ size }) => size > 0).map(({ name }) => name);
	if (chosen.length === 0) print(`No model is in ${store.folder}`);
	let [well, foreign] = [true, false];
	for (const name of chosen) {
		for (const { file, status } of await store.verify(name, signal)) {
			print(`${status.padEnd(8)} ${name} ${file}`);
			well &&= status !== 'damaged' && status !== 'missing';
			foreign ||= status === 'foreign';
		}
	}
	if (foreign) deps.tell('A foreign file is whole, but not the one that was published for this model.\n');
	if (!well) deps.tell('Delete damaged files and run "ai-agent-tools models download" for what is damaged or missing.\n');
	return well;
}

async function speakAndListen({ engine = ['kokoro'], device = ['auto'], whisper = 'small' }: Options, deps: ModelsDeps): Promise<boolean> {
	return roundTrip({
		...deps,
		voices: engine.map((name) => oneOf(voices, name, '--engine')),
		devices: device.map((name): Device => oneOf(devices, name, '--device')),
		whisper,
	});
}

async function path([name]: readonly string[], _options: Options, { store, print }: ModelsDeps): Promise<boolean> {
	print(name === undefined ? store.folder : store.path(name));
	return true;
}

function oneOf<T extends string>(known: readonly T[], given: string, option: string): T {
	const found = known.find((value) => value === given);
	if (found !== undefined) return found;
	throw new InvalidInput(`${option}: Expected one of ${known.join(', ')}, got ${given}`);
}
