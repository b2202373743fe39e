import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NodeHelpers, type INodeProperties, type INodeType } from 'n8n-workflow';
import type { closeRuntime as CloseRuntime } from '../../nodes/shared/backend';
import { filmMaker, startChatModel, toldIn } from '../support/chat-model';
import { built } from '../support/dist';
import { closeEngine, runWorkflow, type RunOptions, type WorkflowJson } from '../support/engine';
import { nodeTypes } from '../support/engine/node-types';
import { createFakePlatform } from '../support/fake-platform';
import { startProcess } from '../support/main-process';
import { writeModels, writeSpoken } from '../support/models/tiny';
import { bucket, startS3 } from '../support/s3';
import { runFfmpeg, probe } from './media';

const templates = join(__dirname, '../../templates');
const names = readdirSync(templates).filter((file) => file.endsWith('.json'));
const read = (name: string) => JSON.parse(readFileSync(join(templates, name), 'utf8')) as WorkflowJson;

const folder = mkdtempSync(join(tmpdir(), 'templates-'));
const models = join(folder, 'models');
process.env.AI_AGENT_TOOLS_MODELS = models;
process.env.AI_AGENT_TOOLS_OFFLINE = '1';
process.env.AI_AGENT_TOOLS_DEVICE = 'cpu';

beforeAll(() => writeModels(models), 60_000);
afterAll(async () => {
	await built<{ closeRuntime: typeof CloseRuntime }>('nodes/shared/backend.js').closeRuntime();
	closeEngine();
	rmSync(folder, { recursive: true });
});

/** Runs a template; the file that the node gives at last lies under the path. */
async function run(template: WorkflowJson, node: string, options: RunOptions = {}) {
	const done = await runWorkflow(template, options);
	expect(done.error).toBeUndefined();
	const items = done.items(node);
	const path = join(folder, `${Math.random()}`);
	const file = items[0]?.binary?.data;
	if (file) await done.save(file, path);
	return { done, items, path };
}

/** A user's own step that gives a file, in place of the template's sample. */
async function withOwnFile(template: WorkflowJson, place: string, file: string, fileName: string): Promise<[WorkflowJson, RunOptions]> {
	const content = readFileSync(file);
	const types = nodeTypes();
	const own = {
		description: { ...types.getByNameAndVersion('n8n-nodes-base.noOp', 1).description, name: 'ownFile', properties: [] },
		async execute() {
			return [[{ json: {}, binary: { data: await this.helpers.prepareBinaryData(content, fileName) }, pairedItem: { item: 0 } }]];
		},
	} as INodeType;
	const nodes = template.nodes.map((node) => (node.name === place ? { ...node, type: 'test.ownFile', parameters: {} } : node));
	return [{ ...template, nodes }, { nodes: { 'test.ownFile': own } }];
}

describe.each(names)('the template %s', (name) => {
	const template = read(name);
	const steps = template.nodes.filter(({ type }) => type !== 'n8n-nodes-base.stickyNote');

	it('names only nodes that exist, and in them only parameters of the chosen operation', () => {
		const types = nodeTypes();
		for (const { type, typeVersion, parameters } of steps) {
			const { properties } = types.getByNameAndVersion(type, typeVersion).description;
			const own = type.startsWith('n8n-nodes-ai-agent-tools.');
			const shown = properties.filter(({ displayOptions }) => displayOptions?.show?.operation?.includes(parameters.operation as string) ?? true);
			for (const [key, value] of Object.entries(parameters)) {
				const property = shown.find((one) => one.name === key);
				expect([key, property?.name]).toEqual([key, key]);
				if (own && property?.type === 'collection') expect((property.options as INodeProperties[]).map((one) => one.name)).toEqual(expect.arrayContaining(Object.keys(value as object)));
				if (own && property?.type === 'resourceLocator') expect(property.modes?.map((mode) => mode.name)).toContain((value as { mode: string }).mode);
			}
		}
	});

	it('names its nodes as n8n does, explains itself in notes, brings no credential and connects nodes that it has', () => {
		for (const node of template.nodes) {
			expect(node.credentials).toBeUndefined();
			if (!node.type.startsWith('n8n-nodes-ai-agent-tools.')) continue;
			const { description } = nodeTypes().getByNameAndVersion(node.type, 1);
			expect(NodeHelpers.makeNodeName(NodeHelpers.getNodeParameters(description.properties, node.parameters, true, false, node, description) ?? {}, description)).toBe(node.name);
		}
		expect(template.nodes.length - steps.length).toBeGreaterThanOrEqual(3);
		expect(new Set(template.nodes.map(({ id }) => id)).size).toBe(template.nodes.length);
		const targets = Object.values(template.connections).flatMap((kinds) => Object.values(kinds).flat().flatMap((links) => (links ?? []).map(({ node }) => node)));
		expect(new Set([...Object.keys(template.connections), ...targets])).toEqual(new Set(steps.map((step) => step.name)));
	});

	it('is told in docs/templates.md', () => {
		expect(readFileSync(join(templates, '../docs/templates.md'), 'utf8')).toContain(`../templates/${name}`);
	});
});

