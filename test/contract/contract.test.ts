/** @jest-environment ./test/support/node-environment.js */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { operations } from '../../src/operations';
import { bucket, startS3 } from '../support/s3';
import { createClips, type Clips } from '../support/clips';
import { startYouTube, zoo, zooVideo } from '../support/youtube';
import { writeModels } from '../support/models/tiny';
import { cases } from './cases';
import { transports, type Running } from './transports';

let clips: Clips;
let models: string;
let s3: Awaited<ReturnType<typeof startS3>>;
let youtube: Awaited<ReturnType<typeof startYouTube>>;
beforeAll(async () => {
	clips = await createClips();
	models = await mkdtemp(join(tmpdir(), 'models-'));
	await writeModels(models);
	s3 = await startS3();
	youtube = await startYouTube({ [zoo]: zooVideo });
});
afterAll(async () => {
	await s3.close();
	await youtube.close();
	await clips.remove();
	await rm(models, { recursive: true });
});

it('every operation has a case', () => {
	expect(operations.map(({ name }) => name).filter((name) => !cases.some(({ operation }) => operation === name))).toEqual([]);
});

describe.each(transports)('$name', ({ start }) => {
	let running: Running;
	beforeAll(async () => {
		const { endpoint = '', accessKeyId, secretAccessKey } = s3.config();
		running = await start({ AI_AGENT_TOOLS_MODELS: models, AI_AGENT_TOOLS_YOUTUBE_URL: youtube.url, S3_ENDPOINT_URL: endpoint, S3_BUCKET_NAME: bucket, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey });
	});
	afterAll(() => running.close());

	it.each(cases)('$operation', async ({ operation, input, expected }) => {
		const answer = await running.execute(operation, await input(clips));
		expect(answer).toMatchObject({ status: 'success', result: { ...expected, warnings: expect.any(Array) }, processing_time: expect.any(Number) });
	});

	it('tells of a mistake the same way', async () => {
		expect(await running.execute('generate_draft_tts', { text: 'x', speed: 9 })).toEqual({
			status: 'error',
			error: { code: 'invalid_input', type: 'InvalidInput', field: 'speed', message: 'speed: Expected at most 3, got 9. Enter a smaller number', retryable: false },
		});
	});
});
