import type { ProducedFile } from './vocabulary';

/** Hands every produced file in a result to `place` and puts what it returns in its stead; all else stays as it is. */
export async function mapProduced(result: unknown, place: (file: ProducedFile) => Promise<unknown>): Promise<unknown> {
	if (Array.isArray(result)) {
		const placed: unknown[] = [];
		for (const one of result) placed.push(await mapProduced(one, place));
		return placed;
	}
	if (typeof result !== 'object' || result === null) return result;
	if (isProduced(result)) return place(result);
	const entries: [string, unknown][] = [];
	for (const [key, value] of Object.entries(result)) entries.push([key, await mapProduced(value, place)]);
	return Object.fromEntries(entries);
}

/** The same for the files of a result that lie on this machine. */
export const placeFiles = (result: unknown, place: (file: ProducedFile & { file: string }) => Promise<unknown>) =>
	mapProduced(result, async (one) => (one.file === undefined ? one : place({ ...one, file: one.file })));

export const isProduced = (value: object): value is ProducedFile => 'fileName' in value && 'mimeType' in value && 'size' in value;