it('captions on my video: what is said in the video stands in it', async () => {
	const video = join(folder, 'own.mp4');
	await runFfmpeg(['-f', 'lavfi', '-i', 'color=navy:s=320x180:r=10:d=2', '-i', await writeSpoken(folder), '-shortest', '-c:v', 'libx264', '-preset', 'ultrafast', video]);
	const [json, options] = await withOwnFile(read('captions-on-my-video.json'), 'Create a narrated and captioned video', video, 'own.mp4');
	const { items, path } = await run(json, 'Add captions to a video', options);
	expect((items[0]?.json.words as unknown[]).length).toBeGreaterThanOrEqual(2);
	expect(await probe(path)).toMatchObject({ video: { width: 320, height: 180 }, audio: { codec: 'aac' } });
}, 120_000);

it('podcast: the recording becomes SRT, VTT and text', async () => {
	const [json, options] = await withOwnFile(read('podcast-to-text.json'), 'Generate draft speech', await writeSpoken(folder), 'talk.wav');
	const { done, items, path } = await run(json, 'SRT file', options);
	expect(items[0]?.binary?.data).toMatchObject({ fileName: 'podcast.srt' });
	expect(readFileSync(path, 'utf8')).toMatch(/^1\n00:00:0\d,\d{3} --> /);
	for (const [node, start] of [['VTT file', /^WEBVTT/], ['Text file', /\w+/]] as const) {
		const file = done.items(node)[0]?.binary?.data;
		if (!file) throw new Error(`no ${node}`);
		await done.save(file, path);
		expect(readFileSync(path, 'utf8')).toMatch(start);
	}
}, 60_000);

it('clips to one film: three clips in a row with sound', async () => {
	const { done, items, path } = await run(read('film-with-music.json'), 'Merge videos');
	const lengths = done.items('Create a narrated and captioned video').map(({ json }) => json.duration as number);
	expect(lengths).toHaveLength(3);
	const { video, audio } = await probe(path);
	expect(video).toMatchObject({ width: 320, height: 180 });
	expect(Math.abs((video?.duration ?? 0) - (lengths[0] ?? 0) - (lengths[1] ?? 0) - (lengths[2] ?? 0))).toBeLessThan(0.2);
	expect(Math.abs((audio?.duration ?? 0) - (video?.duration ?? 0))).toBeLessThan(0.15);
	expect(items).toHaveLength(1);
}, 180_000);

it('green screen: the disc is before the hills, and nothing is green', async () => {
	const { path } = await run(read('green-screen.json'), 'Overlay a video with a color key');
	const pixel = async (x: number, y: number) => [...(await runFfmpeg(['-i', path, '-vf', `crop=2:2:${x}:${y},format=rgb24`, '-frames:v', '1', '-f', 'rawvideo', '-'])).subarray(0, 3)];
	const [red = 0, green = 0] = await pixel(160, 90);
	expect(red - green).toBeGreaterThan(100);
	const [left = 0, middle = 0, right = 0] = await pixel(10, 10);
	expect(middle - Math.max(left, right)).toBeLessThan(30);
}, 120_000);

it('contact sheet: nine pictures on one sheet', async () => {
	const { items, path } = await run(read('contact-sheet-for-ai.json'), 'Extract frames from a video');
	expect(items[0]?.json.times).toHaveLength(9);
	expect(await probe(path)).toMatchObject({ video: { codec: 'mjpeg', width: 968 } });
}, 120_000);

it('batch: the empty text fails alone, and nineteen are spoken', async () => {
	const { items } = await run(read('batch-of-texts.json'), 'Generate draft speech');
	expect(items).toHaveLength(20);
	expect(items.flatMap(({ json }, index) => (json.error === undefined ? [] : [index]))).toEqual([6]);
	expect(items.filter(({ binary }) => binary?.data?.mimeType === 'audio/wav')).toHaveLength(19);
}, 120_000);

