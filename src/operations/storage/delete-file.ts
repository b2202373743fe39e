import { z } from 'zod/v4';
import { defineOperation } from '../../operation';
import { bucketName, bucketWords, keyWords, objectKey } from '../../storage/fields';

export const deleteFile = defineOperation({
	name: 'delete_file',
	group: 'storage',
	title: 'Delete',
	action: 'Delete a file from storage',
	summary: 'Delete a file from S3-compatible storage',
	aliases: ['delete'],
	light: true,
	staysHere: true,
	legacy: { result: ({ key }) => ({ file_id: key, status: 'success' }) },
	input: z.object({ key: objectKey, bucket: bucketName }),
	output: z.object({ key: z.string(), deleted: z.boolean() }),
	fields: { key: keyWords, bucket: bucketWords },
	example: { key: 'videos/clip.mp4' },
	/** Storage itself does not tell whether there was anything to delete. */
	async run({ key, bucket }, { storage }) {
		const place = { key, bucket };
		const deleted = (await storage.status(place)) !== undefined;
		if (deleted) await storage.remove(place);
		return { key, deleted };
	},
});
