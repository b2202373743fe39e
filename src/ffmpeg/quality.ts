import { qualities, type Quality } from '../runtime';

export interface VideoEncoder {
	encoder: string;
	/** Everything from `-c:v` on, with the pixel format that every player takes. */
	options: string[];
}

/** How forms call it. */
export const qualityWords = { label: 'Quality', hint: 'Draft is for previews, high for keeping', choices: { draft: 'Draft (Fast)', balanced: 'Balanced', high: 'High (Slow)' }, advanced: true } as const;

export const hardwareEncoder = 'h264_nvenc';

const software: Record<Quality, readonly [preset: string, crf: number]> = { draft: ['ultrafast', 23], balanced: ['veryfast', 23], high: ['slow', 18] };
/** Not measured: no machine with such an encoder was at hand. */
const hardware: Record<Quality, readonly [preset: string, cq: number]> = { draft: ['p1', 23], balanced: ['p4', 23], high: ['p6', 18] };

export function softwareVideo(quality: Quality): VideoEncoder {
	const [preset, crf] = software[quality];
	return { encoder: 'libx264', options: ['-c:v', 'libx264', '-preset', preset, '-crf', String(crf), '-pix_fmt', 'yuv420p'] };
}

export function hardwareVideo(quality: Quality): VideoEncoder {
	const [preset, cq] = hardware[quality];
	return {
		encoder: hardwareEncoder,
		options: ['-c:v', hardwareEncoder, '-preset', preset, '-tune', 'hq', '-rc', 'vbr', '-cq', String(cq), '-b:v', '0', '-pix_fmt', 'yuv420p'],
	};
}

/** The same options with libx264 in the place of the GPU's encoder; undefined where they do not name it. */
export function withSoftwareVideo(options: readonly string[]): string[] | undefined {
	for (const quality of qualities) {
		const wanted = hardwareVideo(quality).options;
		const at = options.findIndex((_, index) => wanted.every((option, offset) => options[index + offset] === option));
		if (at >= 0) return [...options.slice(0, at), ...softwareVideo(quality).options, ...options.slice(at + wanted.length)];
	}
	return undefined;
}

/** Sound for mp4, and a file that plays while it still loads. */
export const aac = ['-c:a', 'aac', '-b:a', '192k'] as const;
export const fastStart = ['-movflags', '+faststart'] as const;
