import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Spoken {
	tStartMs: number;
	dDurationMs: number;
	segs?: { utf8: string }[];
}

export interface StandInVideo {
	/** Language, and `asr` where YouTube's machine heard it. */
	tracks: { languageCode: string; kind?: string; events: Spoken[] }[];
	playability?: { status: string; reason?: string };
}

export const line = (tStartMs: number, dDurationMs: number, ...texts: string[]): Spoken => ({ tStartMs, dDurationMs, segs: texts.map((utf8) => ({ utf8 })) });

/** A stand-in for the three places of YouTube that a transcript comes from: a video's page, what its player asks, and the captions. */
export async function startYouTube(videos: Record<string, StandInVideo>) {
	const key = 'AIzaSy-stand_in';
	/** What the next answers are instead of the usual ones, by the start of their path. */
	const instead = new Map<string, (response: ServerResponse, request: IncomingMessage) => boolean>();
	const asked: string[] = [];

	const server = createServer((request, response) => {
		const url = new URL(request.url ?? '', 'http://stand-in');
		asked.push(url.pathname + url.search);
		const other = [...instead].find(([path]) => url.pathname.startsWith(path))?.[1];
		if (other?.(response, request)) return;
		if (url.pathname === '/watch') return void response.end(`<!DOCTYPE html><script>ytcfg.set({"INNERTUBE_API_KEY":"${key}","hl":"en"});</script>`);
		if (url.pathname === '/youtubei/v1/player' && request.method === 'POST' && url.searchParams.get('key') === key) return void player(request, response);
		const track = videos[url.searchParams.get('v') ?? '']?.tracks[Number(url.searchParams.get('track'))];
		if (url.pathname === '/api/timedtext' && track && url.searchParams.get('fmt') === 'json3') return void response.end(JSON.stringify({ wireMagic: 'pb3', events: track.events }));
		response.writeHead(404).end();
	});

	async function player(request: IncomingMessage, response: ServerResponse) {
		const body: Buffer[] = [];
		for await (const chunk of request) body.push(chunk as Buffer);
		const { videoId, context } = JSON.parse(Buffer.concat(body).toString()) as { videoId: string; context: { client: { clientName: string } } };
		const video = context.client.clientName === 'ANDROID' ? videos[videoId] : undefined;
		const { status, reason } = video?.playability ?? { status: video ? 'OK' : 'ERROR', reason: 'This video is unavailable' };
		// YouTube names its own address, whoever asks.
		const captionTracks = video?.tracks.map(({ languageCode, kind }, track) => ({ baseUrl: `https://www.youtube.com/api/timedtext?v=${videoId}&track=${track}&fmt=srv3`, languageCode, ...(kind && { kind }), name: { runs: [{ text: languageCode }] } }));
		response.end(
			JSON.stringify({
				playabilityStatus: { status, ...(status !== 'OK' && { reason }) },
				...(status === 'OK' && { videoDetails: { videoId, title: 'Me at the zoo', lengthSeconds: '19' }, ...(captionTracks?.length && { captions: { playerCaptionsTracklistRenderer: { captionTracks } } }) }),
			}),
		);
	}

	await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		asked,
		instead,
		close: () => new Promise<void>((done) => (server.close(() => done()), server.closeAllConnections())),
	};
}

export const zoo = 'jNQXAC9IVRw';
/** A video as most are: captions of people in two languages, and what the machine heard. */
export const zooVideo: StandInVideo = {
	tracks: [
		{ languageCode: 'en', kind: 'asr', events: [{ tStartMs: 0, dDurationMs: 19_000 }, line(1200, 4000, 'all', ' right'), line(1210, 0, '\n'), line(3000, 2500, 'so here we are')] },
		{ languageCode: 'de', events: [line(1300, 2000, 'Also, hier sind wir & \u201eEs\u201c <da>')] },
		{ languageCode: 'pt-BR', events: [line(1300, 2000, 'Aqui')] },
	],
};
