import type { Speech } from '../../../src/runtime';
import { milliseconds } from '../../../src/vocabulary';
import type { Espeak } from './index';

/** The voice that works with nothing downloaded. */
export function createDraftVoice(espeak: Espeak): Speech['draft'] {
	return async (request, { files, ffmpeg, signal, progress }) => {
		const begin = performance.now();
		const spoken = await espeak.speak(request, {
			signal,
			path: files.path('draft-speech.wav'),
			onProgress: (fraction) => progress(fraction, 'Speaking'),
		});
		const { stretch, loadSeconds } = spoken;
		const duration = milliseconds(spoken.duration / stretch);
		const path = stretch === 1 ? spoken.path : files.path('draft-speech-fast.wav');
		if (stretch !== 1) {
			await ffmpeg.render({ inputs: [{ path: spoken.path }], options: ['-af', `atempo=${stretch}`, '-c:a', 'pcm_s16le'], output: path, duration });
		}
		const inferenceSeconds = (performance.now() - begin) / 1000 - loadSeconds;
		return {
			path,
			duration,
			words: spoken.words.map(({ text, start, end }) => ({ text, start: milliseconds(start / stretch), end: milliseconds(end / stretch) })),
			engine: {
				name: 'eSpeak NG',
				model: spoken.voice.identifier,
				precision: 'none',
				device: 'cpu',
				provider: 'wasm',
				loadSeconds: milliseconds(loadSeconds),
				inferenceSeconds: milliseconds(inferenceSeconds),
				realTimeFactor: milliseconds(inferenceSeconds / duration),
			},
		};
	};
}
