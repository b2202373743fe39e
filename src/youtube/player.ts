import { z } from 'zod/v4';
import { InvalidInput, OperationFailed } from '../errors';

/** The part of what YouTube's player is told about a video that says which captions there are. */
const answer = z.object({
	playabilityStatus: z.object({ status: z.string(), reason: z.string().optional() }),
	videoDetails: z.object({ title: z.string().optional(), lengthSeconds: z.coerce.number().optional() }).optional(),
	captions: z
		.object({ playerCaptionsTracklistRenderer: z.object({ captionTracks: z.array(z.object({ baseUrl: z.string(), languageCode: z.string(), kind: z.string().optional() })).optional() }).optional() })
		.optional(),
});

export interface CaptionTrack {
	/** Path and query, at YouTube. */
	path: string;
	/** As YouTube writes it, e.g. `en` or `pt-BR`. */
	language: string;
	/** Heard by YouTube's machine, and not written by a person. */
	generated: boolean;
}

export interface Video {
	title: string;
	/** Seconds; 0 where YouTube does not say. */
	duration: number;
	tracks: CaptionTrack[];
}

export function readPlayer(text: string, field: string): Video {
	const { playabilityStatus, videoDetails, captions } = parsed(text);
	if (playabilityStatus.status !== 'OK') throw refusal(playabilityStatus.status, playabilityStatus.reason ?? 'no reason given', field);
	const tracks = captions?.playerCaptionsTracklistRenderer?.captionTracks ?? [];
	return {
		title: videoDetails?.title ?? '',
		duration: videoDetails?.lengthSeconds ?? 0,
		tracks: tracks.map(({ baseUrl, languageCode, kind }) => ({ path: pathOf(baseUrl), language: languageCode, generated: kind === 'asr' })),
	};
}

function parsed(text: string): z.output<typeof answer> {
	try {
		return answer.parse(JSON.parse(text));
	} catch (cause) {
		throw changed('what it tells its player', cause);
	}
}

/** Whatever host an answer names, only YouTube itself is asked. */
function pathOf(url: string): string {
	if (!URL.canParse(url, 'https://www.youtube.com')) throw changed('its links to captions');
	const { pathname, searchParams } = new URL(url, 'https://www.youtube.com');
	searchParams.set('fmt', 'json3');
	return `${pathname}?${searchParams}`;
}

function refusal(status: string, reason: string, field: string) {
	const said = `YouTube says: ${reason.slice(0, 200)}`;
	const invalid = (what: string, code: string) => new InvalidInput(`${field}: ${what} ${said}`, { field, code });
	if (/\bbot\b/i.test(reason)) return blocked(said);
	if (/private/i.test(reason)) return invalid('Expected a video that anybody may see, got a private one.', 'video_private');
	if (status === 'LOGIN_REQUIRED' || /\bage\b|inappropriate/i.test(reason)) return invalid('Expected a video that anybody may see, got one that asks for an account.', 'video_restricted');
	if (status === 'LIVE_STREAM_OFFLINE') return invalid('Expected a video that has been shown, got one that is still to come.', 'video_not_ready');
	return invalid('Expected a video that can be watched, got one that cannot.', 'video_unavailable');
}

export const blocked = (said: string) =>
	new OperationFailed(`YouTube does not answer this machine, as it often does with servers in data centers. ${said}. Run this from another network, or set AI_AGENT_TOOLS_YOUTUBE_URL to a relay`, {
		code: 'youtube_blocked',
		retryable: true,
	});

export const changed = (what: string, cause?: unknown) =>
	new OperationFailed(`YouTube has changed ${what}, so that it cannot be read. Update this package`, { code: 'youtube_changed', ...(cause !== undefined && { cause }) });

/** The first wanted language there is, written by a person where there is such; without a wish the first that a person wrote. */
export function chooseTrack(tracks: readonly CaptionTrack[], languages: readonly string[]): CaptionTrack | undefined {
	const byPeopleFirst = [...tracks.filter(({ generated }) => !generated), ...tracks.filter(({ generated }) => generated)];
	if (languages.length === 0) return byPeopleFirst[0];
	const general = (code: string) => code.toLowerCase().split('-')[0];
	for (const wanted of languages.map((code) => code.toLowerCase())) {
		const found = byPeopleFirst.find(({ language }) => language.toLowerCase() === wanted) ?? byPeopleFirst.find(({ language }) => general(language) === general(wanted));
		if (found) return found;
	}
	return undefined;
}
