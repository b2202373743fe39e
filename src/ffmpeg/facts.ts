import { z } from 'zod/v4';
import type { AudioTrack, Probe } from '../probe';
import { seconds } from '../vocabulary';

/** What is said about sound, alone and beside a picture. */
export const soundFacts = {
	duration: seconds,
	codec: z.string(),
	bitrate: z.number().nullable(),
	sampleRate: z.number().int(),
	channels: z.number().int(),
	channelLayout: z.string(),
	tags: z.record(z.string(), z.string()),
};

export const describeSound = ({ duration, codec, bitrate, sampleRate, channels, channelLayout }: AudioTrack, { tags }: Probe) => ({
	duration,
	codec,
	bitrate,
	sampleRate,
	channels,
	channelLayout,
	tags,
});
