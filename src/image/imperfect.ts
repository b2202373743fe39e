/** Rows of pixels, three bytes each: red, green, blue. */
export interface Raster {
	width: number;
	pixels: Uint8ClampedArray;
}

export interface Imperfection {
	/** 0 is grey, 1 leaves the colours, 2 doubles them. */
	color?: number | undefined;
	/** Around the mean brightness: 0 is all grey, 1 leaves it. */
	contrast?: number | undefined;
	/** Most that a pixel becomes lighter or darker, 0 to 255. */
	noise: number;
	seed: number;
}

/** Rows above and below that what happens to a row depends on: one for sharpening, one for the blur. */
export const margin = 2;

/** A picture as no machine would make it. `mean`: of the whole picture, from `brightnessOf`; `firstRow`: where these rows are in it. */
export function makeImperfect({ width, pixels }: Raster, { color, contrast, noise, seed }: Imperfection, { mean, firstRow }: { mean: number; firstRow: number }): Uint8ClampedArray {
	const changed = Uint8ClampedArray.from(pixels);
	if (color !== undefined) saturate(changed, color);
	if (contrast !== undefined) spread(changed, contrast, mean);
	const soft = filtered(filtered(changed, width, sharpening), width, blur);
	addNoise(soft, noise, seed, firstRow * width);
	tone(soft);
	return fringed(soft, width);
}

/** Sum of the brightness of all pixels, after the change of colour. */
export function brightnessOf(pixels: Uint8ClampedArray, color: number | undefined): number {
	const changed = color === undefined ? pixels : Uint8ClampedArray.from(pixels);
	if (color !== undefined) saturate(changed, color);
	let sum = 0;
	for (let at = 0; at < changed.length; at += 3) sum += Math.round(brightnessAt(changed, at));
	return sum;
}

const brightnessAt = (pixels: Uint8ClampedArray, at: number) => (299 * (pixels[at] ?? 0) + 587 * (pixels[at + 1] ?? 0) + 114 * (pixels[at + 2] ?? 0)) / 1000;

function saturate(pixels: Uint8ClampedArray, factor: number) {
	for (let at = 0; at < pixels.length; at += 3) {
		const grey = brightnessAt(pixels, at);
		for (let part = at; part < at + 3; part++) pixels[part] = grey + factor * ((pixels[part] ?? 0) - grey);
	}
}

function spread(pixels: Uint8ClampedArray, factor: number, mean: number) {
	const middle = Math.round(mean);
	const table = Uint8ClampedArray.from({ length: 256 }, (_, value) => middle + factor * (value - middle));
	for (let at = 0; at < pixels.length; at++) pixels[at] = table[pixels[at] ?? 0] ?? 0;
}

/** Weights of a pixel itself, of the four beside it and of the four at its corners. */
interface Kernel {
	own: number;
	beside: number;
	corner: number;
}

const sharpening: Kernel = { own: 32 / 16, beside: -2 / 16, corner: -2 / 16 };

/** Of a Gaussian with a deviation of half a pixel; the next ring would weigh 0.03 %. */
const gaussian = Math.exp(-1 / (2 * 0.5 ** 2));
const total = (1 + 2 * gaussian) ** 2;
const blur: Kernel = { own: 1 / total, beside: gaussian / total, corner: gaussian ** 2 / total };

/** Three by three; at the edges the last row and column count again. */
function filtered(pixels: Uint8ClampedArray, width: number, { own, beside, corner }: Kernel): Uint8ClampedArray {
	const row = width * 3;
	const value = (at: number) => pixels[at] ?? 0;
	const result = new Uint8ClampedArray(pixels.length);
	for (let start = 0; start < pixels.length; start += row) {
		const up = start === 0 ? 0 : -row;
		const down = start + row === pixels.length ? 0 : row;
		for (let x = 0; x < row; x++) {
			const at = start + x;
			const left = x < 3 ? at : at - 3;
			const right = x >= row - 3 ? at : at + 3;
			const near = value(left) + value(right) + value(at + up) + value(at + down);
			const far = value(left + up) + value(right + up) + value(left + down) + value(right + down);
			result[at] = own * value(at) + beside * near + corner * far;
		}
	}
	return result;
}

/** The same whole number from −amount to amount on all parts of a pixel; it depends on the seed and the place alone. */
function addNoise(pixels: Uint8ClampedArray, amount: number, seed: number, firstPixel: number) {
	if (amount === 0) return;
	const key = scrambled(seed);
	for (let at = 0, pixel = firstPixel; at < pixels.length; at += 3, pixel++) {
		const grain = Math.floor((scrambled(key ^ pixel) / 2 ** 32) * (2 * amount + 1)) - amount;
		for (let part = at; part < at + 3; part++) pixels[part] = (pixels[part] ?? 0) + grain;
	}
}

/** Mixes 32 bits well (the finalizer of MurmurHash3). */
function scrambled(value: number): number {
	let bits = value | 0;
	bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
	bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
	return (bits ^ (bits >>> 16)) >>> 0;
}

const sepia = { dark: [0x70, 0x42, 0x14], light: [0xc0, 0xa0, 0x80], share: 0.2 } as const;

function tone(pixels: Uint8ClampedArray) {
	for (let at = 0; at < pixels.length; at += 3) {
		const brightness = brightnessAt(pixels, at) / 255;
		for (let part = 0; part < 3; part++) {
			const [dark, light] = [sepia.dark[part] ?? 0, sepia.light[part] ?? 0];
			pixels[at + part] = (1 - sepia.share) * (pixels[at + part] ?? 0) + sepia.share * (dark + (light - dark) * brightness);
		}
	}
}

/** Red one pixel to the right, blue one to the left, as a cheap lens does; the edges are repeated. */
function fringed(pixels: Uint8ClampedArray, width: number): Uint8ClampedArray {
	const row = width * 3;
	const result = Uint8ClampedArray.from(pixels);
	for (let start = 0; start < pixels.length; start += row) {
		for (let x = 3; x < row; x += 3) {
			result[start + x] = pixels[start + x - 3] ?? 0;
			result[start + x - 1] = pixels[start + x + 2] ?? 0;
		}
	}
	return result;
}
