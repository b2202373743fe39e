export interface Size {
	width: number;
	height: number;
}

/** The nearest even number, never below 2: yuv420p has no odd sides. */
export const even = (side: number) => Math.max(2, 2 * Math.round(side / 2));

const evenDown = (side: number) => Math.max(2, 2 * Math.floor(side / 2));

/** The largest size of the source's shape that fits into the box, with even sides. */
export function contain(source: Size, box: Size): Size {
	const scale = Math.min(box.width / source.width, box.height / source.height);
	return {
		width: Math.min(even(source.width * scale), evenDown(box.width)),
		height: Math.min(even(source.height * scale), evenDown(box.height)),
	};
}

/** The smallest size of the source's shape that covers the box. */
export function cover(source: Size, box: Size): Size {
	const scale = Math.max(box.width / source.width, box.height / source.height);
	return { width: Math.max(box.width, Math.round(source.width * scale)), height: Math.max(box.height, Math.round(source.height * scale)) };
}

/** As people say it, e.g. `16:9`. */
export function aspectRatio({ width, height }: Size): string {
	const common = divisor(width, height);
	return `${width / common}:${height / common}`;
}

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));

/** The source's shape as large as the box allows; sides may be odd. */
export function within(source: Size, box: Size): Size {
	const scale = Math.min(box.width / source.width, box.height / source.height);
	const side = (own: number) => Math.max(1, Math.round(own * scale));
	return { width: side(source.width), height: side(source.height) };
}
