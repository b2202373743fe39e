/** The sound formats every operation can write, and how ffmpeg makes them. */
export const audioFormats = ['wav', 'mp3', 'opus', 'flac', 'm4a'] as const;
export type AudioFormat = (typeof audioFormats)[number];

interface Encoding {
	encoder: string;
	/** Usual bit rate per channel in bit/s; absent where nothing is lost. */
	bitratePerChannel?: number;
	options?: readonly string[];
}

const encodings: Record<AudioFormat, Encoding> = {
	wav: { encoder: 'pcm_s16le' },
	mp3: { encoder: 'libmp3lame', bitratePerChannel: 96_000 },
	opus: { encoder: 'libopus', bitratePerChannel: 64_000 },
	flac: { encoder: 'flac' },
	m4a: { encoder: 'aac', bitratePerChannel: 96_000, options: ['-movflags', '+faststart'] },
};

export const encoderOf = (format: AudioFormat) => encodings[format].encoder;

/** What stands between ffmpeg's input and its output to make `format`; `bitrate` in bit/s means nothing to wav and flac. */
export function encoderOptions(format: AudioFormat, { channels, bitrate }: { channels: number; bitrate?: number | undefined }): string[] {
	const { encoder, bitratePerChannel, options = [] } = encodings[format];
	const rate = bitratePerChannel === undefined ? [] : ['-b:a', String(bitrate ?? bitratePerChannel * channels)];
	return ['-vn', '-map_metadata', '-1', '-c:a', encoder, ...rate, ...options];
}
