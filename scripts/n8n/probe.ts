import { path as ffprobe } from '@ffprobe-installer/ffprobe';
import { run } from './command';

export interface Stream {
	codec_name: string;
	codec_type: string;
	width?: number;
	height?: number;
	duration: string;
}

/** The picture and the sound of a file; throws when it is no media file. */
export async function probe(file: string): Promise<{ video: Stream | undefined; audio: Stream | undefined }> {
	const { streams } = JSON.parse(await run(ffprobe, ['-v', 'error', '-show_streams', '-of', 'json', file])) as { streams: Stream[] };
	const first = (type: string) => streams.find((stream) => stream.codec_type === type);
	return { video: first('video'), audio: first('audio') };
}
