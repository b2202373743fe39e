import { z } from 'zod/v4';
import { audioFormats, encoderOf, encoderOptions, formatTitles, limitsOf, type AudioFormat } from '../../audio/formats';
import { InvalidInput } from '../../errors';
import { chain, filter, printGraph, type Filter } from '../../ffmpeg/graph';
import { levelled, levelling, loudnessTarget, loudnessWords } from '../../ffmpeg/levelled';
import { fading, plainLayout, remixed } from '../../ffmpeg/sound';
import { soundSource } from '../../ffmpeg/sources';
import { defineOperation } from '../../operation';
import { within } from '../../progress';
import type { AudioTrack } from '../../probe';
import type { Job } from '../../runtime';
import { media, milliseconds, producedFile, seconds } from '../../vocabulary';

const input = z.object({
	audio: media('audio'),
	format: z.enum(audioFormats).default('mp3'),
	bitrate: z.number().int().min(8000).max(2_048_000).optional(),
	sampleRate: z.number().int().min(8000).max(192_000).optional(),
	channels: z.number().int().min(1).max(2).optional(),
	loudness: loudnessTarget.optional(),
	start: seconds.optional(),
	end: seconds.optional(),
	fadeIn: z.number().min(0).max(60).default(0),
	fadeOut: z.number().min(0).max(60).default(0),
});
type Input = z.output<typeof input>;

export const convertAudio = defineOperation({
	name: 'convert_audio',
	group: 'audio',
	title: 'Convert',
	action: 'Convert audio',
	summary: 'Change the format of a sound or take it out of a video; cut it, fade it and bring it to a loudness',
	input,
	output: z.object({ audio: producedFile, duration: seconds, codec: z.string(), sampleRate: z.number().int(), channels: z.number().int(), reencoded: z.boolean(), loudness: levelling.optional() }),
	fields: {
		audio: { label: 'Audio', hint: 'A sound file, or a video with sound' },
		format: { label: 'Format', choices: formatTitles },
		bitrate: { label: 'Bitrate', hint: 'In bit/s, e.g. 128000. WAV and FLAC have none', start: 192_000, advanced: true },
		sampleRate: { label: 'Sample Rate', hint: 'In Hz. Leave empty to keep it', start: 44_100, advanced: true },
		channels: { label: 'Channels', hint: '1 for mono, 2 for stereo. Leave empty to keep them', start: 2, advanced: true },
		loudness: loudnessWords,
		start: { label: 'Start', hint: 'Seconds at which the result begins', advanced: true },
		end: { label: 'End', hint: 'Seconds at which the result ends', start: 30, advanced: true },
		fadeIn: { label: 'Fade In', hint: 'Seconds over which the sound comes in', advanced: true },
		fadeOut: { label: 'Fade Out', hint: 'Seconds over which the sound goes out', advanced: true },
	},
	example: { audio: { file: 'speech.wav' }, format: 'mp3' },
	async run(request, job) {
		const { path, track } = await soundSource(job, request.audio, 'audio');
		const { start, duration, isCut } = stretchOf(request, track, job);
		const channels = channelsOf(request, track, job);
		checkLimits(request, channels);
		const fileName = `audio.${request.format}`;
		const output = job.files.path(fileName);
		const sound = { inputs: [{ path }], chains: [chain([`0:${track.index}`], [...(isCut ? cutting(start, duration) : []), ...shaping(request, track, channels)], ['sound'])], from: 'sound', duration };
		const { filters, loudness } = await levelled(sound, request.loudness, within(job, 0, 0.5));
		const reencoded = needsEncoding(request, track, { channels, isCut });
		const converting = within(job, loudness === undefined ? 0 : 0.5, 1);
		await job.ffmpeg.render({
			inputs: sound.inputs,
			...(reencoded && { filter: printGraph([...sound.chains, chain(['sound'], [...filters, ...fading(request, duration), filter('anull')], ['out'])]) }),
			options: reencoded
				? ['-map', '[out]', ...rateOf(request, track, filters.length > 0), ...encoderOptions(request.format, { channels, bitrate: request.bitrate, tags: true })]
				: ['-map', `0:${track.index}`, '-c', 'copy'],
			output,
			duration,
			onProgress: (fraction) => converting.progress(fraction, 'Converting the sound'),
		});
		const made = (await job.ffmpeg.probe(output)).audio ?? track;
		return {
			audio: await job.files.result(output, { fileName, duration: milliseconds(duration) }),
			duration: milliseconds(duration),
			codec: made.codec,
			sampleRate: made.sampleRate,
			channels: made.channels,
			reencoded,
			...(loudness !== undefined && { loudness }),
		};
	},
});

