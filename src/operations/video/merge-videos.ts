import { z } from 'zod/v4';
import { atOnce } from '../../at-once';
import { InvalidInput, OperationFailed } from '../../errors';
import { bt709Options } from '../../ffmpeg/colors';
import { printGraph } from '../../ffmpeg/graph';
import { pictureObstacle, soundObstacle } from '../../ffmpeg/merge/alike';
import { canvasOf, clipOf, framesOf, type Canvas, type Clip } from '../../ffmpeg/merge/clip';
import { conforming } from '../../ffmpeg/merge/conform';
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
		const copied = obstacle === undefined ? await copy(plan, job) : { reason: obstacle };
		const made = 'reason' in copied ? await encode(plan, copied.reason, job) : copied;
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

/** Joins the pictures as they are, and the sounds too where they allow it; the reason when the outcome is not right. */
async function copy(plan: Plan, job: Job): Promise<Made | { reason: string }> {
	const { clips, canvas, music, request } = plan;
	const frames = clips.map(({ video }) => video?.frameCount ?? 0);
	const isWhole = music === undefined && soundObstacle(clips, canvas) === undefined;
	try {
		await join(plan, { pieces: clips.map(({ path, video }) => ({ path, index: video?.index ?? 0 })), frames, isWhole }, job);
		return { frameCount: sum(frames), reencoded: false };
	} catch (error) {
		// Whatever ffmpeg cannot join or joins wrongly can still be encoded.
		const isLost = !(error instanceof OperationFailed) || error.retryable;
		if (isLost || request.mode === 'copy') throw error;
		return { reason: `The clips could not be joined as they are: ${error.message}` };
	}
}

/** Makes a picture of the canvas's size and rate of every clip, one after the other, and joins those. */
async function encode(plan: Plan, reason: string, job: Job): Promise<Made> {
	const { clips, canvas, request } = plan;
	await job.ffmpeg.need(['tpad', 'setparams', ...(clips.some(({ video }) => video?.hdr) ? ['zscale', 'tonemap'] : [])]);
	const frames = clips.map((clip) => framesOf(clip, canvas.fps, request.stillDuration));
	const encoding = within(job, 0, 0.9);
	const pieceOf = (clip: Clip, index: number) => pieceFor({ clip, canvas, frames: frames[index] ?? 1, quality: request.quality }, within(encoding, sum(frames.slice(0, index)) / sum(frames), sum(frames.slice(0, index + 1)) / sum(frames)));
	let pieces = await atOnce(1, clips, pieceOf);
	const encoder = pieces.at(-1)?.encoder;
	// Pieces of different encoders do not fit together: after a GPU's failure the CPU makes them all.
	if (pieces.some((piece) => piece.encoder !== encoder)) pieces = await atOnce(1, clips, pieceOf);
	await join(plan, { pieces, frames, isWhole: false }, within(job, 0.9, 1));
	return { frameCount: sum(frames), reencoded: true, reason, ...(encoder && { encoder }) };
}

async function pieceFor({ clip, canvas, frames, quality }: { clip: Clip; canvas: Canvas; frames: number; quality: Input['quality'] }, job: Job) {
	const { inputs, chain } = conforming(clip, canvas, frames);
	const { options } = await job.ffmpeg.videoEncoder(quality);
	const path = job.files.path('piece.mp4');
	const { encoder } = await job.ffmpeg.render({
		inputs,
		field: clip.field,
		filter: printGraph([chain]),
		// The ffmpeg of 2018 may show the last frame twice, whatever the graph ends with.
		options: ['-map', '[picture]', '-an', '-frames:v', String(frames), ...options, ...bt709Options, '-video_track_timescale', String(canvas.fps.num * Math.ceil(10_000 / canvas.fps.num))],
		output: path,
		duration: frames / toNumber(canvas.fps),
		tolerance: Infinity,
		onProgress: (fraction) => job.progress(fraction, 'Encoding the videos'),
	});
	return { path, index: 0, encoder };
}

interface Parts {
	pieces: readonly { path: string; index: number }[];
	frames: readonly number[];
	/** Whether the sounds are joined as they are, too. */
	isWhole: boolean;
}

async function join({ clips, canvas, music, output }: Plan, { pieces, frames, isWhole }: Parts, job: Job): Promise<void> {
	const lengths = frames.map((count) => count / toNumber(canvas.fps));
	const list = await job.files.write('list.txt', concatList(pieces, isWhole ? undefined : lengths));
	const isSilent = music === undefined && clips.every(({ audio }) => audio === null);
	const sound = isWhole || isSilent ? undefined : soundtrack({ clips, lengths, music, from: 1 });
	const copiedAudio = isWhole ? clips[0]?.audio : null;
	await job.ffmpeg.render({
		inputs: [{ path: list, options: ['-f', 'concat'] }, ...(sound?.inputs ?? [])],
		...(sound && { filter: printGraph(sound.chains) }),
		options: [
			...['-map', `0:${pieces[0]?.index ?? 0}`, '-c:v', 'copy'],
			...(sound ? ['-map', '[sound]', ...aac] : []),
			...(copiedAudio ? ['-map', `0:${copiedAudio.index}`, '-c:a', 'copy', '-strict', '-2'] : []),
			...fastStart,
		],
		output,
		duration: sum(lengths),
		frames: sum(frames),
		tolerance: Math.max(clips.length / toNumber(canvas.fps), 0.05),
		onProgress: (fraction) => job.progress(fraction, 'Joining the videos'),
	});
}

/** Names in the job's folder are ours, and relative to the list. A length keeps a clip's longer sound from moving the next picture. */
const concatList = (pieces: readonly { path: string }[], lengths: readonly number[] | undefined) =>
	['ffconcat version 1.0', ...pieces.flatMap(({ path }, index) => [`file ${path.split('/').at(-1) ?? ''}`, ...(lengths ? [`duration ${(lengths[index] ?? 0).toFixed(6)}`] : [])])].join('\n');

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
