import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { path as ffprobe } from '@ffprobe-installer/ffprobe';
import { ffmpeg } from '../support/runtime';

/** Runs ffmpeg and gives what it writes to `-`. */
export async function runFfmpeg(args: string[]): Promise<Buffer> {
	const { stdout } = await promisify(execFile)(ffmpeg, ['-v', 'error', '-y', ...args], { encoding: 'buffer', maxBuffer: 1e7 });
	return stdout;
}

interface Stream {
	codec_name: string;
	codec_type: string;
	width?: number;
	height?: number;
	duration?: string;
}

/** The first picture and the first sound of a file. */
export async function probe(file: string) {
	const { stdout } = await promisify(execFile)(ffprobe, ['-v', 'error', '-show_streams', '-of', 'json', file]);
	const { streams } = JSON.parse(stdout) as { streams: Stream[] };
	const first = (kind: string) => {
		const stream = streams.find((one) => one.codec_type === kind);
		return stream && { codec: stream.codec_name, width: stream.width, height: stream.height, duration: Number(stream.duration) };
	};
	return { video: first('video'), audio: first('audio') };
}
