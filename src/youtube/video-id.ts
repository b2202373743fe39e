import { InvalidInput } from '../errors';

const id = /^[\w-]{11}$/;
const hosts = /^(?:(?:www|m|music)\.)?(?:youtube|youtube-nocookie)\.com$/;

/** The id in a link of any kind that YouTube gives, or the id itself. */
export function videoIdOf(video: string, field: string): string {
	const text = video.trim();
	const found = id.test(text) ? text : inLink(text);
	if (found !== undefined && id.test(found)) return found;
	throw new InvalidInput(`${field}: Expected a link to a YouTube video, such as https://youtu.be/dQw4w9WgXcQ, or its id of 11 characters, got ${JSON.stringify(text.slice(0, 80))}`, { field, code: 'bad_video' });
}

function inLink(text: string): string | undefined {
	const link = /^https?:/i.test(text) ? text : `https://${text}`;
	if (!URL.canParse(link)) return undefined;
	const { hostname, pathname, searchParams } = new URL(link);
	const parts = pathname.split('/').filter(Boolean);
	if (hostname === 'youtu.be') return parts[0];
	if (!hosts.test(hostname)) return undefined;
	return ['shorts', 'embed', 'live', 'v'].includes(parts[0] ?? '') ? parts[1] : (searchParams.get('v') ?? undefined);
}
