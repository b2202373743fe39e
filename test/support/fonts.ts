import { readFileSync } from 'node:fs';
import { fontBytes, readFontFaces } from '../../src/fonts/ttf';
import type { FontFace } from '../../src/runtime';
import { tinyFont, type TinyFont } from './tiny-font';

const inter = [
	require.resolve('@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf'),
	require.resolve('@expo-google-fonts/inter/700Bold/Inter_700Bold.ttf'),
];

/** The faces that the package brings. */
export const bundledFaces = (): FontFace[] => inter.flatMap((path) => readFontFaces(fontBytes(readFileSync(path))).map((face) => ({ ...face, path, bundled: true })));

/** A face of squares; its path names no file. */
export function tinyFace(font: TinyFont): FontFace {
	const [face] = readFontFaces(fontBytes(tinyFont(font)));
	if (!face) throw new Error('Expected one face');
	return { ...face, path: `/fonts/${font.family}.ttf`, bundled: false };
}
