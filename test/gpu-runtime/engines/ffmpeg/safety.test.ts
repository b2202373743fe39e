import { readdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createClips, type Clips } from '../../../support/clips';
import { everyBuild, mediaJob, type MediaJob } from '../../../support/media';

let clips: Clips;
let server: Server;
let requests = 0;
beforeAll(async () => {
	clips = await createClips();
	await clips.clip('plain.mp4');
	server = createServer((_, response) => {
		requests++;
		response.end();
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
	await clips.remove();
	await new Promise((resolve) => server.close(resolve));
});

const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/private.mp4`;

const lists = {
	'an HLS playlist': () => '#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nplain.mp4\n#EXT-X-ENDLIST\n',
	'an HLS playlist of a URL': () => `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${address()}\n#EXT-X-ENDLIST\n`,
	'a concat list': () => 'ffconcat version 1.0\nfile plain.mp4\n',
	'a DASH manifest': () =>
		`<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"><Period><AdaptationSet mimeType="video/mp4"><Representation id="1"><BaseURL>${address()}</BaseURL></Representation></AdaptationSet></Period></MPD>`,
	'a session description': () => 'v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n',
};

describe.each(everyBuild)('with $name', ({ paths }) => {
	let job: MediaJob;
	beforeEach(async () => {
		job = await mediaJob(paths);
		requests = 0;
	});
	afterEach(async () => {
		await expect(readdir(job.folder)).resolves.toEqual([]);
		await job.remove();
	});

	const render = (path: string) => job.ffmpeg.render({ inputs: [{ path }], options: ['-c:v', 'libx264'], output: join(job.folder, 'out.mp4') });

	it.each(Object.entries(lists))('reads no other file through %s named .mp4', async (_, content) => {
		const path = await clips.file('posing.mp4', content());
		await expect(job.ffmpeg.probe(path, 'video')).rejects.toMatchObject({ code: 'unreadable_media', field: 'video' });
		await expect(render(path)).rejects.toMatchObject({ code: 'ffmpeg_failed' });
		expect(requests).toBe(0);
	});

	it.each(['http', 'tcp', 'concat:', 'data:,', 'subfile,,start,0,end,9,,:'])('takes %s for a name of a file, never for an address', async (scheme) => {
		const path = scheme === 'http' ? address() : `${scheme}${join(clips.folder, 'plain.mp4')}`;
		await expect(job.ffmpeg.probe(path, 'video')).rejects.toMatchObject({ code: 'file_not_found' });
		await expect(render(path)).rejects.toMatchObject({ code: 'ffmpeg_failed' });
		expect(requests).toBe(0);
	});

	it('does not unpack a picture of too many pixels', async () => {
		await expect(render(await clips.pixelBomb(15_000))).rejects.toMatchObject({ code: 'ffmpeg_failed' });
	});

	it('reads a list of files that we made, each of which was probed', async () => {
		const list = await clips.file('list.txt', 'ffconcat version 1.0\nfile plain.mp4\nfile plain.mp4\n');
		const output = join(job.folder, 'joined.mp4');
		await job.ffmpeg.render({ inputs: [{ path: list, options: ['-f', 'concat'] }], options: ['-c', 'copy'], output, duration: 2 });
		await expect(job.ffmpeg.probe(output)).resolves.toMatchObject({ video: { frameCount: 50 } });
		await rm(output);
	});
});
