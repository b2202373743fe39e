import { agentSized } from '../../../../src/agent-sized';
import { perform, readRequest } from '../../../../src/execute';
import { operations } from '../../../../src/operations';
import { catalogueOf } from '../../../../src/reference';
import type { Job } from '../../../../src/runtime';

const job = { signal: new AbortController().signal, catalogue: catalogueOf(operations) } as Job;
const describeOperation = async (input: object) => perform(readRequest('describe_operation', input, { allowFiles: false }), job, []);

describe('describe_operation', () => {
	it('lists the operations when none is named', async () => {
		expect(await describeOperation({})).toEqual({ operations: operations.map(({ name, title }) => ({ name, title })), warnings: [] });
	});

	it('tells the fields of an operation with type, bounds and default, and an input that runs', async () => {
		const { fields, returns, example } = await describeOperation({ operationName: 'generate_captioned_video' });
		expect(fields).toEqual(expect.arrayContaining([
			{ name: 'background', type: 'file', default: 'required', meaning: expect.stringContaining('A picture, or a video') },
			expect.objectContaining({ name: 'width', type: 'whole number 64–4096', default: '1080' }),
			expect.objectContaining({ name: 'captions', type: expect.stringMatching(/^object or false of \d+ fields$/) }),
		]));
		expect(returns).toMatch(/^video, duration, words,/);
		expect(readRequest('generate_captioned_video', JSON.parse(String(example)), { allowFiles: true }).operation.name).toBe('generate_captioned_video');
	});

	it('tells what is in a field that is an object, and in the objects in it', async () => {
		const { fields } = await describeOperation({ operationName: 'add_captions', field: 'style' });
		expect((fields as { name: string }[]).map(({ name }) => name)).toEqual(expect.arrayContaining(['fontSize', 'shadow', 'shadow.blur']));
	});

	it('names what there is when it is asked for something else', async () => {
		await expect(describeOperation({ operationName: 'make_film' })).rejects.toThrow(/^operationName: Expected one of generate_kokoro_tts, .*, got "make_film"\. Choose one of them$/);
		await expect(describeOperation({ operationName: 'extract_frame', field: 'when' })).rejects.toThrow(/^field: Expected one of video, timestamp, .*, got "when"\. Choose one of them$/);
	});

	it('never answers more than an AI agent can be told whole', async () => {
		const questions = operations.flatMap(({ name }) => {
			const nested = job.catalogue.describe(name, 'operationName').fields.filter(({ fields }) => fields);
			return [{ operationName: name }, ...nested.map((field) => ({ operationName: name, field: field.name }))];
		});
		for (const question of [{}, ...questions]) expect([question, agentSized(await describeOperation(question), 3000).cut]).toEqual([question, {}]);
	});
});
