import { closeSync, openSync, readSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { extname, join } from 'node:path';
import { messageOf } from '../../src/errors';
import { readFontFaces } from '../../src/fonts/ttf';
import { unusable } from '../../src/fonts/unusable';
import { widenCharacterMaps } from '../../src/fonts/widen';
import type { Files, FontFace, Fonts } from '../../src/runtime';
import { codeOf } from '../system-error';

export interface FontsOptions {
	/** The package's own fonts. */
	bundledFolder: string;
	/** Folders with installed fonts, searched with everything under them; by default those of the operating system. */
	folders?: readonly string[];
}

/** A file or folder that could not be used, and why. */
export interface BrokenFont {
	path: string;
	reason: string;
}

export interface InstalledFonts extends Fonts {
	/** What was passed over, for the doctor. */
	broken(): Promise<readonly BrokenFont[]>;
}

interface Found {
	faces: FontFace[];
	broken: BrokenFont[];
}

/** Finds fonts on first use and keeps what it found for the life of the process. */
export function createFonts({ bundledFolder, folders = systemFolders() }: FontsOptions): InstalledFonts {
	let scan: Promise<Found> | undefined;
	const found = () => (scan ??= find(bundledFolder, folders));
	return {
		faces: async () => (await found()).faces,
		broken: async () => (await found()).broken,
		gather,
	};
}

/** Copies, so that they can be changed for libass; their names in the folder are ours, for two fonts may share one. */
async function gather(faces: readonly FontFace[], files: Files): Promise<string> {
	const folder = files.path('fonts');
	await mkdir(folder);
	const paths = new Set(faces.map((face) => face.path));
	await Promise.all([...paths].map(async (path, index) => {
		const bytes = await readFile(path);
		widenCharacterMaps(bytes);
		await writeFile(join(folder, `${index}${extname(path)}`), bytes);
	}));
	return folder;
}

/** Where Linux, macOS and Windows keep fonts. */
export function systemFolders(platform: NodeJS.Platform = process.platform, home = homedir()): string[] {
	if (platform === 'darwin') return ['/System/Library/Fonts', '/Library/Fonts', join(home, 'Library/Fonts')];
	if (platform === 'win32') return ['C:\\Windows\\Fonts', join(home, 'AppData/Local/Microsoft/Windows/Fonts')];
	return ['/usr/share/fonts', '/usr/local/share/fonts', join(home, '.local/share/fonts'), join(home, '.fonts')];
}

async function find(bundledFolder: string, folders: readonly string[]): Promise<Found> {
	const bundled = await search(bundledFolder, true);
	const installed: Found = { faces: [], broken: [] };
	for (const folder of folders) {
		const { faces, broken } = await search(folder, false);
		installed.faces.push(...faces);
		installed.broken.push(...broken);
	}
	installed.faces.sort((a, b) => compare(a.family, b.family) || compare(a.path, b.path));
	return { faces: firstOfEach([...bundled.faces, ...installed.faces]), broken: [...bundled.broken, ...installed.broken] };
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** The same face is often installed twice. */
function firstOfEach(faces: FontFace[]): FontFace[] {
	const byStyle = new Map<string, FontFace>();
	for (const face of faces) {
		const style = `${face.family.toLowerCase()} ${face.bold} ${face.italic}`;
		if (!byStyle.has(style)) byStyle.set(style, face);
	}
	return [...byStyle.values()];
}

async function search(folder: string, bundled: boolean): Promise<Found> {
	const found: Found = { faces: [], broken: [] };
	for (const path of await fontFiles(folder, found.broken)) {
		try {
			found.faces.push(...readFaces(path).map((face) => ({ ...face, path, bundled })));
		} catch (error) {
			found.broken.push({ path, reason: messageOf(error) });
		}
		// Reading is synchronous: let the process answer between two files.
		await new Promise((resolve) => setImmediate(resolve));
	}
	return found;
}

async function fontFiles(folder: string, broken: BrokenFont[]): Promise<string[]> {
	try {
		const entries = await readdir(folder, { recursive: true, withFileTypes: true });
		return entries.filter((entry) => !entry.isDirectory() && /\.(ttf|otf|ttc|otc)$/i.test(entry.name)).map((entry) => join(entry.parentPath, entry.name)).sort();
	} catch (error) {
		if (codeOf(error) !== 'ENOENT') broken.push({ path: folder, reason: messageOf(error) });
		return [];
	}
}

function readFaces(path: string) {
	const file = openSync(path, 'r');
	try {
		return readFontFaces({ read: (offset, length) => readPart(file, offset, length) });
	} finally {
		closeSync(file);
	}
}

function readPart(file: number, offset: number, length: number): DataView {
	// A damaged length must not make us take gigabytes of memory.
	if (length > 64_000_000) throw unusable(`a table claims ${length} bytes`);
	const bytes = new Uint8Array(length);
	if (readSync(file, bytes, 0, length, offset) !== length) throw unusable('the file is cut off');
	return new DataView(bytes.buffer);
}
