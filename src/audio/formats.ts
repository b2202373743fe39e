/** The sound formats every operation can write, and how ffmpeg makes them. */
export const audioFormats = ['wav', 'mp3', 'opus', 'flac', 'm4a'] as const;
export type AudioFormat = (typeof audioFormats)[number];

/** As a form shows them. */
export const formatTitles = { wav: 'WAV', mp3: 'MP3', opus: 'Opus', flac: 'FLAC', m4a: 'M4A (AAC)' } satisfies Record<AudioFormat, string>;

interface Encoding {
	encoder: string;
	/** Usual bit rate per channel in bit/s; absent where nothing is lost. */
	bitratePerChannel?: number;
	options?: readonly string[];
	/** Rates in Hz that the encoder takes; absent where it takes any. */
	sampleRates?: readonly number[];
	/** The most it can hold: channels, and bit/s for each of them. */
	channels?: number;
	largestBitratePerChannel?: number;
}

const mpegRates = [8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000] as const;

const encodings: Record<AudioFormat, Encoding> = {
	wav: { encoder: 'pcm_s16le' },
	mp3: { encoder: 'libmp3lame', bitratePerChannel: 96_000, sampleRates: mpegRates, channels: 2, largestBitratePerChannel: 160_000 },
	opus: { encoder: 'libopus', bitratePerChannel: 64_000, sampleRates: [8000, 12_000, 16_000, 24_000, 48_000], largestBitratePerChannel: 256_000 },
	flac: { encoder: 'flac' },
	m4a: { encoder: 'aac', bitratePerChannel: 96_000, sampleRates: [...mpegRates, 64_000, 88_200, 96_000], largestBitratePerChannel: 256_000, options: ['-movflags', '+faststart'] },
};

export const encoderOf = (format: AudioFormat) => encodings[format].encoder;

/** What a format can hold; what is absent has no limit. */
export function limitsOf(format: AudioFormat): Pick<Encoding, 'sampleRates' | 'channels' | 'largestBitratePerChannel'> {
	return encodings[format];
}

/** What stands between ffmpeg's input and its output to make `format`; `bitrate` in bit/s means nothing to wav and flac. Tags (title, artist …) are left out unless `tags`. */
export function encoderOptions(format: AudioFormat, { channels, bitrate, tags = false }: { channels: number; bitrate?: number | undefined; tags?: boolean }): string[] {
	const { encoder, bitratePerChannel, options = [] } = encodings[format];
	const rate = bitratePerChannel === undefined ? [] : ['-b:a', String(bitrate ?? bitratePerChannel * channels)];
	return ['-vn', ...(tags ? [] : ['-map_metadata', '-1']), '-c:a', encoder, ...rate, ...options];
}
