/** File endings and their media types, both ways. */
const types: Record<string, string> = {
	'.wav': 'audio/wav',
	'.mp3': 'audio/mpeg',
	'.opus': 'audio/opus',
	'.ogg': 'audio/ogg',
	'.flac': 'audio/flac',
	'.m4a': 'audio/mp4',
	'.aac': 'audio/aac',
	'.mp4': 'video/mp4',
	'.mkv': 'video/x-matroska',
	'.webm': 'video/webm',
	'.mov': 'video/quicktime',
	'.avi': 'video/x-msvideo',
	'.jpg': 'image/jpeg',
	'.jpeg': 'image/jpeg',
	'.png': 'image/png',
	'.webp': 'image/webp',
	'.gif': 'image/gif',
	'.srt': 'application/x-subrip',
	'.vtt': 'text/vtt',
	'.ass': 'text/x-ssa',
	'.txt': 'text/plain',
	'.json': 'application/json',
	'.pcm': 'audio/pcm',
};

export const mimeTypeOf = (fileName: string) => types[/\.[^.]*$/.exec(fileName.toLowerCase())?.[0] ?? ''] ?? 'application/octet-stream';

/** The ending for a media type, with its dot; empty when unknown. */
export const extensionOf = (mimeType: string) =>
	Object.entries(types).find(([, type]) => type === mimeType.split(';')[0]?.trim().toLowerCase())?.[0] ?? '';
