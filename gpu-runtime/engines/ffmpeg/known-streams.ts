import { parseRational } from '../../../src/ffmpeg/rational';
import type { Answer } from './probe-answer';

type Stream = Answer['streams'][number];

/** Codecs whose setting (extradata) decides what ffprobe would learn by decoding. */
const settled = new Set(['h264', 'hevc', 'aac']);

/** What the header itself tells. */
const told = ['codec_name', 'extradata_hash', 'width', 'height', 'sample_rate', 'channels'] as const;

/** What it would learn. */
const learnt = ['profile', 'level', 'has_b_frames', 'sample_aspect_ratio', 'bits_per_raw_sample', 'pix_fmt', 'color_range', 'color_space', 'color_transfer', 'color_primaries', 'channel_layout'] as const;
type Learnt = Pick<Stream, (typeof learnt)[number]>;

/** Settings that are remembered; beyond them all are forgotten and learnt anew. */
const capacity = 1000;

/**
 * ffprobe decodes the start of every stream, which takes it more time than all else. Streams whose headers say the same, such
 * as those of clips from one camera, decode to the same facts: these are learnt from the first one, and of the others the header is enough.
 */
export function createKnownStreams() {
	const known = new Map<string, Learnt>();
	return {
		/** The answer that decoding would give, made of the header's alone; undefined where something in it is new. */
		complete(header: Answer): Answer | undefined {
			const streams = header.streams.flatMap((stream) => {
				const facts = isSettled(stream) ? known.get(keyOf(stream)) : undefined;
				return facts === undefined ? [] : [{ ...stream, ...facts }];
			});
			return streams.length > 0 && streams.length === header.streams.length ? { ...header, format: withDuration(header.format, streams), streams } : undefined;
		},
		/** From both answers about one file. */
		learn(header: Answer, whole: Answer): void {
			if (known.size >= capacity) known.clear();
			header.streams.forEach((stream, index) => {
				const decoded = whole.streams[index];
				if (decoded !== undefined && isSettled(stream) && isDecoded(stream, decoded)) known.set(keyOf(stream), Object.fromEntries(learnt.map((name) => [name, decoded[name]])) as Learnt);
			});
		},
	};
}

export type KnownStreams = ReturnType<typeof createKnownStreams>;

const keyOf = (stream: Stream) => JSON.stringify([...told, ...learnt].map((name) => stream[name]));

/** Below 32 kHz AAC may hold twice the rate, which its header need not say (ISO/IEC 14496-3, implicit signalling of SBR). */
function isSettled({ codec_type, codec_name, extradata_hash, duration, nb_frames, r_frame_rate, sample_rate }: Stream): boolean {
	const tellsRate = codec_type === 'video' ? parseRational(r_frame_rate) !== undefined : sample_rate >= 32_000;
	return settled.has(codec_name) && extradata_hash !== '' && duration !== undefined && nb_frames !== undefined && tellsRate;
}

/** Nothing is to be learnt from a damaged stream, nor from one that changes inside. */
const isDecoded = (header: Stream, decoded: Stream) => told.every((name) => header[name] === decoded[name]) && (decoded.codec_type === 'video' ? decoded.pix_fmt : decoded.channel_layout) !== '';

/** As libavformat reckons it where the header does not tell. */
function withDuration(format: Answer['format'], streams: readonly Stream[]): Answer['format'] {
	const starts = streams.map(({ start_time = 0 }) => start_time);
	const ends = streams.map(({ start_time = 0, duration = 0 }) => start_time + duration);
	const duration = format.duration ?? Math.max(...ends) - Math.min(...starts);
	return { ...format, duration, ...(format.size !== undefined && duration > 0 && { bit_rate: Math.floor((format.size * 8) / duration) }) };
}
