import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NodeHelpers, type INodeParameters, type INodeProperties, type INodeType } from 'n8n-workflow';
import { readInput, writeParameters } from '../../nodes/shared/parameters';
import { propertiesOf } from '../../nodes/shared/properties';
import { formOf, readRequest } from '../../src/execute';
import { operations } from '../../src/operations';
import { built, dist } from '../support/dist';

const manifest = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')) as { n8n: { nodes: string[] } };
const nodes = manifest.n8n.nodes.map((path) => {
	const file = dist(path.replace(/^dist\//, ''));
	const [Class] = Object.values(built<Record<string, new () => INodeType>>(path.replace(/^dist\//, '')));
	if (!Class) throw new Error(`${file} exports no class`);
	return { file, node: new Class() };
});

const parametersOf = (properties: INodeProperties[]) => Object.fromEntries(properties.map(({ name, default: value }) => [name, value]));
const flat = (properties: INodeProperties[]): INodeProperties[] =>
	properties.flatMap((one) => [one, ...flat((one.options ?? []).flatMap((option) => ('values' in option ? option.values : 'type' in option ? [option] : [])))]);

describe('form and contract', () => {
	it.each(operations.map((operation) => [operation.name, operation] as const))('%s: an input written to a form is read back the same', (name, { example, ...operation }) => {
		const fields = formOf({ example, ...operation });
		const { input } = readRequest(name, example, { allowFiles: true });
		const parameters = writeParameters(fields, input as Record<string, unknown>);
		const read = readInput(fields, (key) => parameters[key]);
		expect(readRequest(name, read, { allowFiles: true }).input).toEqual(input);
	});

	it.each(operations.map((operation) => [operation.name, operation] as const))('%s: a form left alone but for what the example fills in means the example', (name, operation) => {
		const fields = formOf(operation);
		const parameters = { ...parametersOf(propertiesOf(operation)), ...writeParameters(fields, operation.example) };
		const read = readInput(fields, (key) => parameters[key]);
		expect(readRequest(name, read, { allowFiles: true }).input).toEqual(readRequest(name, operation.example, { allowFiles: true }).input);
	});
});

it('a list of files takes those that an expression gives, and names', () => {
	const operation = operations.find(({ name }) => name === 'merge_videos');
	const film = { id: 'filesystem:1', data: 'filesystem', mimeType: 'video/mp4' };
	const read = (value: unknown) => operation && readInput(formOf(operation), (key) => (key === 'videos' ? { mode: 'binary', value } : undefined)).videos;
	expect(read(film)).toEqual([{ binary: film }]);
	expect(read([film, ' clip '])).toEqual([{ binary: film }, { binary: 'clip' }]);
});

describe('manners of the built forms', () => {
	const all = nodes.flatMap(({ node }) => flat(node.description.properties).map((property) => [`${node.description.name}.${property.name}`, property] as const));

	it('labels are in Title Case', () => {
		const small = new Set(['a', 'an', 'and', 'as', 'at', 'by', 'for', 'from', 'in', 'of', 'on', 'or', 'per', 'the', 'to', 'with']);
		const wrong = all.filter(([, { displayName, type }]) => type !== 'notice' && displayName.split(/[\s/]+/).some((part, index) => /^[a-z]/.test(part) && !(index > 0 && small.has(part))));
		expect(wrong.map(([name, { displayName }]) => `${name}: ${displayName}`)).toEqual([]);
	});

	it('what is slow, costs money or must be set up is told in a few lines, and only where it matters', () => {
		const notices = all.filter(([, { type }]) => type === 'notice').map(([, property]) => property);
		for (const { displayName } of notices) expect(displayName.length).toBeLessThan(220);
		const told = (parameters: INodeParameters) => notices.filter((one) => NodeHelpers.displayParameter(parameters, one, null, null)).map(({ displayName }) => displayName);
		const needs = (model: string) => expect.stringMatching(new RegExp(`downloads the model ${model}.*Alpine`));
		expect(told({ operation: 'generate_kokoro_tts', runOn: 'embedded' })).toEqual([needs('Kokoro')]);
		expect(told({ operation: 'generate_captioned_video', runOn: 'embedded', speech: 'chatterbox' })).toEqual([needs('Chatterbox')]);
		expect(told({ operation: 'generate_captioned_video', runOn: 'embedded', speech: 'draft' })).toEqual([]);
		expect(told({ operation: 'add_captions', runOn: 'embedded', captions: { __rl: true, mode: 'text', value: '' } })).toEqual([needs('Whisper')]);
		expect(told({ operation: 'add_captions', runOn: 'embedded', captions: { __rl: true, mode: 'binary', value: 'srt' } })).toEqual([]);
		expect(new Set(told({ operation: 'transcribe', runOn: 'remote' }))).toEqual(new Set([expect.stringContaining('RunPod charges')]));
	});

	it('every operation with a model of its own tells that it is downloaded', () => {
		for (const { fields, notices = [] } of operations.filter(({ input }) => 'precision' in input.shape)) expect([fields.precision?.label, notices.length]).toEqual(['Precision', 1]);
	});

	it('colors begin as the color picker can show them', () => {
		const wrong = all.filter(([, { type, default: value }]) => type === 'color' && !/^#([0-9a-f]{3}|[0-9a-f]{6})$/.test(String(value)));
		expect(wrong.map(([name, { default: value }]) => `${name}: ${String(value)}`)).toEqual([]);
	});

	it('the colors of a box and of the spoken word are there only where they are drawn', () => {
		const style = (name: string) => nodes.flatMap(({ node }) => node.description.properties).find((one) => one.name === 'captionsOptions')?.options?.find((one) => one.name === name) as INodeProperties;
		const isShown = (name: string, values: INodeParameters) => NodeHelpers.displayParameter(values, style(name), null, null);
		expect([{}, { box: true }].map((values) => isShown('boxColor', values))).toEqual([false, true]);
		expect(['underline', 'highlight', 'karaoke'].map((effect) => isShown('highlightColor', { effect }))).toEqual([false, true, true]);
	});

	it('the S3 credential is hidden where no file comes or goes', () => {
		const hides = nodes.map(({ node }) => node.description.credentials?.find(({ name }) => name === 'aiAgentToolsS3Api')?.displayOptions?.hide?.operation ?? []);
		expect(hides.flat().sort()).toEqual(['describe_operation', 'get_kokoro_voices', 'get_youtube_transcript', 'list_fonts']);
	});

	it('the default of a list is one of its choices', () => {
		const wrong = all.filter(([, { type, options, default: value }]) => type === 'options' && !options?.some((option) => 'value' in option && option.value === value));
		expect(wrong.map(([name, property]) => `${name}: ${String(property.default)}`)).toEqual([]);
	});

	it('the modes of a file have names short enough for the editor to show', () => {
		const long = all.flatMap(([name, { modes }]) => (modes ?? []).filter(({ displayName }) => displayName.length > 9).map(({ displayName }) => `${name}: ${displayName}`));
		expect(long).toEqual([]);
	});

	it('Options are there only where there are some on this n8n, too', () => {
		const isHere = (option: object) => !('displayOptions' in option) || !JSON.stringify(option.displayOptions).includes('runOn');
		const empty = all.filter(([, { type, options = [] }]) => type === 'collection' && !options.some(isHere));
		expect(empty.map(([name]) => name)).toEqual([]);
	});

	it('two files of one node are not taken from one binary field unless somebody says so', () => {
		for (const operation of operations) {
			const names = propertiesOf(operation).flatMap(({ type, default: value }) => (type === 'resourceLocator' ? [(value as { value: string }).value].filter(Boolean) : []));
			expect(new Set(names).size).toBe(names.length);
		}
	});

	it.each([
		['convert_audio', { bitrate: 192_000, sampleRate: 44_100, loudness: -16 }],
		['merge_videos', { width: 1920, height: 1080, fps: 25 }],
		['transcribe', { device: 'auto' }],
	])('an option added to %s begins with what is useful', (name, expected) => {
		const operation = operations.find((one) => one.name === name);
		const options = operation && propertiesOf(operation).find((one) => one.name === 'options')?.options;
		expect(Object.fromEntries((options ?? []).flatMap((option) => ('default' in option ? [[option.name, option.default]] : [])))).toMatchObject(expected);
	});

	it('switches say "Whether to …"', () => {
		const wrong = all.filter(([, { type, description }]) => type === 'boolean' && !description?.startsWith('Whether'));
		expect(wrong.map(([name]) => name)).toEqual([]);
	});

	it('operations have an action in sentence case', () => {
		for (const { node } of nodes)
			for (const option of node.description.properties.find(({ name }) => name === 'operation')?.options ?? [])
				expect('action' in option && option.action).toMatch(/^[A-Z][a-z]+(?! [A-Z][a-z])/);
	});

	it('no two visible fields have one name', () => {
		for (const { name } of operations) {
			const shown = nodes.flatMap(({ node }) => node.description.properties.filter(({ displayOptions }) => displayOptions?.show?.operation?.includes(name)));
			const keys = shown.map((property) => JSON.stringify([property.name, property.displayOptions]));
			expect(new Set(keys).size).toBe(keys.length);
		}
	});

	it('a node that can run elsewhere takes the credential for it', () => {
		for (const { node } of nodes.filter(({ node: one }) => one.description.properties.some(({ name }) => name === 'runOn')))
			expect(node.description.credentials?.map(({ name }) => name)).toContain('aiAgentToolsRunPodApi');
	});

	it('every node can be the tool of an AI agent', () => {
		expect(nodes.filter(({ node }) => node.description.usableAsTool !== true).map(({ node }) => node.description.name)).toEqual([]);
	});

	it('every node has search words, and icons for light and dark', () => {
		for (const { file, node } of nodes) {
			const codex = JSON.parse(readFileSync(file.replace(/\.js$/, '.json'), 'utf8')) as { alias: string[] };
			expect(codex.alias.length).toBeGreaterThan(3);
			const { light, dark } = node.description.icon as { light: string; dark: string };
			for (const icon of [light, dark]) expect(readFileSync(join(file, '..', icon.replace('file:', '')), 'utf8')).toContain('<svg');
		}
	});
});
