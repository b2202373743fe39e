import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fontBytes, readFontFaces } from '../../src/fonts/ttf';
import type { FontFace } from '../../src/runtime';
import { tinyFont, type TinyFont } from './tiny-font';

const inter = [
	require.resolve('@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf'),
	require.resolve('@expo-google-fonts/inter/700Bold/Inter_700Bold.ttf'),
];

/** The faces that the package brings. */
export const bundledFaces = (): FontFace[] => inter.flatMap((path) => readFontFaces(fontBytes(readFileSync(path))).map((face) => ({ ...face, path, bundled: true })));

/** A face of squares, in a file if a folder is given. */
export function tinyFace(font: TinyFont, folder?: string): FontFace {
	const bytes = tinyFont(font);
	const [face] = readFontFaces(fontBytes(bytes));
	if (!face) throw new Error('Expected one face');
	const path = join(folder ?? '/nowhere', `${font.family}.ttf`);
	if (folder !== undefined) writeFileSync(path, bytes);
	return { ...face, path, bundled: false };
}
