import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings } from '../../gpu-runtime/settings';
import { openTravel } from '../../gpu-runtime/travel';
import { policyBounds } from '../../src/runpod/protocol';
import { startS3 } from '../support/s3';

it('a link to an input lives as long as a job may wait for a worker', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'travel-'));
	writeFileSync(join(folder, 'clip.mp4'), 'a clip');
	const s3 = await startS3();
	const travel = openTravel({ endpointId: 'ep1', apiKey: 'key', storage: s3.config() }, { signal: new AbortController().signal, settings: readSettings({}) });
	const { video } = (await travel.send({ video: { file: join(folder, 'clip.mp4') } })) as { video: { url: string } };
	expect(Number(new URL(video.url).searchParams.get('X-Amz-Expires')) * 1000).toBe(policyBounds.ttl.max);
	expect(await (await fetch(video.url)).text()).toBe('a clip');
	await travel.cleanUp();
	expect((await fetch(video.url)).status).toBe(404);
	await s3.close();
	rmSync(folder, { recursive: true });
});
