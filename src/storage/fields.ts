import { z } from 'zod/v4';
import type { Job, ObjectPlace } from '../runtime';
import { messageOf } from '../errors';

/** What the storage operations share. */

export const objectKey = z.string().min(1);
export const bucketName = z.string().min(1).optional();
/** Seconds that a link lives, at most a week. */
export const linkLife = z.number().int().min(1).max(604_800).default(3600);

export const keyWords = { label: 'Key', placeholder: 'e.g. videos/clip.mp4', hint: 'Name of the object in the bucket, as Upload gave it' };
export const bucketWords = { label: 'Bucket', placeholder: 'e.g. media', hint: 'Leave empty for the default bucket of the credential', advanced: true };
export const linkLifeWords = { label: 'Link Expires After', hint: 'Seconds that the link can be used, at most 604800 (a week)', advanced: true };

export const linked = { url: z.string().optional(), expiresAt: z.string().optional() };

/** A link where the storage gives one; where it does not, the result is good without it. */
export async function linkIfPossible({ storage, warn }: Job, place: ObjectPlace, expires: number): Promise<{ url?: string; expiresAt?: string }> {
	try {
		return await storage.link(place, expires);
	} catch (error) {
		warn(`There is no link: ${messageOf(error)}`);
		return {};
	}
}
