import { InvalidInput, OperationFailed } from '../errors';

/** WAV files as values: header, reading, and writing piece by piece through a port. Little endian throughout. */

export interface WavFormat {
	sampleRate: number;
	channels: number;
	encoding: 's16' | 'f32';
}

/** Interleaved samples: integers as they are, floats from -1 to 1. */
export type Samples = Int16Array | Float32Array;

/** Where a writer puts its bytes; a file opened for writing is one. */
export interface ByteSink {
	write(bytes: Uint8Array, position: number): Promise<void>;
}

const codes = { s16: { tag: 1, bytes: 2 }, f32: { tag: 3, bytes: 4 } } as const;

/** RIFF keeps sizes in 32 bits. */
const largest = 0xffffffff - 64;

/** 44 bytes for s16; f32 needs the longer form (58 bytes) with a `fact` chunk. */
export function wavHeader({ sampleRate, channels, encoding }: WavFormat, dataBytes: number): Uint8Array {
	if (dataBytes > largest) {
		throw new OperationFailed(`Expected at most 4 GB of sound in one WAV file, got ${dataBytes} bytes; make it in parts`);
	}
	const { tag, bytes } = codes[encoding];
	const float = encoding === 'f32';
	const size = float ? 58 : 44;
	const view = new DataView(new ArrayBuffer(size));
	ascii(view, 0, 'RIFF');
	view.setUint32(4, size - 8 + dataBytes + (dataBytes % 2), true);
	ascii(view, 8, 'WAVEfmt ');
	view.setUint32(16, float ? 18 : 16, true);
	view.setUint16(20, tag, true);
	view.setUint16(22, channels, true);
	view.setUint32(24, sampleRate, true);
	view.setUint32(28, sampleRate * channels * bytes, true);
	view.setUint16(32, channels * bytes, true);
	view.setUint16(34, bytes * 8, true);
	if (float) {
		ascii(view, 38, 'fact');
		view.setUint32(42, 4, true);
		view.setUint32(46, dataBytes / (channels * bytes), true);
	}
	ascii(view, size - 8, 'data');
	view.setUint32(size - 4, dataBytes, true);
	return new Uint8Array(view.buffer);
}

/** Samples as the bytes of a file; floats outside -1 to 1 are held at the edge when they become integers. */
export function encodeSamples(samples: Samples, encoding: WavFormat['encoding']): Uint8Array {
	const { bytes } = codes[encoding];
	const view = new DataView(new ArrayBuffer(samples.length * bytes));
	const integers = samples.BYTES_PER_ELEMENT === 2;
	for (let i = 0; i < samples.length; i++) {
		const sample = samples[i] ?? 0;
		if (encoding === 'f32') view.setFloat32(i * 4, integers ? sample / 32768 : sample, true);
		else view.setInt16(i * 2, integers ? sample : Math.round(Math.max(-1, Math.min(1, sample)) * 32767), true);
	}
	return new Uint8Array(view.buffer);
}

export interface WavWriter {
	/** Frames (samples per channel) written so far. */
	readonly frames: number;
	/** Seconds written so far. */
	readonly duration: number;
	write(samples: Samples): Promise<void>;
	silence(seconds: number): Promise<void>;
	/** Puts the true sizes into the header; the file is a right one from then on. */
	finish(): Promise<void>;
}

/** Writes sound as it comes, so that no length of it is held in memory. */
export function wavWriter(sink: ByteSink, format: WavFormat): WavWriter {
	const header = wavHeader(format, 0).length;
	const frameBytes = format.channels * codes[format.encoding].bytes;
	let dataBytes = 0;
	const writer: WavWriter = {
		get frames() {
			return dataBytes / frameBytes;
		},
		get duration() {
			return dataBytes / frameBytes / format.sampleRate;
		},
		async write(samples) {
			const bytes = encodeSamples(samples, format.encoding);
			await sink.write(bytes, header + dataBytes);
			dataBytes += bytes.length;
		},
		async silence(seconds) {
			await writer.write(new Int16Array(Math.round(seconds * format.sampleRate) * format.channels));
		},
		async finish() {
			await sink.write(wavHeader(format, dataBytes), 0);
		},
	};
	return writer;
}

/** Reads a whole WAV file of s16 or f32; other chunks are passed over. */
export function readWav(bytes: Uint8Array): { format: WavFormat; samples: Float32Array } {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	if (bytes.length < 12 || text(view, 0) !== 'RIFF' || text(view, 8) !== 'WAVE') {
		throw new InvalidInput('Expected a WAV file, got something without a RIFF/WAVE header');
	}
	let format: WavFormat | undefined;
	for (let at = 12; at + 8 <= bytes.length; ) {
		const name = text(view, at);
		const size = view.getUint32(at + 4, true);
		if (name === 'fmt ') format = readFormat(view, at + 8);
		if (name === 'data') {
			if (format === undefined) break;
			return { format, samples: decode(view, at + 8, Math.min(size, bytes.length - at - 8), format.encoding) };
		}
		at += 8 + size + (size % 2);
	}
	throw new InvalidInput('Expected a WAV file with a format and a data part, got one without; it may be cut off');
}

function readFormat(view: DataView, at: number): WavFormat {
	const tag = view.getUint16(at, true);
	const bits = view.getUint16(at + 14, true);
	const encoding = tag === 1 && bits === 16 ? 's16' : tag === 3 && bits === 32 ? 'f32' : undefined;
	if (encoding === undefined) throw new InvalidInput(`Expected a WAV file of 16-bit integers or 32-bit floats, got format ${tag} with ${bits} bits`);
	return { encoding, channels: view.getUint16(at + 2, true), sampleRate: view.getUint32(at + 4, true) };
}

function decode(view: DataView, at: number, size: number, encoding: WavFormat['encoding']): Float32Array {
	const { bytes } = codes[encoding];
	const samples = new Float32Array(Math.floor(size / bytes));
	for (let i = 0; i < samples.length; i++) {
		samples[i] = encoding === 'f32' ? view.getFloat32(at + i * 4, true) : view.getInt16(at + i * 2, true) / 32768;
	}
	return samples;
}

function ascii(view: DataView, at: number, value: string): void {
	for (let i = 0; i < value.length; i++) view.setUint8(at + i, value.charCodeAt(i));
}

function text(view: DataView, at: number): string {
	return at + 4 <= view.byteLength ? String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(at + i))) : '';
}