/** What is taken of the sound. */
function stretchOf({ start = 0, end }: Input, { duration }: AudioTrack, { warn }: Job) {
	if (start >= duration) throw new InvalidInput(`start: Expected a time within the ${duration} s of the sound, got ${start}. Enter an earlier one`, { field: 'start', code: 'past_the_end' });
	if (end !== undefined && end <= start) throw new InvalidInput(`end: Expected a time after the start (${start} s), got ${end}. Enter a later one`, { field: 'end', code: 'end_before_start' });
	if (end !== undefined && end > duration) warn(`The sound ends at ${duration} s, before the end asked for (${end} s)`);
	return { start, duration: Math.min(end ?? duration, duration) - start, isCut: start > 0 || (end !== undefined && end < duration) };
}

const cutting = (start: number, duration: number): Filter[] => [filter('atrim', { start, duration }), filter('asetpts', { expr: 'PTS-STARTPTS' })];

function shaping({ format }: Input, track: AudioTrack, channels: number): Filter[] {
	const shaped = [...remixed(track.channels, channels), ...(channels > 2 && format === 'opus' ? [plainLayout(channels)] : [])];
	return shaped.length > 0 ? shaped : [filter('anull')];
}

function channelsOf({ format, channels }: Input, track: AudioTrack, { warn }: Job): number {
	const { channels: most = Infinity } = limitsOf(format);
	if (channels !== undefined || track.channels <= most) return channels ?? track.channels;
	warn(`${format} holds at most ${most} channels, so the ${track.channels} channels of the sound were mixed down`);
	return most;
}

function checkLimits({ format, sampleRate, bitrate }: Input, channels: number) {
	const { sampleRates, largestBitratePerChannel } = limitsOf(format);
	if (sampleRate !== undefined && sampleRates !== undefined && !sampleRates.includes(sampleRate))
		throw new InvalidInput(`sampleRate: Expected one of ${sampleRates.join(', ')} for ${format}, got ${sampleRate}. Choose one of them`, { field: 'sampleRate', code: 'sample_rate' });
	if (bitrate === undefined) return;
	if (largestBitratePerChannel === undefined) throw new InvalidInput(`bitrate: Expected none, as ${format} keeps every sample; got ${bitrate}. Remove it, or choose another format`, { field: 'bitrate', code: 'bitrate' });
	const largest = largestBitratePerChannel * channels;
	if (bitrate > largest) throw new InvalidInput(`bitrate: Expected at most ${largest} for ${format} with ${channels} ${channels === 1 ? 'channel' : 'channels'}, got ${bitrate}. Enter a smaller one`, { field: 'bitrate', code: 'bitrate' });
}

/** Levelling leaves 48 kHz: back to the rate of the source, where the format has it. */
function rateOf({ format, sampleRate }: Input, track: AudioTrack, isLevelled: boolean): string[] {
	const { sampleRates } = limitsOf(format);
	const wanted = sampleRate ?? (isLevelled && (sampleRates?.includes(track.sampleRate) ?? true) ? track.sampleRate : undefined);
	return wanted === undefined ? [] : ['-ar', String(wanted)];
}

/** A sound that is in the format already and is to be changed in nothing is copied: encoding again would only take quality off. */
function needsEncoding({ format, bitrate, sampleRate, loudness, fadeIn, fadeOut }: Input, track: AudioTrack, { channels, isCut }: { channels: number; isCut: boolean }): boolean {
	const isChanged = isCut || fadeIn > 0 || fadeOut > 0 || loudness !== undefined || bitrate !== undefined || channels !== track.channels;
	return isChanged || (sampleRate ?? track.sampleRate) !== track.sampleRate || track.codec !== codecOf(format);
}

const codecOf = (format: AudioFormat) => encoderOf(format).replace(/^lib/, '').replace('mp3lame', 'mp3');
