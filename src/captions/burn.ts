import { basename } from 'node:path';
import { inBt601 } from '../ffmpeg/colors';
import { filter, type Filter } from '../ffmpeg/graph';
import type { VideoTrack } from '../probe';
import type { Job } from '../runtime';
import type { Drawing } from './drawing';

/** Puts a drawing's files into the job's folder and gives the filters that draw it into a picture that has the colours of a track. */
export async function burning({ ass, fonts: faces, warnings }: Drawing, track: VideoTrack, { files, ffmpeg, fonts, warn }: Job): Promise<Filter[]> {
	const hasColors = [...ass.matchAll(/&H(?:[0-9a-f]{2})?([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})\b/gi)].some(([, blue, green, red]) => blue !== green || green !== red);
	const mending = hasColors ? inBt601(track) : undefined;
	await ffmpeg.need(['subtitles', ...(mending ? ['colormatrix', 'setparams'] : [])]);
	for (const warning of warnings) warn(warning);
	const captions = await files.write('captions.ass', ass);
	const folder = await fonts.gather(faces, files);
	const draw = filter('subtitles', { filename: basename(captions), fontsdir: basename(folder) });
	return mending ? [...mending.before, draw, ...mending.after] : [draw];
}
