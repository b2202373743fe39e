import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { path as ffmpeg } from '@ffmpeg-installer/ffmpeg';
import type { IDataObject, INode } from 'n8n-workflow';

/**
 * Draws what the templates bring along, a sunset behind three hills, a disc before a green screen and two seconds of music, and
 * puts it into their fields of these names: a template that brings its own files runs as soon as it is imported.
 */

type Color = readonly [red: number, green: number, blue: number];

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

function sunset(width: number, height: number, quality: number): Promise<Buffer> {
	const source = `nullsrc=s=${width}x${height},format=gbrp,geq=r='${channel(0)}':g='${channel(1)}':b='${channel(2)}',format=yuvj420p`;
	return draw(source, ['-frames:v', '1', '-q:v', String(quality), '-f', 'mjpeg']);
}

const disc = 'lt(hypot(X-W/2,Y-H/2),H/3)';
const greenScreen = () => draw(`nullsrc=s=160x90,format=gbrp,geq=r='if(${disc},230,0)':g='if(${disc},70,255)':b='if(${disc},60,0)',format=rgb24`, ['-frames:v', '1', '-c:v', 'png', '-f', 'image2pipe']);

/** Two chords of three tones, one second each. */
const music = () =>
	draw("aevalsrc='0.2*if(lt(t,1),sin(1382*t)+sin(1742*t)+sin(2073*t),sin(1555*t)+sin(1960*t)+sin(2329*t))':s=16000:d=2", ['-c:a', 'libmp3lame', '-b:a', '16k', '-f', 'mp3']);

async function draw(source: string, output: string[]): Promise<Buffer> {
	const { stdout } = await promisify(execFile)(ffmpeg, ['-v', 'error', '-f', 'lavfi', '-i', source, ...output, '-'], { encoding: 'buffer', maxBuffer: 1e7 });
	return stdout;
}

type Files = Record<string, string>;

/** A node's fields: one by one, or as JSON. */
function fill({ parameters }: INode, files: Files): void {
	const fields = (parameters.assignments as unknown as { assignments: { name: string; value: IDataObject[string] }[] } | undefined)?.assignments ?? [];
	for (const field of fields) field.value = files[field.name] ?? field.value;
	if (typeof parameters.jsonOutput !== 'string') return;
	const filled: unknown = JSON.parse(parameters.jsonOutput, (key, value: unknown) => files[key] ?? value);
	parameters.jsonOutput = JSON.stringify(filled, null, 2);
}

async function putInto(template: string, files: Files): Promise<void> {
	const workflow = JSON.parse(await readFile(template, 'utf8')) as { nodes: INode[] };
	for (const node of workflow.nodes) fill(node, files);
	await writeFile(template, `${JSON.stringify(workflow, null, 2)}\n`);
}

async function fillTemplates(folder: string): Promise<void> {
	const [tall, wide, screen, sound] = await Promise.all([sunset(720, 1280, 5), sunset(160, 90, 8), greenScreen(), music()]);
	const files = { picture: wide.toString('base64'), screen: screen.toString('base64'), music: sound.toString('base64') };
	for (const name of (await readdir(folder)).filter((file) => file.endsWith('.json')))
		await putInto(join(folder, name), name === 'narrated-video.json' ? { picture: tall.toString('base64') } : files);
}

void fillTemplates(join(__dirname, '../templates'));
