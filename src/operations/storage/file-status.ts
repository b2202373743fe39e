import { z } from 'zod/v4';
import { defineOperation } from '../../operation';
import { bucketName, bucketWords, keyWords, objectKey } from '../../storage/fields';

export const fileStatus = defineOperation({
	name: 'file_status',
	group: 'storage',
	title: 'Get Status',
	action: 'Get the status of a file in storage',
	summary: 'Tell whether a file is in S3-compatible storage, with its size, type and age',
	aliases: ['status'],
	light: true,
	staysHere: true,
	legacy: { result: ({ key, status }) => ({ file_id: key, storage_key: key, exists: status === 'ready' }) },
	input: z.object({ key: objectKey, bucket: bucketName }),
	output: z.object({
		key: z.string(),
		status: z.enum(['ready', 'not_found']),
		size: z.number().optional(),
		contentType: z.string().optional(),
		lastModified: z.string().optional(),
		etag: z.string().optional(),
	}),
	fields: { key: keyWords, bucket: bucketWords },
	example: { key: 'videos/clip.mp4' },
	async run({ key, bucket }, { storage }) {
		const found = await storage.status({ key, bucket });
		if (!found) return { key, status: 'not_found' as const };
		const { mimeType, ...facts } = found;
		return { key, status: 'ready' as const, contentType: mimeType, ...facts };
	},
});
