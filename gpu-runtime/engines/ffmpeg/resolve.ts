import { access, chmod, constants, copyFile, mkdir, rename, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { messageOf, OperationFailed } from '../../../src/errors';
import { codeOf } from '../../system-error';

export type Name = 'ffmpeg' | 'ffprobe';

export interface Program {
	path: string;
	source: 'setting' | 'PATH' | 'bundled';
	version: string;
	/** libavcodec's version, which orders releases and git builds alike. */
	codecVersion: readonly number[];
}

export interface ResolveOptions {
	name: Name;
	/** The path that the user set, never passed over. */
	setting: string | undefined;
	/** The PATH to search. */
	searchPath: string | undefined;
	/** Where a copy goes when the bundled program cannot be made executable where it lies. */
	privateFolder: string;
	/** What the program says of itself when asked for `-version`. */
	askVersion(path: string): Promise<string>;
	/** Whether a program on PATH has all that is required. */
	isCapable(path: string): Promise<boolean>;
	/** The bundled program's file, undefined where the package has none for this machine. */
	bundled?: string | undefined;
}

const suffix = platform() === 'win32' ? '.exe' : '';

/** Finds the program to use: the setting, else a newer and capable one on PATH, else the bundled one. */
export async function resolveProgram(options: ResolveOptions): Promise<Program> {
	const { name, setting, searchPath, privateFolder } = options;
	if (setting !== undefined) return fromSetting(setting, options);
	const onPath = await findOnPath(name, searchPath);
	const file = options.bundled ?? bundledFile(name);
	const bundled = file === undefined ? undefined : await identify(await makeExecutable(file, privateFolder), 'bundled', options);
	if (onPath !== undefined && (bundled === undefined || (await isBetter(onPath, bundled, options)))) return identify(onPath, 'PATH', options);
	if (bundled !== undefined) return bundled;
	throw new OperationFailed(
		`Expected ${name}, found none for ${platform()}-${arch()}. Install it so that it is on PATH, or name it in ${settingName(name)}, or run where the package brings one (Linux, macOS and Windows on x64, Linux on arm64)`,
		{ code: `${name}_missing` },
	);
}

async function fromSetting(path: string, options: ResolveOptions): Promise<Program> {
	try {
		await access(path, constants.X_OK);
		return await identify(path, 'setting', options);
	} catch (cause) {
		throw new OperationFailed(`${settingName(options.name)}: Expected a working ${options.name} at ${path}: ${codeOf(cause) === 'ENOENT' ? 'there is no such file' : messageOf(cause)}. Correct the path or remove the setting, and start again`, {
			code: `${options.name}_broken`,
			cause,
		});
	}
}

async function isBetter(path: string, bundled: Program, options: ResolveOptions): Promise<boolean> {
	try {
		const found = await identify(path, 'PATH', options);
		return isNewer(found.codecVersion, bundled.codecVersion) && (await options.isCapable(path));
	} catch (error) {
		// A program on PATH that does not work was not chosen by anybody: the bundled one does.
		if (error instanceof OperationFailed) return false;
		throw error;
	}
}

async function identify(path: string, source: Program['source'], { name, askVersion }: ResolveOptions): Promise<Program> {
	const text = await askVersion(path);
	const version = new RegExp(`^${name} version (\\S+)`, 'm').exec(text)?.[1];
	const codec = /^libavcodec\s+(\d+)\.\s*(\d+)\.\s*(\d+)/m.exec(text);
	if (version === undefined || codec === null)
		throw new OperationFailed(`asked for its version it said "${text.trim().split('\n')[0]?.slice(0, 80) ?? ''}"`, { code: `${name}_broken` });
	return { path, source, version, codecVersion: codec.slice(1).map(Number) };
}

export function isNewer(one: readonly number[], other: readonly number[]): boolean {
	const at = one.findIndex((part, index) => part !== other[index]);
	return at >= 0 && (one[at] ?? 0) > (other[at] ?? 0);
}

async function findOnPath(name: Name, searchPath = ''): Promise<string | undefined> {
	for (const folder of searchPath.split(delimiter).filter(Boolean)) {
		const path = join(folder, name + suffix);
		if (await isExecutable(path)) return path;
	}
	return undefined;
}

/** Found from the installer package itself, which may keep the programs in a node_modules of its own. */
function bundledFile(name: Name): string | undefined {
	try {
		const installer = require.resolve(`@${name}-installer/${name}`);
		return createRequire(installer).resolve(`@${name}-installer/${platform()}-${arch()}/${name}${suffix}`);
	} catch {
		return undefined;
	}
}

/** Package managers that run no install scripts leave ffprobe without its execute permission. */
export async function makeExecutable(path: string, privateFolder: string): Promise<string> {
	if (await isExecutable(path)) return path;
	// Not ours, or read-only: the copy below is the way out.
	await chmod(path, 0o755).catch(() => undefined);
	if (await isExecutable(path)) return path;
	const copy = join(privateFolder, basename(path));
	if (!(await isSameSize(copy, path))) {
		await mkdir(privateFolder, { recursive: true, mode: 0o700 });
		const part = `${copy}.${process.pid}.part`;
		await copyFile(path, part);
		await chmod(part, 0o700);
		await rename(part, copy);
	}
	if (await isExecutable(copy)) return copy;
	throw new OperationFailed(`${path} may not be executed, nor a copy in ${privateFolder}. Name a working one in ${settingName(basename(path, suffix))}`, { code: 'ffmpeg_not_executable' });
}

const settingName = (name: string) => `${name.toUpperCase()}_PATH`;

async function isExecutable(path: string): Promise<boolean> {
	try {
		await access(path, constants.X_OK);
		return (await stat(path)).isFile();
	} catch {
		return false;
	}
}

async function isSameSize(one: string, other: string): Promise<boolean> {
	const [a, b] = await Promise.all([one, other].map((path) => stat(path).catch(() => undefined)));
	return a !== undefined && a.size === b?.size;
}
