import type { Operation } from '../operation';
import { getAudioInfo } from './audio/get-audio-info';
import { convertCaptions } from './captions/convert-captions';
import { generateDraftTts } from './speech/generate-draft-tts';
import { transcribe } from './speech/transcribe';
import { getVideoInfo } from './video/get-video-info';
import { listFonts } from './video/list-fonts';

/** Every operation, in the order in which nodes, lists and the reference show them. */
export const operations: readonly Operation[] = [
	generateDraftTts,
	transcribe,
	convertCaptions,
	getAudioInfo,
	getVideoInfo,
	listFonts,
];

const byName = new Map(operations.flatMap((operation) => [operation.name, ...(operation.aliases ?? [])].map((name) => [name, operation] as const)));

export const findOperation = (name: string) => byName.get(name);
