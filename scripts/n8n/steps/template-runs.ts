import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { path as ffmpeg } from '@ffmpeg-installer/ffmpeg';
import { expect } from 'expect';
import type { IBinaryData, IConnections, INode, INodeExecutionData } from 'n8n-workflow';
import { writeSpoken } from '../../../test/support/models/tiny';
import { run } from '../command';
import { itemsOf } from '../execution';
import { probe } from '../probe';
import type { Client } from '../rest';
import type { Stage, Step } from '../stage';
import { readTemplates, type Template, type WorkflowJson } from '../workflows';

interface Ran {
	items(node: string): INodeExecutionData[];
	/** The file of a node's first item, on this machine. */
	file(node: string): Promise<string>;
}

interface Trial {
	template: string;
	/** Puts a sample in place of the template's own where a model must understand it. */
	change?(template: Template, folder: string): Promise<WorkflowJson>;
	check(ran: Ran, folder: string): Promise<void>;
}

const trigger = 'When clicking ‘Execute workflow’';
const film = 'Create a narrated and captioned video';
const cut = (from: string, ...args: string[]) => run(ffmpeg, ['-v', 'error', '-y', '-i', from, ...args]);

const trials: Trial[] = [
	{
		template: 'captions-on-my-video',
		async change(template, folder) {
			const video = join(folder, 'own.mp4');
			await run(ffmpeg, ['-v', 'error', '-y', '-f', 'lavfi', '-i', 'color=navy:s=320x180:r=10:d=2', '-i', await writeSpoken(folder), '-shortest', '-c:v', 'libx264', '-preset', 'ultrafast', video]);
			return withOwnFile(template, film, video, 'own.mp4');
		},
		async check({ items, file }) {
			expect(items('Add captions to a video')[0]?.json.words).toHaveProperty('length', 3);
			expect(await probe(await file('Add captions to a video'))).toMatchObject({ video: { width: 320, height: 180 }, audio: { codec_name: 'aac' } });
		},
	},
	{
		template: 'podcast-to-text',
		change: async (template, folder) => withOwnFile(template, 'Generate draft speech', await writeSpoken(folder), 'talk.wav'),
		async check({ items, file }) {
			expect(items('SRT file')[0]?.binary?.data?.fileName).toBe('podcast.srt');
			expect(await readFile(await file('SRT file'), 'utf8')).toMatch(/^1\n00:00:0\d,\d{3} --> 00:00:0\d,\d{3}\n\w/);
			expect(await readFile(await file('VTT file'), 'utf8')).toMatch(/^WEBVTT/);
			expect(await readFile(await file('Text file'), 'utf8')).toMatch(/\w/);
		},
	},
	{
		template: 'film-with-music',
		async check({ items, file }) {
			const lengths = items(film).map(({ json }) => Number(json.duration));
			expect(lengths).toHaveLength(3);
			const { video } = await probe(await file('Merge videos'));
			expect(video).toMatchObject({ width: 320, height: 180 });
			expect(Math.abs(Number(video?.duration) - lengths.reduce((sum, length) => sum + length))).toBeLessThan(0.2);
		},
	},
	{
		template: 'green-screen',
		async check({ file }, folder) {
			const pixels = join(folder, 'pixels.rgb');
			await cut(await file('Overlay a video with a color key'), '-vf', 'scale=320:180,format=rgb24', '-frames:v', '1', '-f', 'rawvideo', pixels);
			const image = await readFile(pixels);
			const at = (x: number, y: number) => [...image.subarray((y * 320 + x) * 3, (y * 320 + x) * 3 + 3)];
			const [red = 0, green = 0] = at(160, 90);
			expect(red - green).toBeGreaterThan(100);
			const [left = 0, middle = 0, right = 0] = at(10, 10);
			expect(middle - Math.max(left, right)).toBeLessThan(30);
		},
	},
	{
		template: 'contact-sheet-for-ai',
		async check({ items, file }) {
			expect(items('Extract frames from a video')[0]?.json.times).toHaveLength(9);
			expect(await probe(await file('Extract frames from a video'))).toMatchObject({ video: { codec_name: 'mjpeg', width: 968 } });
		},
	},
	{
		template: 'batch-of-texts',
		async check({ items }) {
			const spoken = items('Generate draft speech');
			expect(spoken).toHaveLength(20);
			expect(spoken.flatMap(({ json }, index) => (json.error === undefined ? [] : [index]))).toEqual([6]);
			expect(spoken.filter(({ binary }) => binary?.data?.mimeType === 'audio/wav')).toHaveLength(19);
		},
	},
	{
		template: 'voice-clone',
		async check({ items, file }) {
			expect(items('Clone a voice')[0]?.json).toMatchObject({ seed: 7, watermark: false, engine: { provider: 'cpu' } });
			expect(Number((await probe(await file('Clone a voice'))).audio?.duration)).toBeGreaterThan(0);
		},
	},
	{
		template: 'narrated-video',
		change: async (template) => withKokoro(template),
		async check({ items, file }) {
			expect(items('Kokoro')[0]?.json).toMatchObject({ engine: { provider: 'cpu' }, words: [{ text: 'Hello' }, { text: 'world.' }] });
			expect(items(film)[0]?.json.words).toEqual(items('Kokoro')[0]?.json.words);
			expect(await probe(await file(film))).toMatchObject({ video: { width: 108, height: 192 }, audio: { codec_name: 'aac' } });
		},
	},
];

