/** What the operations use beyond the commonest; a missing one fails only the operation that needs it. */
export const required = [
	...['subtitles', 'overlay', 'colorkey', 'zoompan', 'perspective', 'loop', 'tpad', 'zscale', 'tonemap'],
	...['amerge', 'pan', 'alimiter', 'sidechaincompress', 'loudnorm'],
	...['libx264', 'aac'],
] as const;

/** Names of filters and encoders, from the lists that ffmpeg prints: `flags name description`. */
export function parseNames(...lists: string[]): Set<string> {
	return new Set(lists.flatMap((list) => [...list.matchAll(/^ [A-Z.]{3,6} (\w+)\s/gm)].map(([, name]) => name ?? '')));
}

export const missing = (names: readonly string[], known: ReadonlySet<string>) => names.filter((name) => !known.has(name));
