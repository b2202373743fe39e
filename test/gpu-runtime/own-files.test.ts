import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings } from '../../gpu-runtime/settings';
import { openTravel } from '../../gpu-runtime/travel';
import { createRunPodClient } from '../../src/runpod/client';
import { timing } from '../../src/runpod/timing';
import type { ProducedFile } from '../../src/vocabulary';
import { createFakePlatform } from '../support/fake-platform';
import { openRoad, type Road } from '../support/road';
import { key, withServer, type Ground } from './server-support';

const folder = mkdtempSync(join(tmpdir(), 'own-files-'));
const clip = join(folder, 'clip.mp4');
const bytes = Buffer.alloc(300_000, 'a clip ');
writeFileSync(clip, bytes);
afterAll(() => rmSync(folder, { recursive: true }));

const settings = readSettings({ AI_AGENT_TOOLS_STALL_LIMIT: '1', AI_AGENT_TOOLS_MAX_INLINE: '1000' });
const quick = { ...timing, retry: { min: 0.01, max: 0.05 } };
const travelTo = (baseUrl: string, { apiKey = key, endpointId = 'local', signal = new AbortController().signal } = {}) => openTravel({ baseUrl, endpointId, apiKey }, { signal, settings, timing: quick });
const filesSeen = ({ seen }: Road) => seen.filter((line) => line.includes('/files/'));
const video = { video: { file: clip, fileName: 'clip.mp4' } };

/** A runtime that is reached by a road only. */
const withRoad = (test: (ground: Ground & { road: Road }) => Promise<void>, options: Parameters<typeof withServer>[1] = {}) =>
	withServer(async (ground) => {
		const road = await openRoad(ground.server.url);
		try {
			await test({ ...ground, road });
		} finally {
			await road.close();
		}
	}, options);

/** Sends the clip, and fetches what it became as if it were a result. */
async function thereAndBack(travel: ReturnType<typeof openTravel>) {
	const sent = (await travel.send(video)) as { video: { url: string } };
	const back = join(folder, 'back.mp4');
	await travel.fetch({ fileName: 'clip.mp4', mimeType: 'video/mp4', size: bytes.length, url: sent.video.url } satisfies ProducedFile, back);
	expect(readFileSync(back).equals(bytes)).toBe(true);
	return sent.video.url;
}

