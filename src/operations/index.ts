import type { Operation } from '../operation';
import { generateDraftTts } from './speech/generate-draft-tts';

/** Every operation, in the order in which nodes, lists and the reference show them. */
export const operations: readonly Operation[] = [
	generateDraftTts,
];

const byName = new Map(operations.flatMap((operation) => [operation.name, ...(operation.aliases ?? [])].map((name) => [name, operation] as const)));

export const findOperation = (name: string) => byName.get(name);
