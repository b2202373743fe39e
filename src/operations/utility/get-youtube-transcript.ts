import { z } from 'zod/v4';
import { printSrt } from '../../captions/srt';
import { printVtt } from '../../captions/vtt';
import { InvalidInput, OperationFailed } from '../../errors';
import { defineOperation } from '../../operation';
import type { YouTube, YouTubeAnswer } from '../../runtime';
import { seconds } from '../../vocabulary';
import { blocked, changed, chooseTrack, readPlayer, type CaptionTrack } from '../../youtube/player';
import { readTranscript } from '../../youtube/transcript';
import { videoIdOf } from '../../youtube/video-id';

export const getYoutubeTranscript = defineOperation({
	name: 'get_youtube_transcript',
	group: 'utility',
	title: 'Get YouTube Transcript',
	action: 'Get the transcript of a YouTube video',
	summary: 'Fetch the captions that a YouTube video has, as text and with times',
	light: true,
	staysHere: true,
	legacy: { fields: { videoId: 'video', videoUrl: 'video', url: 'video' } },
	input: z.object({ video: z.string().min(1).max(500), languages: z.string().max(200).optional() }),
	output: z.object({
		videoId: z.string(),
		title: z.string(),
		duration: seconds,
		language: z.string(),
		generated: z.boolean(),
		text: z.string(),
		segments: z.array(z.object({ text: z.string(), start: seconds, end: seconds })),
		srt: z.string(),
		vtt: z.string(),
		languages: z.array(z.string()),
	}),
	fields: {
		video: { label: 'Video', hint: 'Link to a YouTube video, or its ID', placeholder: 'e.g. https://youtu.be/dQw4w9WgXcQ' },
		languages: { label: 'Languages', hint: 'Codes in order of preference, with commas. Leave empty for the language the video was captioned in', placeholder: 'e.g. en, de', advanced: true },
	},
	notices: [{ text: 'YouTube often refuses servers in data centers. A relay can be named in AI_AGENT_TOOLS_YOUTUBE_URL.' }],
	example: { video: 'https://youtu.be/dQw4w9WgXcQ' },
	async run({ video, languages = '' }, { youtube, progress }) {
		const videoId = videoIdOf(video, 'video');
		const key = await playerKey(videoId, youtube);
		progress(0.3, 'Asking which captions there are');
		const client = { context: { client: { clientName: 'ANDROID', clientVersion: '20.10.38' } }, videoId };
		const { title, duration, tracks } = readPlayer(spoken(await youtube.ask(`/youtubei/v1/player?key=${key}`, { body: client })), 'video');
		const track = trackOf(tracks, languages.split(',').map((code) => code.trim()).filter(Boolean));
		progress(0.6, 'Fetching the captions');
		const text = spoken(await youtube.ask(track.path));
		// What it thinks is a machine gets an answer without content.
		if (text.trim() === '') throw blocked('It gave an empty transcript');
		const segments = readTranscript(text);
		return {
			videoId,
			title,
			duration,
			language: track.language,
			generated: track.generated,
			text: segments.map((line) => line.text).join(' '),
			segments,
			srt: printSrt(segments),
			vtt: printVtt(segments),
			languages: [...new Set(tracks.map(({ language }) => language))],
		};
	},
});

/** The page of a video names the key with which its own player asks. Some countries see a form of consent first. */
async function playerKey(videoId: string, youtube: YouTube): Promise<string> {
	const path = `/watch?v=${videoId}&hl=en`;
	const consentTo = (page: string) => (page.includes('action="https://consent.youtube.com/s') ? (/name="v" value="([\w.-]+)"/.exec(page)?.[1] ?? 'cb') : undefined);
	let page = spoken(await youtube.ask(path));
	const consent = consentTo(page);
	if (consent !== undefined) page = spoken(await youtube.ask(path, { headers: { cookie: `CONSENT=YES+${consent}` } }));
	if (consentTo(page) !== undefined)
		throw new OperationFailed('YouTube shows its form of consent instead of the video, and does not take an answer to it from a program. Run this from a network in another country, or set AI_AGENT_TOOLS_YOUTUBE_URL to a relay', {
			code: 'youtube_consent',
		});
	if (page.includes('class="g-recaptcha"')) throw blocked('It asks for proof that a person is there');
	const key = /"INNERTUBE_API_KEY":\s*"([\w-]+)"/.exec(page)?.[1];
	if (key === undefined) throw changed('the page of a video');
	return key;
}

function trackOf(tracks: readonly CaptionTrack[], languages: readonly string[]): CaptionTrack {
	if (tracks.length === 0) throw new InvalidInput('video: Expected a video with captions, got one without. Transcribe its sound instead', { field: 'video', code: 'no_captions' });
	const track = chooseTrack(tracks, languages);
	if (track) return track;
	const known = [...new Set(tracks.map(({ language }) => language))].join(', ');
	throw new InvalidInput(`languages: Expected one that the video has captions in (${known}), got ${languages.join(', ')}`, { field: 'languages', code: 'no_such_language' });
}

function spoken({ status, text }: YouTubeAnswer): string {
	if (status === 200) return text;
	if (status === 403 || status === 429) throw blocked(`It answered HTTP ${status}`);
	throw new OperationFailed(`Expected an answer from YouTube, got HTTP ${status}. Try again later`, { code: 'youtube_failed', retryable: status >= 500 });
}
