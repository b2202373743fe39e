import { z } from 'zod/v4';
import { InvalidInput } from '../errors';
import { jsonIn } from '../read-json';
import { isTemporaryKey } from '../storage/keys';

const leftover = z.union([z.object({ url: z.url() }), z.object({ key: z.string().refine(isTemporaryKey), bucket: z.string().optional() })]);

/** A file stored for one job only: an object in the storage, or a file that one's own runtime keeps. */
export type Leftover = z.infer<typeof leftover>;

/** Reads what was told when the job was submitted: a list, its JSON, or nothing. Refuses objects that were not stored for a job, as what is listed will be removed. */
export function readLeftovers(given: unknown): Leftover[] {
	if (given === undefined || given === null || given === '') return [];
	const parsed = z.array(leftover).safeParse(typeof given === 'string' ? jsonIn(given) : given);
	if (parsed.success) return parsed.data;
	throw new InvalidInput('Temporary Files: Expected the list that came when the job was submitted, got something else. Remove the option, or connect the node that submitted the job', { field: 'temporaryFiles' });
}