it('a runtime behind a proxy of another name and path keeps the files of its jobs', () =>
	withRoad(async ({ road, leftovers }) => {
		const travel = travelTo(road.baseUrl);
		expect(await thereAndBack(travel)).toMatch(/^http:\/\/inside\.invalid\/files\//);
		await travel.cleanUp();
		expect(await leftovers()).toEqual([]);
		await thereAndBack(travelTo(`${road.baseUrl}/`));
		expect(road.seen.filter((line) => line.includes('/health'))).toHaveLength(1);
	}));

it('an endpoint that speaks the same API and keeps no files is sent none', async () => {
	const platform = await createFakePlatform();
	const travel = travelTo(platform.baseUrl, { apiKey: platform.key, endpointId: platform.endpoint });
	await expect(travel.send(video)).rejects.toMatchObject({ code: 'no_storage', field: 'video', message: expect.stringContaining('S3 credential') });
	expect(platform.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /v2/ep1/health']);
	await platform.close();
});

it.each([
	{ what: 'a busy health', faults: { HEALTH: [503, 'drop'] } },
	{ what: 'uploads that break off, are lost, refused or not answered', faults: { PUT: ['drop', 'lost', 503, 'silent'] } },
	{ what: 'an endpoint that is asked too often', faults: { PUT: [429], GET: [429] } },
	{ what: 'downloads that break off, fail or stop', faults: { GET: ['cut', 502, 'drop', 'silent'] } },
	{ what: 'a removal that fails', faults: { DELETE: [500, 'drop'] } },
] as const)('a file arrives whole in spite of $what', ({ faults }) =>
	withRoad(async ({ road, leftovers }) => {
		for (const [method, ones] of Object.entries(faults)) road.faults[method]?.push(...ones);
		const travel = travelTo(road.baseUrl);
		await thereAndBack(travel);
		await travel.cleanUp();
		expect(Object.values(road.faults).flat()).toEqual([]);
		// An upload whose answer was lost stays until its time is over: nobody knows its id.
		expect((await leftovers()).length).toBe('PUT' in faults && faults.PUT.some((fault) => fault === 'lost') ? 1 : 0);
	}),
);

it('what lasts is told, not tried for ever: a broken server, a wrong key', () =>
	withRoad(async ({ road }) => {
		await expect(travelTo(road.baseUrl, { apiKey: 'wrong' }).send(video)).rejects.toMatchObject({ code: 'unauthorized' });
		road.faults.PUT?.push(500, 500, 500, 500, 500);
		await expect(travelTo(road.baseUrl).send(video)).rejects.toMatchObject({ code: 'file_refused', retryable: true, message: expect.stringContaining('HTTP 500') });
		expect(filesSeen(road)).toHaveLength(5);
	}));

it.each([200, 404])('a proxy that does not pass on the files is told as such when it answers %i', (status) =>
	withRoad(async ({ road }) => {
		road.faults.PUT?.push(status);
		await expect(travelTo(road.baseUrl).send(video)).rejects.toMatchObject({ code: status === 200 ? 'protocol' : 'file_refused', retryable: false, message: expect.stringContaining('must pass on /files') });
	}));

it('a file that is too large is refused while it is still being sent, with the setting that says how large it may be', () =>
	withServer(
		async ({ server, leftovers }) => {
			const large = join(folder, 'large.mp4');
			writeFileSync(large, '');
			truncateSync(large, 100_000_000);
			const start = performance.now();
			await expect(travelTo(`${server.url}/v2`).send({ video: { file: large } })).rejects.toMatchObject({ code: 'file_refused', retryable: false, message: expect.stringMatching(/HTTP 413.*AI_AGENT_TOOLS_MAX_DOWNLOAD/) });
			expect(performance.now() - start).toBeLessThan(8000);
			expect(await leftovers()).toEqual([]);
		},
		{ maxFile: 200_000 },
	));

it('an abort ends an upload that is not answered', () =>
	withRoad(async ({ road }) => {
		const stop = new AbortController();
		await travelTo(road.baseUrl).send(video);
		road.faults.PUT?.push('silent');
		const sending = travelTo(road.baseUrl, { signal: stop.signal }).send(video);
		setTimeout(() => stop.abort(new Error('enough')), 50);
		await expect(sending).rejects.toThrow('enough');
	}));

describe('a link that is good no longer', () => {
	it.each([
		['was changed', (link: string) => link.replace(/signature=./, 'signature=~')],
		['has expired', (link: string) => link.replace(/expires=\d+/, 'expires=1000000000')],
		['comes from before a restart', (link: string) => link.replace(/signature=.*/, 'signature=of-another-process')],
	])('because it %s is told as such to the job that names it', (_, spoil) =>
		withServer(async (ground) => {
			const link = String((await ground.call('PUT', '/files/clip.mp4', 'bytes')).body.url);
			await ground.call('POST', '/v2/local/run', { input: { operation: 'get_video_info' } });
			const take = ground.begun[0]?.options.takeOwn;
			const error = await take?.(spoil(link), join(folder, 'taken')).catch((reason: unknown) => reason);
			expect(error).toMatchObject({ type: 'InvalidInput', code: 'link_expired', message: expect.stringContaining('send the file again') });
			expect(String(error)).not.toContain('signature');
			expect(await take?.('https://example.com/files/other/clip.mp4', join(folder, 'taken'))).toBe(false);
			expect(await take?.(link, join(folder, 'taken'))).toBe(true);
		}),
	);
});

describe('a proxy in the environment', () => {
	const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'] as const;
	const before = names.map((name) => process.env[name]);
	afterEach(() => names.forEach((name, index) => (before[index] === undefined ? delete process.env[name] : (process.env[name] = before[index]))));

	it('carries jobs and files to a runtime on the other side', () =>
		withRoad(async ({ road }) => {
			process.env.HTTP_PROXY = road.url;
			const client = createRunPodClient({ baseUrl: 'http://box.invalid/v2', endpointId: 'local', apiKey: key });
			expect(await client.submit({ operation: 'get_video_info' })).toEqual(expect.any(String));
			await thereAndBack(travelTo('http://box.invalid/v2'));
			expect(road.seen).toEqual(expect.arrayContaining(['POST http://box.invalid/v2/local/run', 'PUT http://box.invalid/files/clip.mp4', expect.stringMatching(/^GET http:\/\/box\.invalid\/files\/.+signature=/)]));
		}));

	it('is not used for what NO_PROXY names', () =>
		withRoad(async ({ road, server }) => {
			Object.assign(process.env, { HTTP_PROXY: road.url, NO_PROXY: 'example.com,127.0.0.1' });
			expect(await createRunPodClient({ baseUrl: `${server.url}/v2`, endpointId: 'local', apiKey: key }).health()).toMatchObject({ files: true });
			expect(road.seen).toEqual([]);
		}));

	it('is asked for a tunnel to an https address, and sees no key', () =>
		withRoad(async ({ road }) => {
			process.env.HTTPS_PROXY = road.url;
			await expect(createRunPodClient({ baseUrl: 'https://box.invalid/v2', endpointId: 'local', apiKey: key }).health()).rejects.toMatchObject({ code: 'remote_unavailable' });
			expect(road.seen).toEqual([expect.stringMatching(/^CONNECT box\.invalid:443 /)]);
			expect(road.seen.join()).not.toContain(key);
		}));
});
