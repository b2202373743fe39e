import { OperationFailed } from '../errors';

/** A voice is a table of styles, one row for each length of input. */
export const styleRows = 510;
export const styleWidth = 256;

/** Reads `voices/NAME.bin`: 32-bit floats, little endian, without a header. */
export function readStyles(bytes: Uint8Array, name: string): Float32Array {
	const expected = styleRows * styleWidth * 4;
	if (bytes.length !== expected) {
		throw new OperationFailed(`Expected ${expected} bytes in the voice ${name}, got ${bytes.length}. Download the voice again`, { code: 'model_broken' });
	}
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	return Float32Array.from({ length: styleRows * styleWidth }, (_, i) => view.getFloat32(i * 4, true));
}

/** The style for an input of so many letters, mixed from voices whose weights add up to 1. */
export function styleFor(letters: number, voices: readonly { styles: Float32Array; weight: number }[]): Float32Array {
	const row = Math.min(styleRows - 1, Math.max(0, letters - 1));
	const style = new Float32Array(styleWidth);
	for (const { styles, weight } of voices) {
		for (let i = 0; i < styleWidth; i++) style[i] = (style[i] ?? 0) + weight * (styles[row * styleWidth + i] ?? 0);
	}
	return style;
}
