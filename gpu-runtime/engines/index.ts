import { join } from 'node:path';
import { offeredOf } from '../../src/capabilities';
import { operations } from '../../src/operations';
import { catalogueOf } from '../../src/reference';
import type { Job } from '../../src/runtime';
import type { StorageConfig } from '../../src/storage/config';
import { createDoctor } from '../doctor';
import { download } from '../fetch';
import type { Settings } from '../settings';
import { createYouTube } from '../youtube';
import { createEspeak } from './espeak';
import { createFfmpeg } from './ffmpeg';
import { createFonts } from './fonts';
import { createSpeech } from './speech';

/** Everything a job can use, made once per process; whatever is heavy is loaded when it is first needed. */
export function createEngines(settings: Settings) {
	const ffmpeg = createFfmpeg({
		ffmpegPath: settings.FFMPEG_PATH,
		ffprobePath: settings.FFPROBE_PATH,
		privateFolder: join(settings.AI_AGENT_TOOLS_DATA, 'bin'),
		threads: Math.max(1, Math.floor(settings.AI_AGENT_TOOLS_THREADS / settings.AI_AGENT_TOOLS_CONCURRENCY)),
		env: process.env,
		maxPixels: settings.AI_AGENT_TOOLS_MAX_PIXELS,
		maxStreams: settings.AI_AGENT_TOOLS_MAX_STREAMS,
		hardware: settings.AI_AGENT_TOOLS_DEVICE !== 'cpu',
		maxDuration: settings.AI_AGENT_TOOLS_MAX_DURATION,
		timeLimit: settings.AI_AGENT_TOOLS_TIME_LIMIT,
		stallLimit: settings.AI_AGENT_TOOLS_STALL_LIMIT,
	});
	const fonts = createFonts({ bundledFolder: settings.AI_AGENT_TOOLS_FONTS ?? join(__dirname, '../../fonts') });
	const espeak = createEspeak();
	const speech = createSpeech(settings, espeak);
	const doctor = createDoctor({ settings, ffmpeg, fonts, espeak });
	const catalogue = catalogueOf(offeredOf(operations, settings.AI_AGENT_TOOLS_CAPABILITIES));

	return {
		/** Fetches what a user's link leads to. */
		async download(url: string, path: string, field: string, signal: AbortSignal): Promise<void> {
			await download(url, path, {
				signal,
				field,
				maxBytes: settings.AI_AGENT_TOOLS_MAX_DOWNLOAD,
				timeLimit: settings.AI_AGENT_TOOLS_TIME_LIMIT,
				stallLimit: settings.AI_AGENT_TOOLS_STALL_LIMIT,
				allowPrivate: settings.AI_AGENT_TOOLS_ALLOW_PRIVATE_URLS,
			});
		},
		forJob: ({ folder, storage, signal, warn }: { folder: string; storage: StorageConfig | undefined } & Pick<Job, 'signal' | 'warn'>) => ({
			ffmpeg: ffmpeg.forJob({ folder, signal, warn }),
			fonts,
			speech,
			doctor: doctor.forJob(storage),
			catalogue,
			youtube: createYouTube(settings, signal),
		}),
		async close() {
			espeak.close();
		},
	};
}
