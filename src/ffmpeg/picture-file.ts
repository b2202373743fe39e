import type { RenderInput } from '../runtime';
import { filter, type Filter } from './graph';
import type { Size } from './sizes';

export const pictureFormats = ['jpg', 'png', 'webp'] as const;
export type PictureFormat = (typeof pictureFormats)[number];

/** Titles of the formats in a form. */
export const pictureFormatTitles: Record<PictureFormat, string> = { jpg: 'JPEG', png: 'PNG', webp: 'WebP' };

const codecs: Record<PictureFormat, readonly string[]> = {
	jpg: ['-c:v', 'mjpeg', '-q:v', '2'],
	png: ['-c:v', 'png'],
	webp: ['-c:v', 'libwebp', '-quality', '90'],
};

/** Without `-update` a percent sign in the name would count pictures; with it each picture takes the place of the one before. */
export const pictureOptions = (format: PictureFormat): string[] => [...codecs[format], '-f', 'image2', '-update', '1'];

/** What the encoders make the best of, from red, green and blue: colours as fine as the picture. */
export const fromRgb: Record<PictureFormat, Filter> = {
	jpg: filter('format', { pix_fmts: 'yuvj444p' }),
	png: filter('format', { pix_fmts: 'rgb24' }),
	webp: filter('format', { pix_fmts: 'bgra' }),
};

/** Pixels as three bytes and nothing else: what our own code changes, and what is kept between two runs. */
export const rawOptions = ['-c:v', 'rawvideo', '-pix_fmt', 'rgb24', '-f', 'rawvideo'] as const;

export const rawInput = (path: string, { width, height }: Size): RenderInput => ({
	path,
	options: ['-f', 'rawvideo', '-pixel_format', 'rgb24', '-video_size', `${width}x${height}`, '-framerate', '25'],
});
