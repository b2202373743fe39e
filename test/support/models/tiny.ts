import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeSamples, wavHeader } from '../../../src/audio/wav';
import { writeTinyChatterbox } from './chatterbox';
import { writeTinyKokoro } from './kokoro';
import { writeWhisper } from './whisper/files';
import { listeningWhisper } from './whisper/listening';
import { tones } from './whisper/sounds';

/** Tiny models under the names of the real ones. */
export async function writeModels(folder: string): Promise<void> {
	await writeTinyKokoro(join(folder, 'kokoro'));
	await writeTinyChatterbox(join(folder, 'chatterbox'));
	await writeWhisper(join(folder, 'whisper-small'), listeningWhisper());
}

/** A sound in which the tiny Whisper hears words. */
export async function writeSpoken(folder: string): Promise<string> {
	const path = join(folder, 'spoken.wav');
	const data = encodeSamples(tones([0, 1, null, 2]), 'f32');
	await writeFile(path, Buffer.concat([wavHeader({ sampleRate: 16_000, channels: 1, encoding: 'f32' }, data.length), data]));
	return path;
}
