import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFonts, systemFolders } from '../../../gpu-runtime/engines/fonts';
import { createFiles } from '../../../gpu-runtime/files';
import { fontBytes, readFontFaces } from '../../../src/fonts/ttf';
import { widenCharacterMaps } from '../../../src/fonts/widen';
import { bundledFaces } from '../../support/fonts';
import { tinyCollection, tinyFont } from '../../support/tiny-font';

let folder: string;
let bundledFolder: string;
let installed: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'fonts-'));
	bundledFolder = join(folder, 'bundled');
	installed = join(folder, 'installed');
	await mkdir(bundledFolder);
	await mkdir(join(installed, 'deep/er'), { recursive: true });
	for (const [index, { path }] of bundledFaces().entries()) await copyFile(path, join(bundledFolder, `${index}.ttf`));
	const write = (name: string, bytes: Uint8Array) => writeFile(join(installed, name), bytes);
	await write('deep/er/zebra.TTF', tinyFont({ family: 'Zebra', characters: 'ab😀' }));
	await write('apple.ttc', tinyCollection([tinyFont({ family: 'Apple', characters: 'a' }), tinyFont({ family: 'Apple', characters: 'b', bold: true })]));
	await write('cut.ttf', tinyFont({ family: 'Cut', characters: 'a' }).subarray(0, 200));
	await write('text.otf', Buffer.from('no font'));
	await write('pictures.ttf', tinyFont({ family: 'Emoji', characters: '😀', without: ['glyf'] }));
	await write('notes.txt', Buffer.from('ignored'));
	await symlink('deep/er/zebra.TTF', join(installed, 'zebra-again.ttf'));
	await symlink('nowhere', join(installed, 'dangling.ttf'));
});
afterAll(() => rm(folder, { recursive: true }));

const files = (place: string) =>
	createFiles({ folder: place, maxInline: 0, download: () => Promise.reject(new Error('no network')), fetchObject: () => Promise.reject(new Error('no storage')) });

describe('the fonts of a machine', () => {
	it('bundled ones come first, then installed ones by name, each once, from collections and folders at any depth', async () => {
		const faces = await createFonts({ bundledFolder, folders: [installed, installed] }).faces();
		expect(faces.map(({ family, bold, bundled }) => [family, bold, bundled])).toEqual([
			['Inter', false, true],
			['Inter', true, true],
			['Apple', false, false],
			['Apple', true, false],
			['Zebra', false, false],
		]);
	});

	it('what cannot be used is kept with its reason, and takes nothing else down', async () => {
		const broken = await createFonts({ bundledFolder, folders: [installed] }).broken();
		expect(broken.map(({ path }) => path.slice(installed.length + 1)).sort()).toEqual(['cut.ttf', 'dangling.ttf', 'pictures.ttf', 'text.otf']);
		expect(broken.every(({ reason }) => reason.length > 10)).toBe(true);
	});

	it('a folder that is not there is no fault', async () => {
		const fonts = createFonts({ bundledFolder, folders: [join(folder, 'nowhere')] });
		expect(await fonts.faces()).toHaveLength(2);
		expect(await fonts.broken()).toEqual([]);
	});

	it('nothing is read before it is asked for, and then once', async () => {
		const place = join(folder, 'later');
		const fonts = createFonts({ bundledFolder: place, folders: [] });
		await mkdir(place);
		await writeFile(join(place, 'a.ttf'), tinyFont({ family: 'Later', characters: 'a' }));
		expect((await fonts.faces()).map(({ family }) => family)).toEqual(['Later']);
		await rm(place, { recursive: true });
		expect(await fonts.faces()).toHaveLength(1);
	});

	it('the usual folders of every system are known', () => {
		expect(systemFolders('linux', '/home/me')).toContain('/home/me/.local/share/fonts');
		expect(systemFolders('darwin', '/Users/me')).toContain('/Users/me/Library/Fonts');
		expect(systemFolders('win32', 'C:\\Users\\me')).toContain('C:\\Windows\\Fonts');
	});
});

describe('gathering the fonts of a drawing', () => {
	it('copies each file once into a folder of the job, whatever its name', async () => {
		const job = await mkdtemp(join(folder, 'job-'));
		const other = join(folder, 'other');
		await mkdir(other);
		await writeFile(join(other, 'apple.ttc'), tinyFont({ family: 'Other', characters: 'a' }));
		const fonts = createFonts({ bundledFolder, folders: [installed, other] });
		const faces = (await fonts.faces()).filter(({ family }) => family !== 'Inter');
		const place = await fonts.gather(faces, files(job));
		expect(place.startsWith(job)).toBe(true);
		expect(await readdir(place)).toHaveLength(3);
	});

	it('the copies have their letters of all planes in the map that libass looks into; the originals stay as they were', async () => {
		const job = await mkdtemp(join(folder, 'job-'));
		const path = join(installed, 'deep/er/zebra.TTF');
		const before = await readFile(path);
		const fonts = createFonts({ bundledFolder, folders: [installed] });
		const place = await fonts.gather((await fonts.faces()).filter(({ family }) => family === 'Zebra'), files(job));
		const copy = await readFile(join(place, (await readdir(place))[0] ?? ''));
		expect(await readFile(path)).toEqual(before);
		expect(copy).not.toEqual(before);
		expect(widenCharacterMaps(copy)).toBe(false);
		expect(readFontFaces(fontBytes(copy))[0]?.covers(0x1f600)).toBe(true);
	});
});
