import type { Notice } from '../operation';

/** What the first job downloads, in megabytes, for a processor: Kokoro's as published, the others counted from their parameters. */
const downloads = {
	kokoro: { title: 'Kokoro', megabytes: 92, more: '' },
	chatterbox: { title: 'Chatterbox', megabytes: 1500, more: ' It is slow without an NVIDIA GPU.' },
	whisper: { title: 'Whisper Small', megabytes: 250, more: '' },
};

/** Tells, before the first run on this n8n, that a model is needed, and where it cannot run. */
export function modelNotice(model: keyof typeof downloads, { when = {}, because = '' }: Pick<Notice, 'when'> & { because?: string } = {}): Notice {
	const { title, megabytes, more } = downloads[model];
	const size = megabytes < 1000 ? `${megabytes} MB` : `${megabytes / 1000} GB`;
	return { text: `${because}The first run downloads the model ${title}, about ${size}.${more} An n8n on Alpine, such as the official image, cannot load it: set Run On to another machine there.`, when, isHere: true };
}
