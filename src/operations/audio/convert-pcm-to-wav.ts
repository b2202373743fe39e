import { z } from 'zod/v4';
import { InvalidInput } from '../../errors';
import { filter, printFilters } from '../../ffmpeg/graph';
import { remixed } from '../../ffmpeg/sound';
import { legacyAudio } from '../../legacy-result';
import { defineOperation } from '../../operation';
import { media, milliseconds, producedFile, seconds } from '../../vocabulary';

const bytesPerSample = { s16le: 2, s24le: 3, f32le: 4 } as const;

const rate = z.number().int().min(8000).max(192_000);
const channelCount = z.number().int().min(1).max(8);

export const convertPcmToWav = defineOperation({
	name: 'convert_pcm_to_wav',
	group: 'audio',
	title: 'Convert PCM to WAV',
	action: 'Convert PCM to WAV',
	summary: 'Make a playable WAV file of raw samples, such as speech models give',
	legacy: { result: legacyAudio },
	input: z.object({
		pcm: media('audio'),
		sampleRate: rate.default(24_000),
		channels: channelCount.default(1),
		format: z.enum(['s16le', 's24le', 'f32le']).default('s16le'),
		targetSampleRate: rate.default(44_100),
		targetChannels: channelCount.default(2),
	}),
	output: z.object({ audio: producedFile, duration: seconds, sampleRate: z.number().int(), channels: z.number().int() }),
	fields: {
		pcm: { label: 'PCM', hint: 'Raw samples without a header' },
		sampleRate: { label: 'Sample Rate', hint: 'Of the samples, in Hz' },
		channels: { label: 'Channels', hint: 'Of the samples, which are interleaved', advanced: true },
		format: { label: 'Sample Format', choices: { s16le: '16-Bit Integer', s24le: '24-Bit Integer', f32le: '32-Bit Float' }, hint: 'Little endian; the WAV file keeps it', advanced: true },
		targetSampleRate: { label: 'Target Sample Rate', hint: 'Of the WAV file, in Hz', advanced: true },
		targetChannels: { label: 'Target Channels', hint: 'Of the WAV file', advanced: true },
	},
	example: { pcm: { file: 'speech.pcm' } },
	async run({ pcm, sampleRate, channels, format, targetSampleRate, targetChannels }, { files, ffmpeg, progress }) {
		const path = await files.local(pcm, 'pcm');
		const size = await files.size(path);
		const frame = channels * bytesPerSample[format];
		if (size === 0) throw new InvalidInput('pcm: Expected samples, got an empty file', { field: 'pcm', code: 'empty_file' });
		if (size % frame !== 0)
			throw new InvalidInput(`pcm: Expected a whole number of frames of ${frame} bytes (${channels} × ${format}), got ${size} bytes. Check channels and format, and that the file is whole`, { field: 'pcm', code: 'partial_frame' });
		const duration = size / frame / sampleRate;
		const output = files.path('audio.wav');
		await ffmpeg.render({
			inputs: [{ path, options: ['-f', format, '-ar', String(sampleRate), '-ac', String(channels)] }],
			options: ['-af', printFilters([...remixed(channels, targetChannels), filter('anull')]), '-ar', String(targetSampleRate), '-c:a', `pcm_${format}`, '-map_metadata', '-1', '-fflags', '+bitexact'],
			output,
			duration,
			expectedSize: duration * targetSampleRate * targetChannels * bytesPerSample[format],
			onProgress: (fraction) => progress(fraction, 'Converting the sound'),
		});
		return {
			audio: await files.result(output, { fileName: 'audio.wav', duration: milliseconds(duration) }),
			duration: milliseconds(duration),
			sampleRate: targetSampleRate,
			channels: targetChannels,
		};
	},
});