/** Runs the templates that need nothing from outside, those with models on tiny ones: real onnxruntime in n8n's own Node. */
export const templateRuns: Step = {
	name: 'template-runs',
	async run({ server }: Stage) {
		const { client } = await server();
		const templates = await readTemplates();
		const folder = await mkdtemp(join(tmpdir(), 'n8n-templates-'));
		const faults: string[] = [];
		try {
			for (const trial of trials) {
				const template = templates.find(({ id }) => id === trial.template);
				if (!template) throw new Error(`Expected the template ${trial.template}`);
				await play(trial, template, client, folder).catch((error: unknown) => faults.push(`${trial.template}: ${String(error)}`));
			}
		} finally {
			await rm(folder, { recursive: true });
		}
		if (faults.length > 0) throw new Error(faults.join('\n'));
		return `${trials.map(({ template }) => template).join(', ')}`;
	},
};

async function play({ change, check }: Trial, template: Template, client: Client, folder: string): Promise<void> {
	const execution = await client.runWorkflow((await change?.(template, folder)) ?? template, trigger);
	const { error } = execution.data.resultData;
	if (execution.status !== 'success') throw new Error(`ended with ${execution.status}: ${error?.message}\n${error?.description ?? ''}`);
	const items = (node: string) => itemsOf(execution, node);
	await check({ items, file: (node) => saved(items(node)[0]?.binary?.data, node, client, folder) }, folder);
}

async function saved(file: IBinaryData | undefined, node: string, client: Client, folder: string): Promise<string> {
	if (!file) throw new Error(`Expected a file from the node "${node}", got none`);
	const path = join(folder, `${crypto.randomUUID()}-${file.fileName ?? ''}`);
	await writeFile(path, await client.binary(file));
	return path;
}

const node = (name: string, type: string, typeVersion: number, parameters: object): INode => ({ id: crypto.randomUUID(), name, type, typeVersion, position: [0, 0], parameters: parameters as INode['parameters'] });
const link = (target: string, index = 0) => ({ node: target, type: 'main' as const, index });

/** A file in place of the one that a step of the template makes. */
async function withOwnFile(template: Template, place: string, path: string, fileName: string): Promise<WorkflowJson> {
	const content = node('Own content', 'n8n-nodes-base.set', 3.4, { mode: 'raw', jsonOutput: JSON.stringify({ content: (await readFile(path)).toString('base64') }) });
	const own = node(place, 'n8n-nodes-base.convertToFile', 1.1, { operation: 'toBinary', sourceProperty: 'content', options: { fileName } });
	const connections: IConnections = { ...template.connections, [trigger]: { main: [[link(content.name)]] }, [content.name]: { main: [[link(place)]] } };
	return { ...template, nodes: [...template.nodes.filter(({ name }) => name !== place), content, own], connections };
}

/** The narrated video in two steps: Kokoro speaks, and the film is made of its sound and its words. */
function withKokoro(template: Template): WorkflowJson {
	const speech = template.nodes.find(({ type }) => type.endsWith('.videoTools'))?.type.replace('videoTools', 'speechTools') ?? '';
	const kokoro = node('Kokoro', speech, 1, { operation: 'generate_kokoro_tts', text: 'Hello world.', options: { outputField: 'voice' } });
	const merge = node('Merge', 'n8n-nodes-base.merge', 3, { mode: 'combine', combineBy: 'combineByPosition', options: {} });
	const from = (mode: string, value: string) => ({ __rl: true, mode, value });
	const options = { audio: from('binary', 'voice'), words: from('text', '={{ $json.words }}'), width: 108, height: 192, quality: 'draft' };
	const parameters = { operation: 'generate_captioned_video', background: from('binary', 'picture'), options };
	const nodes = template.nodes.map((one) => (one.name === film ? { ...one, parameters } : one));
	const connections: IConnections = { ...template.connections, 'Picture as a file': { main: [[link('Kokoro'), link('Merge')]] }, Kokoro: { main: [[link('Merge', 1)]] }, Merge: { main: [[link(film)]] } };
	return { ...template, nodes: [...nodes, kokoro, merge], connections };
}
