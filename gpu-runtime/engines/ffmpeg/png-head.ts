import { open, type FileHandle } from 'node:fs/promises';

const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const end = Buffer.from('0000000049454e44ae426082', 'hex');
const noPixels = Buffer.from('000000004944415435af061e', 'hex');
/** What stands before the pixels is small, but for a colour profile now and then. */
const headLimit = 64 * 1024;

/**
 * A whole PNG picture without its pixels: the chunks before them, an empty one in their place, and the end. It tells the same facts,
 * without the time to unpack the pixels. Undefined for any other file, a cut one and an animation, which are to be read whole.
 * Chunks: Portable Network Graphics (PNG) Specification, W3C, part 5.
 */
export async function pngHead(path: string): Promise<Buffer | undefined> {
	const file = await open(path);
	try {
		const start = await read(file, headLimit, 0);
		if (!start.subarray(0, signature.length).equals(signature)) return undefined;
		const { size } = await file.stat();
		if (!(await read(file, end.length, Math.max(0, size - end.length))).equals(end)) return undefined;
		const pixels = pixelsAt(start);
		return pixels === undefined ? undefined : Buffer.concat([start.subarray(0, pixels), noPixels, end]);
	} finally {
		await file.close();
	}
}

/** Where the first chunk of pixels begins. A chunk is its length, its name, that many bytes and a checksum. */
function pixelsAt(start: Buffer): number | undefined {
	let at = signature.length;
	while (at + 8 <= start.length) {
		const name = start.toString('latin1', at + 4, at + 8);
		if (name === 'IDAT') return at;
		if (name === 'acTL') return undefined;
		at += 12 + start.readUInt32BE(at);
	}
	return undefined;
}

async function read(file: FileHandle, length: number, position: number): Promise<Buffer> {
	const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
	return buffer.subarray(0, bytesRead);
}
