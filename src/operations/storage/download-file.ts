import { basename } from 'node:path/posix';
import { z } from 'zod/v4';
import { InvalidInput } from '../../errors';
import { defineOperation } from '../../operation';
import { producedFile } from '../../vocabulary';
import { bucketName, bucketWords, keyWords, linked, linkIfPossible, linkLife, linkLifeWords, objectKey } from '../../storage/fields';

export const downloadFile = defineOperation({
	name: 'download_file',
	group: 'storage',
	title: 'Download',
	action: 'Download a file from storage',
	summary: 'Fetch a file from S3-compatible storage, or make a link with which anybody can fetch it',
	aliases: ['download'],
	light: true,
	staysHere: true,
	legacy: { defaults: { give: 'link' }, result: ({ key, url }) => ({ file_id: key, download_url: url }) },
	input: z.object({ key: objectKey, give: z.enum(['file', 'link', 'both']).default('file'), bucket: bucketName, expires: linkLife }),
	output: z.object({ key: z.string(), size: z.number(), contentType: z.string(), file: producedFile.optional(), ...linked }),
	fields: {
		key: keyWords,
		give: { label: 'Give', hint: 'What to make of the object', choices: { file: 'File', link: 'Link', both: 'File and Link' } },
		bucket: bucketWords,
		expires: { ...linkLifeWords, when: { give: ['link', 'both'] } },
	},
	example: { key: 'videos/clip.mp4' },
	async run({ key, give, bucket, expires }, job) {
		const { files, storage } = job;
		const place = { key, bucket };
		if (give === 'link') {
			const found = await storage.status(place);
			if (!found) throw new InvalidInput(`key: Expected an object ${key}, found none. Check the key and the bucket`, { field: 'key', code: 'object_not_found' });
			return { key, size: found.size, contentType: found.mimeType, ...(await storage.link(place, expires)) };
		}
		const fileName = basename(key.trim()) || 'file';
		const path = files.path(fileName);
		const { size, mimeType } = await storage.fetch(place, path);
		return {
			key,
			size,
			contentType: mimeType,
			file: { fileName, mimeType, size, file: path },
			...(give === 'both' && (await linkIfPossible(job, place, expires))),
		};
	},
});
