const { spawn } = require('node:child_process');
const { chmod, rm } = require('node:fs/promises');
const { dest, parallel, series, src } = require('gulp');

const clean = () => rm('dist', { recursive: true, force: true });

function compile(done) {
	spawn(process.execPath, [require.resolve('typescript/bin/tsc')], { stdio: 'inherit' }).on('close', (code) =>
		done(code === 0 ? undefined : new Error(`tsc ended with ${code}`)),
	);
}

/** Icons and codex files stand beside the built nodes, where n8n looks for them. */
const nodeAssets = () =>
	src(['nodes/**/*.{svg,png,node.json}', 'credentials/**/*.svg'], { base: '.', encoding: false }).pipe(dest('dist'));

/** Captions are drawn with a font of our own, so that they look the same on a bare container. */
const fonts = () =>
	src(
		[
			'node_modules/@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf',
			'node_modules/@expo-google-fonts/inter/700Bold/Inter_700Bold.ttf',
			'node_modules/@expo-google-fonts/inter/LICENSE_FONT',
		],
		{ encoding: false },
	).pipe(dest('dist/fonts'));

const executable = () => chmod('dist/gpu-runtime/main.js', 0o755);

exports.build = series(clean, parallel(compile, nodeAssets, fonts), executable);
