import { z } from 'zod/v4';
import { InvalidInput } from '../errors';

const leftover = z.union([z.object({ url: z.url() }), z.object({ key: z.string().min(1), bucket: z.string().optional() })]);

/** A file stored for one job only: an object in the storage, or a file that one's own runtime keeps. */
export type Leftover = z.infer<typeof leftover>;

/** Reads what was told when the job was submitted: a list, its JSON, or nothing. */
export function readLeftovers(given: unknown): Leftover[] {
	if (given === undefined || given === null || given === '') return [];
	const parsed = z.array(leftover).safeParse(typeof given === 'string' ? parse(given) : given);
	if (parsed.success) return parsed.data;
	throw new InvalidInput('temporaryFiles: Expected the list that came when the job was submitted, got something else', { field: 'temporaryFiles' });
}

function parse(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
}
