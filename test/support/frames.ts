import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { path as ffmpeg } from '@ffmpeg-installer/ffmpeg';
import type { Drawing } from '../../src/captions/drawing';
import { parseColor } from '../../src/color';
import { widenCharacterMaps } from '../../src/fonts/widen';

/** Pixels with `left ≤ x ≤ right` and `top ≤ y ≤ bottom`. */
export interface Box {
	left: number;
	top: number;
	right: number;
	bottom: number;
	pixels: number;
}

export interface Frame {
	/** Where the picture is not the background; undefined when nothing is drawn. */
	drawn(): Box | undefined;
	/** Where it is nearly this colour. */
	colored(color: string): Box | undefined;
}

const background = 'navy';

/** Draws captions over one colour with the bundled ffmpeg, as a job does, and gives the frames at these times. */
export function drawFrames({ ass, fonts }: Pick<Drawing, 'ass' | 'fonts'>, times: readonly number[], { width, height }: { width: number; height: number }): Frame[] {
	const folder = mkdtempSync(join(tmpdir(), 'captions-'));
	try {
		writeFileSync(join(folder, 'captions.ass'), ass);
		mkdirSync(join(folder, 'fonts'));
		for (const { path } of fonts) {
			const bytes = readFileSync(path);
			widenCharacterMaps(bytes);
			writeFileSync(join(folder, 'fonts', basename(path)), bytes);
		}
		const rate = 100;
		const frames = times.map((time) => Math.round(time * rate));
		const source = `color=${background}:s=${width}x${height}:r=${rate}:d=${Math.max(...times) + 0.1}`;
		const filter = `select='${frames.map((frame) => `eq(n,${frame})`).join('+')}',subtitles=filename=captions.ass:fontsdir=fonts,format=rgb24`;
		const pixels = execFileSync(ffmpeg, ['-v', 'error', '-f', 'lavfi', '-i', source, '-vf', filter, '-vsync', 'passthrough', '-f', 'rawvideo', '-'], {
			cwd: folder,
			maxBuffer: 1e9,
			stdio: ['ignore', 'pipe', 'ignore'],
			env: { PATH: '/nonexistent' },
		});
		const size = width * height * 3;
		if (pixels.length !== size * times.length) throw new Error(`Expected ${times.length} frames, got ${pixels.length / size}`);
		return times.map((_, index) => frame(pixels.subarray(index * size, (index + 1) * size), width));
	} finally {
		rmSync(folder, { recursive: true });
	}
}

function frame(pixels: Buffer, width: number): Frame {
	return { drawn: () => where(pixels, width, background, (away) => away > 24), colored: (color) => where(pixels, width, color, (away) => away < 40) };
}

/** `holds` is asked for how far a pixel is from the colour, in its most different part. */
function where(pixels: Buffer, width: number, color: string, holds: (away: number) => boolean): Box | undefined {
	const { r, g, b } = parseColor(color);
	const held = Array.from({ length: 256 }, (_, away) => holds(away));
	// Jest looks globals up slowly, and these are needed for every pixel.
	const { abs, max, min } = Math;
	const box = { left: Infinity, top: Infinity, right: -1, bottom: -1, pixels: 0 };
	const away = (at: number, wanted: number) => abs((pixels[at] ?? 0) - wanted);
	for (let at = 0, x = 0, y = 0; at < pixels.length; at += 3) {
		if (held[max(away(at, r), away(at + 1, g), away(at + 2, b))]) {
			box.left = min(box.left, x);
			box.top = min(box.top, y);
			box.right = max(box.right, x);
			box.bottom = y;
			box.pixels++;
		}
		if (++x === width) {
			x = 0;
			y++;
		}
	}
	return box.pixels > 0 ? box : undefined;
}
