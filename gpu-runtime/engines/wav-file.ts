import { open, type FileHandle } from 'node:fs/promises';
import { type WavFormat, type WavWriter, wavWriter } from '../../src/audio/wav';
import { codeOf } from '../system-error';
import { diskFull } from './disk-full';

/** A WAV file that is written as sound comes; `write` does the work, and the file is right and closed when it has ended. */
export async function writeWav<T>(path: string, format: WavFormat, write: (wav: WavWriter) => Promise<T>): Promise<T> {
	const file = await open(path, 'w');
	try {
		const wav = wavWriter({ write: (bytes, position) => writeAll(file, bytes, position) }, format);
		const result = await write(wav);
		await wav.finish();
		return result;
	} finally {
		await file.close();
	}
}

/** A disk that is nearly full takes a part of the bytes, and refuses only the rest. */
async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
	try {
		for (let done = 0; done < bytes.length; ) {
			done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
		}
	} catch (error) {
		throw ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(codeOf(error) ?? '') ? diskFull('', error) : error;
	}
}
