import type { ProducedFile } from './vocabulary';

/** Hands every produced file in a result to `place` and puts what it returns in its stead; all else stays as it is. */
export async function placeFiles(result: unknown, place: (file: ProducedFile & { file: string }) => Promise<unknown>): Promise<unknown> {
	if (Array.isArray(result)) {
		const placed: unknown[] = [];
		for (const one of result) placed.push(await placeFiles(one, place));
		return placed;
	}
	if (typeof result !== 'object' || result === null) return result;
	if (isProduced(result)) return place(result);
	const entries: [string, unknown][] = [];
	for (const [key, value] of Object.entries(result)) entries.push([key, await placeFiles(value, place)]);
	return Object.fromEntries(entries);
}

const isProduced = (value: object): value is ProducedFile & { file: string } =>
	'file' in value && typeof value.file === 'string' && 'fileName' in value && 'mimeType' in value;
