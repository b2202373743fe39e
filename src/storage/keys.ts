import { InvalidInput } from '../errors';

const maxBytes = 1024;

/** Checks a key that a user chose, without the blanks around it. Spaces, accents and signs inside are fine. */
export function checkKey(given: string, field = 'key'): string {
	const key = given.trim();
	const problem = problemOf(key);
	if (problem === undefined) return key;
	throw new InvalidInput(`${field}: Expected a key such as videos/clip.mp4, got ${problem}`, { field, code: 'bad_key' });
}

function problemOf(key: string): string | undefined {
	if (key === '') return 'an empty one';
	if (key.startsWith('/')) return `${JSON.stringify(key.slice(0, 80))}. Leave the slash at its start out`;
	if (key.split('/').some((segment) => segment === '..' || segment === '.')) return `${JSON.stringify(key.slice(0, 80))}. Leave the dots out`;
	if (/\p{Control}/u.test(key)) return 'one with control characters';
	const bytes = new TextEncoder().encode(key).length;
	return bytes > maxBytes ? `${bytes} bytes, of which at most ${maxBytes} are possible` : undefined;
}

/** Reduces a file's name to what every server, shell and URL takes as it is; the ending stays. */
export function safeName(fileName: string): string {
	const [, stem = '', ending = ''] = /^(.*?)(\.[A-Za-z0-9]{1,8})?$/.exec(fileName.replace(/^.*[/\\]/, '')) ?? [];
	const clean = stem
		.normalize('NFKD')
		.replace(/\p{Mark}/gu, '')
		.replace(/[^A-Za-z0-9._-]+/g, '-')
		.replace(/^[.-]+|[.-]+$/g, '')
		.slice(0, 100);
	return `${clean || 'file'}${ending}`;
}

const join = (...parts: string[]) => parts.filter((part) => part !== '').join('/');

/** Key of a file that somebody stores without naming one: `<prefix>/<media type>/<id>.<ending>`. */
export const uploadKey = ({ prefix, mimeType, id, fileName }: { prefix: string; mimeType: string; id: string; fileName: string }) =>
	join(prefix, safeName(mimeType.split('/')[0] ?? ''), `${id}${endingOf(fileName)}`);

/** Key of a file that a job made: `<prefix>/<yyyy-mm-dd>/<job id>/<name>`. */
export const resultKey = ({ prefix, date, jobId, fileName }: { prefix: string; date: Date; jobId: string; fileName: string }) =>
	join(prefix, date.toISOString().slice(0, 10), safeName(jobId), safeName(fileName));

const temporary = 'temporary';

/** Key of a file that is stored for one job only: `<prefix>/temporary/<id>.<ending>`. `id` is a UUID. */
export const temporaryKey = ({ prefix, id, fileName }: { prefix: string; id: string; fileName: string }) => join(prefix, temporary, `${id}${endingOf(fileName)}`);

/** Whether a key is one that `temporaryKey` makes: no other object may be removed as one. */
export const isTemporaryKey = (key: string) => new RegExp(`(^|/)${temporary}/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(\\.[a-z0-9]{1,8})?$`).test(key);

const endingOf = (fileName: string) => /\.[A-Za-z0-9]{1,8}$/.exec(fileName)?.[0].toLowerCase() ?? '';
