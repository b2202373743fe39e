import { z } from 'zod/v4';
import { soundOf } from '../../ffmpeg/expected';
import { describeSound, soundFacts } from '../../ffmpeg/facts';
import { printFilters } from '../../ffmpeg/graph';
import { measuring, readLoudness } from '../../ffmpeg/loudness';
import { defineOperation } from '../../operation';
import { media } from '../../vocabulary';

export const getAudioInfo = defineOperation({
	name: 'get_audio_info',
	group: 'audio',
	title: 'Get Info',
	action: 'Get info about audio',
	summary: 'Tell the length, format and, on demand, the loudness of the sound in a file',
	light: true,
	legacy: { result: ({ duration, channels, sampleRate, codec, bitrate }) => ({ media_info: { duration, channels, sample_rate: sampleRate, codec, bitrate } }) },
	input: z.object({ audio: media('audio'), measureLoudness: z.boolean().default(false) }),
	output: z.object({
		...soundFacts,
		loudness: z.object({ integrated: z.number(), truePeak: z.number(), range: z.number() }).nullable().optional(),
	}),
	fields: {
		audio: { label: 'Audio', hint: 'A sound file, or a video with sound' },
		measureLoudness: { label: 'Measure Loudness', hint: 'Whether to measure the loudness by EBU R128, which reads the whole file', advanced: true },
	},
	example: { audio: { file: 'speech.wav' } },
	async run({ audio, measureLoudness }, { files, ffmpeg, warn, progress }) {
		const path = await files.local(audio, 'audio');
		const found = await ffmpeg.probe(path, 'audio');
		const facts = describeSound(soundOf(found, 'audio'), found);
		if (!measureLoudness) return facts;
		const log = await ffmpeg.analyse({
			inputs: [{ path }],
			options: ['-map', '0:a:0', '-af', printFilters(measuring())],
			duration: facts.duration,
			onProgress: (fraction) => progress(fraction, 'Measuring the loudness'),
		});
		const loudness = readLoudness(log);
		if (loudness === null) warn('The sound is silent, or too short to measure, so it has no loudness');
		return { ...facts, loudness: loudness && { integrated: loudness.integrated, truePeak: loudness.truePeak, range: loudness.range } };
	},
});
