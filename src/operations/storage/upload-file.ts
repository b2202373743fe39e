import { basename, extname } from 'node:path/posix';
import { z } from 'zod/v4';
import { InvalidInput } from '../../errors';
import { extensionOf, mimeTypeOf } from '../../mime';
import { defineOperation } from '../../operation';
import { media, type Media } from '../../vocabulary';
import { bucketName, bucketWords, linked, linkIfPossible, linkLife, linkLifeWords, objectKey } from '../../storage/fields';

export const uploadFile = defineOperation({
	name: 'upload_file',
	group: 'storage',
	title: 'Upload',
	action: 'Upload a file to storage',
	summary: 'Store a file of any size in S3-compatible storage',
	aliases: ['upload'],
	light: true,
	staysHere: true,
	legacy: {
		// The kind of a file shows in its type; it only chose a folder.
		fields: { url: 'file', mediaType: null },
		defaults: { createLink: true },
		result: ({ key, url }) => ({ file_id: key, storage_key: key, file_url: url, storage_url: url, download_url: url }),
	},
	input: z.object({
		file: media('any'),
		key: objectKey.optional(),
		bucket: bucketName,
		contentType: z.string().min(1).optional(),
		overwrite: z.boolean().default(true),
		createLink: z.boolean().default(false),
		expires: linkLife,
	}),
	output: z.object({ key: z.string(), bucket: z.string(), size: z.number(), contentType: z.string(), sha256: z.string(), etag: z.string().optional(), ...linked }),
	fields: {
		file: { label: 'File' },
		key: { label: 'Key', placeholder: 'e.g. videos/clip.mp4', hint: 'Name of the object in the bucket. Leave empty to make a new one' },
		bucket: bucketWords,
		contentType: { label: 'Content Type', placeholder: 'e.g. video/mp4', hint: 'Leave empty to take it from the file', advanced: true },
		overwrite: { label: 'Overwrite', hint: 'Whether an object that has this key already may be replaced', advanced: true },
		createLink: { label: 'Create Link', hint: 'Whether to make a link with which anybody can fetch the file', advanced: true },
		expires: { ...linkLifeWords, when: { createLink: [true] } },
	},
	example: { file: { file: 'clip.mp4' }, key: 'videos/clip.mp4' },
	async run({ file, key, bucket, contentType, overwrite, createLink, expires }, job) {
		const { files, storage, progress } = job;
		if (key !== undefined && !overwrite && (await storage.status({ key, bucket })))
			throw new InvalidInput(`key: Expected a key that is free, got ${key}, which has an object. Choose another key, or allow to overwrite`, { field: 'key', code: 'object_exists' });
		const path = await files.local(file, 'file');
		progress(0.5, 'Storing the file');
		const mimeType = contentType ?? file.mimeType ?? guessed(key) ?? guessed(file.fileName) ?? guessed(path) ?? 'application/octet-stream';
		const stored = await storage.put(path, { key, bucket, mimeType, fileName: nameOf(file, path, mimeType) });
		return { ...stored, contentType: mimeType, ...(createLink && (await linkIfPossible(job, stored, expires))) };
	},
});

function guessed(name: string | undefined): string | undefined {
	return name !== undefined && extname(name) !== '' ? mimeTypeOf(name) : undefined;
}

/** A name with an ending, for the key that is made. */
function nameOf({ fileName, url }: Media, path: string, mimeType: string): string {
	const names = [fileName, url !== undefined && URL.canParse(url) ? basename(new URL(url).pathname) : undefined, path];
	return names.find((name) => name !== undefined && extname(name) !== '') ?? `file${extensionOf(mimeType)}`;
}
