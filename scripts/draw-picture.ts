import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { path as ffmpeg } from '@ffmpeg-installer/ffmpeg';
import type { IDataObject, INode } from 'n8n-workflow';

/**
 * Draws the picture of the narrated video, a sunset behind three hills, and puts it into the template: a template that brings its
 * own picture runs as soon as it is imported.
 */

type Color = readonly [red: number, green: number, blue: number];

const width = 720;
const height = 1280;
const x = 'X/W';
const y = 'Y/H';

const sky: { top: Color; horizon: Color } = { top: [64, 62, 118], horizon: [255, 168, 98] };
const glow: Color = [150, 90, 20];
const hills: { ridge: string; color: Color }[] = [
	{ ridge: `0.60+0.030*sin(7*${x}+1)+0.012*sin(19*${x})`, color: [168, 92, 96] },
	{ ridge: `0.70+0.040*sin(5*${x}+3)+0.010*sin(23*${x})`, color: [104, 58, 88] },
	{ ridge: `0.82+0.030*sin(6*${x}+5)+0.008*sin(29*${x})`, color: [48, 32, 66] },
];

/** Distance from the sun's middle, in widths of the picture. */
const fromSun = `hypot(${x}-0.63,(${y}-0.47)*H/W)`;

function channel(index: 0 | 1 | 2): string {
	const fade = `(${sky.top[index]}+${sky.horizon[index] - sky.top[index]}*min(1,${y}/0.62))`;
	const sun = `min(255,${fade}+${glow[index]}*exp(-5*${fromSun}))`;
	const behind = `if(lt(${fromSun},0.10),${[255, 236, 190][index]},${sun})`;
	return hills.reduce((drawn, { ridge, color }) => `if(gt(${y},${ridge}),${color[index]},${drawn})`, behind);
}

async function draw(): Promise<Buffer> {
	const source = `nullsrc=s=${width}x${height},format=gbrp,geq=r='${channel(0)}':g='${channel(1)}':b='${channel(2)}',format=yuvj420p`;
	const output = ['-frames:v', '1', '-q:v', '5', '-f', 'mjpeg', '-'];
	const { stdout } = await promisify(execFile)(ffmpeg, ['-v', 'error', '-f', 'lavfi', '-i', source, ...output], { encoding: 'buffer', maxBuffer: 1e7 });
	return stdout;
}

interface Assignments {
	assignments: { name: string; value: IDataObject[string] }[];
}

async function putInto(template: string, picture: Buffer): Promise<void> {
	const workflow = JSON.parse(await readFile(template, 'utf8')) as { nodes: INode[] };
	const fields = workflow.nodes.flatMap(({ parameters }) => (parameters.assignments as unknown as Assignments | undefined)?.assignments ?? []);
	const field = fields.find(({ name }) => name === 'picture');
	if (!field) throw new Error(`Expected a field named picture in ${template}`);
	field.value = picture.toString('base64');
	await writeFile(template, `${JSON.stringify(workflow, null, 2)}\n`);
}

void draw().then((picture) => putInto(join(__dirname, '../templates/narrated-video.json'), picture));
