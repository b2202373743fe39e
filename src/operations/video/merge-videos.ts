import { z } from 'zod/v4';
import { atOnce } from '../../at-once';
import { InvalidInput, OperationFailed } from '../../errors';
import { printGraph } from '../../ffmpeg/graph';
import { pictureObstacle, soundObstacle } from '../../ffmpeg/merge/alike';
import { canvasOf, clipOf, type Canvas, type Clip } from '../../ffmpeg/merge/clip';
import { conformed, type Part } from '../../ffmpeg/merge/parts';
import { soundtrack } from '../../ffmpeg/merge/sound';
import { aac, fastStart, qualityWords } from '../../ffmpeg/quality';
import { toNumber } from '../../ffmpeg/rational';
import { soundSource } from '../../ffmpeg/sources';
import { legacyVideo } from '../../legacy-result';
import { defineOperation } from '../../operation';
import { within } from '../../progress';
import { qualities, type Job } from '../../runtime';
import { media, milliseconds, producedFile, seconds } from '../../vocabulary';

const side = z.number().int().min(16).max(8192).optional();

const input = z.object({
	videos: z.array(media('video')).min(1).max(100),
	backgroundMusic: media('audio').optional(),
	backgroundMusicVolume: z.number().min(0).max(2).default(0.5),
	duck: z.boolean().default(false),
	width: side,
	height: side,
	fps: z.number().min(1).max(120).optional(),
	stillDuration: z.number().min(0.1).max(3600).default(3),
	mode: z.enum(['auto', 'copy', 'encode']).default('auto'),
	quality: z.enum(qualities).default('balanced'),
});
type Input = z.output<typeof input>;

export const mergeVideos = defineOperation({
	name: 'merge_videos',
	group: 'video',
	title: 'Merge',
	action: 'Merge videos',
	summary: 'Join videos one after the other, without encoding them again where they are alike, and lay music under them',
	legacy: { result: ({ video }) => ({ ...legacyVideo(video), merged_video_url: video.url }) },
	input,
	output: z.object({ video: producedFile, duration: seconds, frameCount: z.number().int(), reencoded: z.boolean(), reason: z.string().optional(), encoder: z.string().optional() }),
	fields: {
		videos: { label: 'Videos', hint: 'In this order. A picture stands for a few seconds, a sound has a black picture' },
		backgroundMusic: { label: 'Background Music', hint: 'Repeated or cut to the length of the result', advanced: true },
		backgroundMusicVolume: { label: 'Music Volume', hint: '1 leaves the music as loud as it is', advanced: true },
		duck: { label: 'Duck Music', hint: 'Whether the music gives way while the videos have sound', advanced: true },
		width: { label: 'Width', hint: 'In pixels. Leave empty for that of the first video. Videos of another shape get bars', start: 1920, advanced: true },
		height: { label: 'Height', hint: 'In pixels. Leave empty for that of the first video', start: 1080, advanced: true },
		fps: { label: 'Frames per Second', hint: 'Leave empty for those of the first video', start: 25, advanced: true },
		stillDuration: { label: 'Picture Duration', hint: 'Seconds for which a picture is shown', advanced: true },
		mode: { label: 'Mode', hint: 'Auto encodes only what cannot be joined as it is; Copy fails instead', choices: { auto: 'Auto', copy: 'Copy', encode: 'Encode' }, advanced: true },
		quality: { ...qualityWords, hint: 'Of what is encoded: draft is for previews, high for keeping' },
	},
	example: { videos: [{ file: 'intro.mp4' }, { file: 'talk.mp4' }] },
	async run(request, job) {
		const clips = await clipsOf(request, job);
		const canvas = canvasOf(clips, request);
		const plan: Plan = { clips, canvas, request, music: await musicOf(request, job), output: job.files.path('merged-video.mp4') };
		const obstacle = request.mode === 'encode' ? 'Encoding was asked for' : pictureObstacle(clips, canvas);
		if (request.mode === 'copy' && obstacle !== undefined)
			throw new InvalidInput(`videos: Expected clips that can be joined as they are, but ${obstacle}. Use the mode auto to have them encoded`, { field: 'videos', code: 'cannot_copy' });
		const made = obstacle === undefined ? await copy(plan, job) : await encode(plan, { reason: obstacle, keep: request.mode === 'auto' }, job);
		const duration = milliseconds(made.frameCount / toNumber(canvas.fps));
		return { video: await job.files.result(plan.output, { fileName: 'merged-video.mp4', duration, width: canvas.width, height: canvas.height }), duration, ...made };
	},
});

interface Plan {
	clips: readonly Clip[];
	canvas: Canvas;
	request: Input;
	music: { path: string; index: number; channels: number; volume: number; duck: boolean } | undefined;
	output: string;
}

