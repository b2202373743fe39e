import type { Job } from '../runtime';
import type { Media } from '../vocabulary';
import { readCaptions, type ReadCaptions } from './read';

export interface GivenCaptions extends ReadCaptions {
	/** The text they were read from; empty for a list of words. */
	source: string;
}

/** Reads captions given as text, as a list of words or as a file. */
export async function givenCaptions(captions: string | readonly unknown[] | Media, { files }: Job, field: string): Promise<GivenCaptions> {
	const source = typeof captions === 'object' && 'length' in captions ? captions : typeof captions === 'string' ? captions : await files.text(captions, field);
	return { ...readCaptions(source, field), source: typeof source === 'string' ? source : '' };
}
