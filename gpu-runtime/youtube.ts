import type { YouTube } from '../src/runtime';
import { fetchText } from './fetch';
import type { Settings } from './settings';

const maxBytes = 20_000_000;

/** YouTube, or the relay that is set up for it, which may be in one's own network. */
export function createYouTube(settings: Settings, signal: AbortSignal): YouTube {
	const { origin } = new URL(settings.AI_AGENT_TOOLS_YOUTUBE_URL);
	return {
		ask: (path, { headers, body } = {}) =>
			fetchText(new URL(path, origin).href, {
				signal,
				maxBytes,
				timeLimit: settings.AI_AGENT_TOOLS_TIME_LIMIT,
				stallLimit: settings.AI_AGENT_TOOLS_STALL_LIMIT,
				allowPrivate: settings.AI_AGENT_TOOLS_ALLOW_PRIVATE_URLS || [origin],
				headers: { 'accept-language': 'en', ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
				...(body !== undefined && { method: 'POST' as const, body: JSON.stringify(body) }),
			}),
	};
}
