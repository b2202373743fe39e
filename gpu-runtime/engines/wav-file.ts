import { open } from 'node:fs/promises';
import { type WavFormat, type WavWriter, wavWriter } from '../../src/audio/wav';

/** A WAV file that is written as sound comes; `write` does the work, and the file is right and closed when it has ended. */
export async function writeWav<T>(path: string, format: WavFormat, write: (wav: WavWriter) => Promise<T>): Promise<T> {
	const file = await open(path, 'w');
	try {
		const wav = wavWriter(
			{
				async write(bytes, position) {
					await file.write(bytes, 0, bytes.length, position);
				},
			},
			format,
		);
		const result = await write(wav);
		await wav.finish();
		return result;
	} finally {
		await file.close();
	}
}
