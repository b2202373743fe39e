import { open, type FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const end = Buffer.from('0000000049454e44ae426082', 'hex');
const noPixels = Buffer.from('000000004944415435af061e', 'hex');
/** What stands before the pixels is small, but for a colour profile now and then. */
const headLimit = 64 * 1024;

/** The first chunk: after its length and name come width, height and five bytes more, and then its checksum. */
const header = { name: signature.length + 4, height: signature.length + 12, checksum: signature.length + 21 };

export interface PngHead {
	/** A picture of one row that tells the same facts but for the height. */
	picture: Buffer;
	height: number;
}

/**
 * A whole PNG picture without its pixels: the chunks before them, an empty one in their place, and the end. ffprobe would unpack them,
 * and take memory for as many as it is told of. Undefined for any other file, a cut one and an animation, which are to be read whole.
 * Chunks: Portable Network Graphics (PNG) Specification, W3C, part 5.
 */
export async function pngHead(path: string): Promise<PngHead | undefined> {
	const file = await open(path);
	try {
		const start = await read(file, headLimit, 0);
		if (!start.subarray(0, signature.length).equals(signature)) return undefined;
		const { size } = await file.stat();
		if (!(await read(file, end.length, Math.max(0, size - end.length))).equals(end)) return undefined;
		const pixels = pixelsAt(start);
		if (pixels === undefined || pixels < header.checksum) return undefined;
		const height = start.readUInt32BE(header.height);
		return height === 0 ? undefined : { picture: Buffer.concat([ofOneRow(start.subarray(0, pixels)), noPixels, end]), height };
	} finally {
		await file.close();
	}
}

function ofOneRow(chunks: Buffer): Buffer {
	chunks.writeUInt32BE(1, header.height);
	chunks.writeUInt32BE(crc32(chunks.subarray(header.name, header.checksum)), header.checksum);
	return chunks;
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