async function clipsOf({ videos }: Input, job: Job): Promise<Clip[]> {
	const { files, ffmpeg, warn } = job;
	const clips = await atOnce(4, videos, async (video, index) => {
		const field = `videos.${index}`;
		const path = await files.local(video, field);
		return clipOf(path, field, await ffmpeg.probe(path, field));
	});
	for (const { field, video } of clips) if (video === null) warn(`${field} has no picture, so a black one is shown while it sounds`);
	return clips;
}

async function musicOf({ backgroundMusic, backgroundMusicVolume: volume, duck }: Input, job: Job): Promise<Plan['music']> {
	if (backgroundMusic === undefined) return undefined;
	const { path, track } = await soundSource(job, backgroundMusic, 'backgroundMusic');
	return { path, index: track.index, channels: track.channels, volume, duck };
}

interface Made {
	frameCount: number;
	reencoded: boolean;
	reason?: string;
	encoder?: string;
}

/** Joins the pictures as they are, and the sounds too where they allow it. */
async function copy(plan: Plan, job: Job): Promise<Made> {
	const { clips, canvas, music, request } = plan;
	const parts = clips.map(({ path, video }) => ({ path, index: video?.index ?? 0, frames: video?.frameCount ?? 0 }));
	const isWhole = music === undefined && soundObstacle(clips, canvas) === undefined;
	try {
		await join(plan, { parts, isWhole }, job);
		return { frameCount: framesIn(parts), reencoded: false };
	} catch (error) {
		if (request.mode === 'copy') throw error;
		return encode(plan, { reason: joinFault(error), keep: false }, job);
	}
}

/** Makes the pictures alike, and joins them. */
async function encode(plan: Plan, { reason, keep }: { reason: string; keep: boolean }, job: Job): Promise<Made> {
	const { clips, canvas, request } = plan;
	const { parts, encoder } = await conformed({ clips, canvas, quality: request.quality, stillDuration: request.stillDuration, keep }, within(job, 0, 0.9));
	try {
		await join(plan, { parts, isWhole: false }, within(job, 0.9, 1));
		return { frameCount: framesIn(parts), reencoded: true, reason, ...(encoder !== null && { encoder }) };
	} catch (error) {
		const hasKept = parts.some(({ path }) => clips.some((clip) => clip.path === path));
		if (!hasKept) throw error;
		return encode(plan, { reason: joinFault(error), keep: false }, job);
	}
}

/** Whatever ffmpeg cannot join or joins wrongly can still be encoded; every other error is thrown on. */
function joinFault(error: unknown): string {
	if (!(error instanceof OperationFailed) || error.retryable) throw error;
	return `The clips could not be joined as they are: ${error.message}`;
}

interface Joined {
	parts: readonly Part[];
	/** Whether the sounds are joined as they are, too. */
	isWhole: boolean;
}

async function join({ clips, canvas, music, output }: Plan, { parts, isWhole }: Joined, job: Job): Promise<void> {
	const lengths = parts.map(({ frames }) => frames / toNumber(canvas.fps));
	const list = await job.files.write('list.txt', concatList(parts, isWhole ? undefined : lengths));
	const isSilent = music === undefined && clips.every(({ audio }) => audio === null);
	const sound = isWhole || isSilent ? undefined : soundtrack({ clips, lengths, music, from: 1 });
	const copiedAudio = isWhole ? clips[0]?.audio : null;
	const frames = framesIn(parts);
	await job.ffmpeg.render({
		inputs: [{ path: list, options: ['-f', 'concat'] }, ...(sound?.inputs ?? [])],
		...(sound && { filter: printGraph(sound.chains) }),
		options: [
			...['-map', `0:${parts[0]?.index ?? 0}`, '-c:v', 'copy'],
			...(sound ? ['-map', '[sound]', ...aac] : []),
			...(copiedAudio ? ['-map', `0:${copiedAudio.index}`, '-c:a', 'copy', '-strict', '-2'] : []),
			...fastStart,
		],
		output,
		duration: frames / toNumber(canvas.fps),
		frames,
		tolerance: Math.max(clips.length / toNumber(canvas.fps), 0.05),
		onProgress: (fraction) => job.progress(fraction, 'Joining the videos'),
	});
}

/** Names in the job's folder are ours, and relative to the list. A length keeps a clip's longer sound from moving the next picture. */
const concatList = (parts: readonly Part[], lengths: readonly number[] | undefined) =>
	['ffconcat version 1.0', ...parts.flatMap(({ path }, index) => [`file ${path.split('/').at(-1) ?? ''}`, ...(lengths ? [`duration ${(lengths[index] ?? 0).toFixed(6)}`] : [])])].join('\n');

const framesIn = (parts: readonly Part[]) => parts.reduce((total, { frames }) => total + frames, 0);
