import { fileSize } from '../file-size';
import type { Notice } from '../operation';

/** What the first job downloads, for a processor: Kokoro's as published, the others counted from their parameters. */
const downloads = {
	kokoro: { title: 'Kokoro', bytes: 92e6, more: '' },
	chatterbox: { title: 'Chatterbox', bytes: 1.5e9, more: ' It is slow without an NVIDIA GPU.' },
	whisper: { title: 'Whisper Small', bytes: 250e6, more: '' },
};

/** Tells, before the first run on this n8n, that a model is needed, and where it cannot run. */
export function modelNotice(model: keyof typeof downloads, { when = {}, because = '' }: Pick<Notice, 'when'> & { because?: string } = {}): Notice {
	const { title, bytes, more } = downloads[model];
	return { text: `${because}The first run downloads the model ${title}, about ${fileSize(bytes)}.${more} An n8n on Alpine, such as the official image, cannot load it: set Run On to another machine there.`, when, isHere: true };
}
