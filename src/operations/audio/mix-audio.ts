import { z } from 'zod/v4';
import { audioFormats, encoderOptions, formatTitles } from '../../audio/formats';
import { chain, filter, printGraph } from '../../ffmpeg/graph';
import { levelled, levelling, loudnessTarget, loudnessWords } from '../../ffmpeg/levelled';
import { loopedInput } from '../../ffmpeg/picture';
import { lasting, mixed, stereo } from '../../ffmpeg/sound';
import { soundSource } from '../../ffmpeg/sources';
import { defineOperation } from '../../operation';
import { within } from '../../progress';
import { media, milliseconds, producedFile, seconds } from '../../vocabulary';

const fade = z.number().min(0).max(60).default(0);

export const mixAudio = defineOperation({
	name: 'mix_audio',
	group: 'audio',
	title: 'Mix',
	action: 'Mix a voice with music',
	summary: 'Lay music under a voice, which keeps its level; the music gives way while the voice speaks',
	input: z.object({
		voice: media('audio'),
		music: media('audio'),
		musicVolume: z.number().min(0).max(2).default(0.25),
		duck: z.boolean().default(true),
		loopMusic: z.boolean().default(true),
		fadeIn: fade,
		fadeOut: fade,
		loudness: loudnessTarget.optional(),
		format: z.enum(audioFormats).default('mp3'),
	}),
	output: z.object({ audio: producedFile, duration: seconds, loudness: levelling.optional() }),
	fields: {
		voice: { label: 'Voice', hint: 'The result is as long as the voice' },
		music: { label: 'Music', start: 'music' },
		musicVolume: { label: 'Music Volume', hint: '1 leaves the music as loud as it is' },
		duck: { label: 'Duck Music', hint: 'Whether the music gives way while the voice speaks', advanced: true },
		loopMusic: { label: 'Loop Music', hint: 'Whether the music begins again when it ends before the voice', advanced: true },
		fadeIn: { label: 'Fade In', hint: 'Seconds over which the music comes in', advanced: true },
		fadeOut: { label: 'Fade Out', hint: 'Seconds over which the music goes out at the end', advanced: true },
		loudness: loudnessWords,
		format: { label: 'Format', choices: formatTitles, advanced: true },
	},
	example: { voice: { file: 'speech.wav' }, music: { file: 'music.mp3' } },
	async run({ voice, music, musicVolume: volume, duck, loopMusic, fadeIn, fadeOut, loudness: target, format }, job) {
		const spoken = await soundSource(job, voice, 'voice');
		const played = await soundSource(job, music, 'music');
		await job.ffmpeg.need(['amerge', 'pan', 'alimiter', ...(duck ? ['sidechaincompress'] : [])]);
		const { duration } = spoken.track;
		const mix = {
			inputs: [{ path: spoken.path }, loopMusic ? loopedInput(played.path) : { path: played.path }],
			chains: [
				chain([`0:${spoken.track.index}`], [...stereo(spoken.track.channels), ...lasting(duration)], ['voice']),
				...mixed({ voice: 'voice', music: { from: `1:${played.track.index}`, channels: played.track.channels, volume, duck, fadeIn, fadeOut }, duration, to: 'mix' }),
			],
			from: 'mix',
			duration,
		};
		const { filters, loudness } = await levelled(mix, target, within(job, 0, 0.5));
		const mixing = within(job, target === undefined ? 0 : 0.5, 1);
		const fileName = `mix.${format}`;
		const output = job.files.path(fileName);
		await job.ffmpeg.render({
			inputs: mix.inputs,
			filter: printGraph([...mix.chains, chain(['mix'], [...filters, filter('anull')], ['out'])]),
			options: ['-map', '[out]', ...encoderOptions(format, { channels: 2 })],
			output,
			duration,
			onProgress: (fraction) => mixing.progress(fraction, 'Mixing the sound'),
		});
		return { audio: await job.files.result(output, { fileName, duration: milliseconds(duration) }), duration: milliseconds(duration), ...(loudness !== undefined && { loudness }) };
	},
});
