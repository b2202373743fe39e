import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { chain, filter, printGraph } from '../src/ffmpeg/graph';
import { moving } from '../src/ffmpeg/motion';
import { ffmpeg } from '../test/support/runtime';
import { zoompan } from './older';
import type { Row } from './row';

const [width, height, seconds] = [640, 360, 4];
/** A white field with a soft left edge, whose place can be measured to a small part of a pixel. */
const drawing = `color=black:s=${width}x${height}:r=25:d=0.04,drawbox=x=480:y=0:w=160:h=${height}:color=white:t=fill,boxblur=6:3`;

/** How far the zooming picture lies beside its smooth way. */
export async function run(): Promise<Row[]> {
	const background = { width, height, still: true, orientation: 1 };
	const canvas = { width, height, fps: { num: 25, den: 1 }, duration: seconds, quality: 'high' } as const;
	const motion = moving(background, { kind: 'ken_burns', direction: 'in', focus: 'center', zoom: 0.025 }, canvas);
	const ours = await tremble(printGraph([chain(['0:v'], [...motion, filter('format', { pix_fmts: 'gray' })], ['v'])]));
	const older = await tremble(`[0:v]${zoompan(width, height, seconds * 25)},format=gray[v]`);
	return [{ row: 'tremble of Ken Burns at high', ours, older, ratio: ours / older, unit: 'px rms', goal: '≤ 0.02 px', ok: ours <= 0.02, note: `an edge of ${width}×${height} over ${seconds} s, 2.5 % a second` }];
}

async function tremble(graph: string): Promise<number> {
	const args = ['-nostdin', '-v', 'error', '-f', 'lavfi', '-i', drawing, '-filter_complex', graph, '-map', '[v]', '-frames:v', String(seconds * 25), '-f', 'rawvideo', '-'];
	const { stdout } = await promisify(execFile)(ffmpeg, args, { encoding: 'buffer', maxBuffer: 1e9 });
	const frames = Array.from({ length: stdout.length / (width * height) }, (_, index) => stdout.subarray((index * height + height / 2) * width, (index * height + height / 2 + 1) * width));
	return besideLine(frames.map((row) => width - row.reduce((sum, value) => sum + value, 0) / 255));
}

/** Root mean square of the distances from the straight line that fits best. */
function besideLine(values: readonly number[]): number {
	const middle = (values.length - 1) / 2;
	const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
	const spread = values.reduce((sum, _, index) => sum + (index - middle) ** 2, 0);
	const slope = values.reduce((sum, value, index) => sum + (value - mean) * (index - middle), 0) / spread;
	return Math.sqrt(values.reduce((sum, value, index) => sum + (value - mean - slope * (index - middle)) ** 2, 0) / values.length);
}
