import { basename } from 'node:path';
import { filter, type Filter } from '../ffmpeg/graph';
import type { Job } from '../runtime';
import type { Drawing } from './drawing';

/** Puts a drawing's files into the job's folder and gives the filter that draws it into a picture. */
export async function burning({ ass, fonts: faces, warnings }: Drawing, { files, ffmpeg, fonts, warn }: Job): Promise<Filter> {
	await ffmpeg.need(['subtitles']);
	for (const warning of warnings) warn(warning);
	const captions = await files.write('captions.ass', ass);
	const folder = await fonts.gather(faces, files);
	return filter('subtitles', { filename: basename(captions), fontsdir: basename(folder) });
}
