import fluent from 'fluent-ffmpeg';
import type { RenderInput } from '../../../src/runtime';

/** Formats a job may read. Playlists and concat lists are none of them: they name further files. */
const formats = 'mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,flv,wav,mp3,ogg,flac,aac,png_pipe,jpeg_pipe,webp_pipe,image2';

/**
 * What ffmpeg and ffprobe may touch for one input: local files, known formats, pictures of a bearable size.
 * `forced` is a format of our own choosing, such as raw samples or a list of files that were each probed.
 */
export function safetyFlags(maxPixels: number, forced?: string): string[] {
	const allowed = forced === undefined ? formats : `${forced},${formats}`;
	return ['-protocol_whitelist', 'file', '-format_whitelist', allowed, '-max_pixels', String(maxPixels)];
}

/** Sound that is copied waits for the first encoded picture. ffmpeg holds 128 packets, of which a slide show has more before that. */
const manyWaiting = ['-max_muxing_queue_size', '16384'];

export interface ArgumentOptions {
	inputs: readonly RenderInput[];
	filter?: string | undefined;
	options: readonly string[];
	output: string;
	maxPixels: number;
	threads: number;
}

/** The argument list of one ffmpeg run. The only use of fluent-ffmpeg: its way of running programs is not safe. */
export function buildArguments({ inputs, filter, options, output, maxPixels, threads }: ArgumentOptions): string[] {
	const command = fluent();
	// The encoder has three quarters of the work: decoding with every thread, too, ends no sooner and costs 7 % more.
	const decoding = options.includes('libx264') ? Math.ceil(threads / 2) : threads;
	for (const { path, lavfi, options: own = [] } of inputs) {
		command.input(path);
		if (lavfi) command.inputOptions('-f', 'lavfi', ...own);
		else command.inputOptions('-threads', String(decoding), ...safetyFlags(maxPixels, forcedFormat(own)), ...own);
	}
	if (filter !== undefined) command.complexFilter(filter);
	command.outputOptions('-threads', String(threads), ...manyWaiting, ...options).output(output);
	return command._getArguments();
}

function forcedFormat(options: readonly string[]): string | undefined {
	const at = options.indexOf('-f');
	return at < 0 ? undefined : options[at + 1];
}

declare module 'fluent-ffmpeg' {
	interface FfmpegCommand {
		/** Not part of the public interface; a test pins what it gives. */
		_getArguments(): string[];
	}
}
