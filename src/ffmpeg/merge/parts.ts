import { atOnce } from '../../at-once';
import { within } from '../../progress';
import type { Job, Quality } from '../../runtime';
import { bt709, colorOptions, ordinaryColors, type Colors } from '../colors';
import { printGraph } from '../graph';
import { parseRational, toNumber } from '../rational';
import { areAlike, fits } from './alike';
import { clipOf, framesOf, type Canvas, type Clip } from './clip';
import { conforming } from './conform';

/** One clip's picture in the result: a stream that is taken as it is. */
export interface Part {
	path: string;
	/** Of the stream in the file. */
	index: number;
	frames: number;
}

export interface Wanted {
	clips: readonly Clip[];
	canvas: Canvas;
	quality: Quality;
	/** Seconds. */
	stillDuration: number;
	/** Whether clips that are just what encoding gives stay as they are. */
	keep: boolean;
}

/** With the encoder that made it, or that makes the like of it. */
type Conformed = Part & { encoder: string | null };

type Encode = (clip: Clip, frames: number, job: Job) => Promise<Conformed>;

/** The pictures of all clips, of one size and rate and such that they can be joined as they are: encoded one after the other, or kept. */
export async function conformed(wanted: Wanted, job: Job): Promise<{ parts: Part[]; encoder: string | null }> {
	const { clips, canvas, stillDuration } = wanted;
	await job.ffmpeg.need(['tpad', 'setparams', ...(clips.some(({ video }) => video?.hdr) ? ['zscale', 'tonemap'] : [])]);
	const { kept, encode } = await keptOf(wanted, within(job, 0, 0));
	const frames = clips.map((clip) => (kept.has(clip) ? 0 : framesOf(clip, canvas.fps, stillDuration)));
	const share = (count: number) => sum(frames.slice(0, count)) / sum(frames);
	const parts = await atOnce(1, clips, async (clip, index) => kept.get(clip) ?? encode(clip, frames[index] ?? 1, within(job, share(index), share(index + 1))));
	const [encoder = null, ...others] = new Set(parts.map((part) => part.encoder));
	// Parts of different encoders do not fit together: after a GPU's failure the CPU makes them all.
	return others.length === 0 ? { parts, encoder } : conformed(wanted, job);
}

/** The clips that may stay as they are, because a picture encoded for a trial is of their kind, and what encodes the others to that kind. */
async function keptOf(wanted: Wanted, job: Job): Promise<{ kept: Map<Clip, Conformed>; encode: Encode }> {
	const clips = wanted.keep ? wanted.clips.filter((clip) => fits(clip, wanted.canvas)) : [];
	for (const setting of settingsOf(clips, wanted.canvas)) {
		const encode = encoderOf(setting, wanted);
		const trial = await encode({ path: '', field: 'videos', video: null, audio: null, still: false }, 1, job);
		const found = clipOf(trial.path, 'videos', await job.ffmpeg.probe(trial.path));
		const alike = clips.filter((clip) => areAlike(clip, found));
		if (alike.length > 0) return { kept: new Map(alike.map((clip) => [clip, { ...trial, path: clip.path, frames: clip.video?.frameCount ?? 0 }])), encode };
	}
	return { kept: new Map(), encode: encoderOf({ colors: bt709, timescale: timescaleOf(undefined, wanted.canvas) }, wanted) };
}

/** What a clip can share with what is encoded. */
interface Setting {
	colors: Colors;
	/** Ticks per second. */
	timescale: number;
}

/** Those of the clips, each once. */
function settingsOf(clips: readonly Clip[], canvas: Canvas): Setting[] {
	const settings = clips.flatMap(({ video }) => {
		const colors = video === null ? undefined : ordinaryColors(video);
		return colors === undefined ? [] : [{ colors, timescale: timescaleOf(video?.timeBase, canvas) }];
	});
	return [...new Map(settings.map((setting) => [JSON.stringify(setting), setting])).values()];
}

function encoderOf({ colors, timescale }: Setting, { canvas, quality }: Wanted): Encode {
	return async (clip, frames, job) => {
		const { inputs, chain } = conforming(clip, { canvas, colors, frames });
		const { options } = await job.ffmpeg.videoEncoder(quality);
		const path = job.files.path('part.mp4');
		const { encoder } = await job.ffmpeg.render({
			inputs,
			field: clip.field,
			filter: printGraph([chain]),
			// The ffmpeg of 2018 may show the last frame twice, whatever the graph ends with.
			options: ['-map', '[picture]', '-an', '-frames:v', String(frames), ...options, ...colorOptions(colors), '-video_track_timescale', String(timescale)],
			output: path,
			duration: frames / toNumber(canvas.fps),
			tolerance: Infinity,
			onProgress: (fraction) => job.progress(fraction, 'Encoding the videos'),
		});
		return { path, index: 0, frames, encoder };
	};
}

/** A time base's, if every frame lasts a whole number of them, or else such as make it so. */
function timescaleOf(timeBase: string | undefined, { fps }: Canvas): number {
	const base = parseRational(timeBase);
	const isWhole = base?.num === 1 && (base.den * fps.den) % fps.num === 0;
	return isWhole ? base.den : fps.num * Math.ceil(10_000 / fps.num);
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
