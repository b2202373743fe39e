import { z } from 'zod/v4';
import { frameRate, parseRational } from '../../../src/ffmpeg/rational';
import type { AudioTrack, Probe, VideoTrack } from '../../../src/probe';
import { milliseconds } from '../../../src/vocabulary';

const number = z.coerce.number().finite().optional().catch(undefined);
const text = z.string().default('');
const tags = z.record(z.string(), z.string()).default({});

const stream = z.object({
	index: z.number(),
	codec_type: text,
	codec_name: text,
	profile: z.coerce.string().default(''),
	level: z.number().default(0),
	width: z.number().default(0),
	height: z.number().default(0),
	has_b_frames: z.number().default(0),
	sample_aspect_ratio: z.string().optional(),
	r_frame_rate: text,
	avg_frame_rate: text,
	time_base: text,
	start_time: number,
	duration: number,
	bit_rate: number,
	nb_frames: number,
	nb_read_packets: number,
	bits_per_raw_sample: number,
	pix_fmt: text,
	color_range: text,
	color_space: text,
	color_transfer: text,
	color_primaries: text,
	sample_rate: z.coerce.number().default(0),
	channels: z.number().default(0),
	channel_layout: text,
	extradata_hash: text,
	disposition: z.object({ attached_pic: z.number().default(0) }).default({ attached_pic: 0 }),
	tags,
	side_data_list: z.array(z.object({ rotation: z.number().optional() })).default([]),
});
type Stream = z.infer<typeof stream>;

/** What ffprobe prints, as far as it is read. */
export const answer = z.object({
	format: z.object({ format_name: text, duration: number, size: number, bit_rate: number, tags }),
	streams: z.array(stream).default([]),
	frames: z.array(z.object({ stream_index: z.number().optional(), tags })).default([]),
});
export type Answer = z.infer<typeof answer>;

const pictureFormats = /(^|,)(image2|[a-z]+_pipe)(,|$)/;

/** The picture to use: the first video stream that is no cover art. */
export const mainPicture = ({ streams }: Answer) => streams.find((one) => one.codec_type === 'video' && one.disposition.attached_pic === 0);

export const isStill = ({ format }: Answer) => pictureFormats.test(format.format_name);

export function toProbe(found: Answer, packets?: number): Probe {
	const { format, streams } = found;
	const picture = mainPicture(found);
	const sound = streams.find((one) => one.codec_type === 'audio');
	const still = isStill(found);
	const container: Container = { duration: still ? 0 : (format.duration ?? 0), start: Math.min(...[picture, sound].flatMap((one) => one?.start_time ?? [])) };
	return {
		format: format.format_name,
		duration: milliseconds(container.duration),
		size: format.size ?? 0,
		bitrate: format.bit_rate ?? null,
		tags: format.tags,
		video: picture === undefined ? null : videoTrack(picture, { still, container, packets, orientation: orientationOf(found, picture) }),
		audio: sound === undefined ? null : audioTrack(sound, container),
		streams: streams.map((one) => ({ index: one.index, type: one.codec_type, codec: one.codec_name, attachedPicture: one.disposition.attached_pic === 1 })),
		still,
	};
}

/** In seconds. */
interface Container {
	duration: number;
	/** Of its first stream. */
	start: number;
}

interface Surroundings {
	still: boolean;
	container: Container;
	packets: number | undefined;
	orientation: number;
}

function videoTrack(one: Stream, { still, container, packets, orientation }: Surroundings): VideoTrack {
	const rotation = rotationOf(one);
	const aspect = parseRational(one.sample_aspect_ratio) ?? { num: 1, den: 1 };
	const displayed = { width: Math.round((one.width * aspect.num) / aspect.den), height: one.height };
	const isTurned = rotation % 180 === 90 || orientation >= 5;
	const rate = frameRate(parseRational(one.avg_frame_rate), parseRational(one.r_frame_rate));
	return {
		index: one.index,
		codec: one.codec_name,
		profile: one.profile,
		level: one.level,
		bitrate: one.bit_rate ?? null,
		width: isTurned ? displayed.height : displayed.width,
		height: isTurned ? displayed.width : displayed.height,
		codedWidth: one.width,
		codedHeight: one.height,
		sampleAspectRatio: `${aspect.num}:${aspect.den}`,
		rotation,
		orientation,
		fps: rate?.fps ?? { num: 25, den: 1 },
		variableFrameRate: rate?.variable ?? false,
		reordered: one.has_b_frames > 0,
		frameCount: still ? 1 : (one.nb_frames ?? packets ?? 0),
		...(still ? { start: 0, duration: 0, end: 0 } : timesOf(one, container)),
		pixelFormat: one.pix_fmt,
		bitDepth: one.bits_per_raw_sample || depthOf(one.pix_fmt),
		hdr: one.color_transfer === 'smpte2084' || one.color_transfer === 'arib-std-b67',
		colorRange: one.color_range,
		colorSpace: one.color_space,
		colorTransfer: one.color_transfer,
		colorPrimaries: one.color_primaries,
		timeBase: one.time_base,
		extradataHash: one.extradata_hash,
	};
}

function audioTrack(one: Stream, container: Container): AudioTrack {
	const layouts: Record<number, string> = { 1: 'mono', 2: 'stereo' };
	return {
		index: one.index,
		codec: one.codec_name,
		bitrate: one.bit_rate ?? null,
		sampleRate: one.sample_rate,
		channels: one.channels,
		channelLayout: one.channel_layout || (layouts[one.channels] ?? `${one.channels} channels`),
		...timesOf(one, container),
		profile: one.profile,
		timeBase: one.time_base,
		extradataHash: one.extradata_hash,
	};
}

function timesOf(one: Stream, container: Container) {
	const start = one.start_time === undefined ? 0 : one.start_time - container.start;
	const duration = durationOf(one, container);
	return { start: milliseconds(start), duration: milliseconds(duration), end: milliseconds(start + duration) };
}

/** Matroska keeps a stream's length as a tag, counted from zero. */
function durationOf({ duration, tags, start_time = 0 }: Stream, container: Container): number {
	const [, hours, minutes, seconds] = /^(\d+):(\d+):([\d.]+)$/.exec(tags.DURATION ?? '') ?? [];
	const tagged = hours === undefined ? undefined : Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) - Math.max(0, start_time);
	return duration ?? tagged ?? container.duration;
}

/** Clockwise. The display matrix turns the other way round; the tag is its older form. */
function rotationOf({ side_data_list, tags }: Stream): number {
	const matrix = side_data_list.find(({ rotation }) => rotation !== undefined)?.rotation;
	const degrees = matrix === undefined ? Number(tags.rotate ?? 0) : -matrix;
	return (((Math.round(degrees / 90) * 90) % 360) + 360) % 360 || 0;
}

function orientationOf({ frames }: Answer, { index }: Stream): number {
	const value = Number(frames.find((frame) => frame.stream_index === index)?.tags.Orientation ?? 1);
	return Number.isInteger(value) && value >= 1 && value <= 8 ? value : 1;
}

/** From names such as yuv420p10le, p010le, gray16be, rgb48le. */
function depthOf(pixelFormat: string): number {
	const packed: Record<string, number> = { rgb48: 16, bgr48: 16, rgba64: 16, bgra64: 16, p010: 10, p016: 16, ya16: 16 };
	const base = pixelFormat.replace(/(le|be)$/, '');
	return packed[base] ?? Number(/(?:p|gray)(9|1[0246])$/.exec(base)?.[1] ?? 8);
}