it('voice clone: the text is spoken after a sample', async () => {
	const { items, path } = await run(read('voice-clone.json'), 'Clone a voice');
	expect(items[0]?.json).toMatchObject({ seed: 7, watermark: false });
	expect((await probe(path)).audio?.duration).toBeGreaterThan(0);
}, 120_000);

it('AI agent: the model is told of voices, fonts and a film in less than 4 kB each, with a link and no bytes', async () => {
	const model = await startChatModel(filmMaker);
	const template = read('ai-agent.json');
	const small = { width: 108, height: 192, quality: 'draft' };
	const nodes = template.nodes.map((node) => ({
		...node,
		...(node.name === 'OpenAI Chat Model' && { credentials: { openAiApi: { id: '1', name: 'Mine' } } }),
		...(node.parameters.operation === 'generate_captioned_video' && { parameters: { ...node.parameters, options: small } }),
	}));
	try {
		const { items } = await run({ ...template, nodes }, 'AI Agent', { credentials: { openAiApi: { url: model.url, apiKey: 'none' } } });
		const [mistaken = '', ...told] = toldIn(model.asked.at(-1) ?? { model: '', messages: [] });
		expect(mistaken).toContain('Expected a language of Kokoro (en-us, en-gb');
		for (const one of told) expect(Buffer.byteLength(one)).toBeLessThan(4000);
		expect(told.at(-1)).toContain('/binary-data/signed?token=');
		expect(told.join()).not.toMatch(/[\w+/]{500}/);
		expect(items[0]?.json.output).toMatch(/^Here is your film: \S*\/binary-data\/signed\?token=\S+$/);
	} finally {
		await model.close();
	}
}, 120_000);

describe('the same job on another machine', () => {
	const film = 'Create a narrated and captioned video';
	const template = read('run-on-another-machine.json');
	/** As when a person has chosen credentials in the step. */
	const choose = (types: string[]) => {
		const credentials = Object.fromEntries(types.map((type) => [type, { id: '1', name: 'Mine' }]));
		return { ...template, nodes: template.nodes.map((node) => (node.name === film ? { ...node, credentials } : node)) };
	};
	const environment = { ...process.env, AI_AGENT_TOOLS_ALLOW_PRIVATE_URLS: '1', AI_AGENT_TOOLS_SCRATCH: join(folder, 'scratch'), AI_AGENT_TOOLS_DATA: join(folder, 'data') };
	const filmed = async (credentials: NonNullable<RunOptions['credentials']>) => {
		const { path } = await run(choose(Object.keys(credentials)), film, { credentials });
		expect(await probe(path)).toMatchObject({ video: { width: 320, height: 180 }, audio: { codec: 'aac' } });
	};

	it('is done by a worker of RunPod, the files travelling through storage', async () => {
		const s3 = await startS3();
		const { endpoint = '', accessKeyId, secretAccessKey } = s3.config();
		const storage = { S3_ENDPOINT_URL: endpoint, S3_BUCKET_NAME: bucket, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey };
		const platform = await createFakePlatform({ longPoll: 300, webhookPause: 500 });
		const worker = startProcess('worker', { ...environment, ...storage, ...platform.env('w1') });
		try {
			await filmed({
				aiAgentToolsRunPodApi: { baseUrl: platform.baseUrl, endpointId: platform.endpoint, apiKey: platform.key },
				aiAgentToolsS3Api: { endpoint, region: '', accessKeyId, secretAccessKey, sessionToken: '', bucketName: bucket, keyPrefix: '', forcePathStyle: true, ignoreSSLIssues: false },
			});
		} finally {
			await worker.stop();
			await platform.close();
			await s3.close();
		}
	}, 120_000);

	it('is done by an own machine', async () => {
		const server = startProcess('serve', { ...environment, AI_AGENT_TOOLS_API_KEY: 'own-key', AI_AGENT_TOOLS_PORT: '0' });
		try {
			const [, url = ''] = await server.says(/Serving (\S+)\/local/);
			await filmed({ aiAgentToolsRunPodApi: { baseUrl: url, endpointId: 'local', apiKey: 'own-key' } });
		} finally {
			await server.stop();
		}
	}, 120_000);
});
