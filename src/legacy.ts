import { InvalidInput } from './errors';
import { show } from './explain';
import type { Field } from './fields';
import type { Legacy } from './operation';

/**
 * Brings a request into the contract's own spelling: snake_case keys, a plain url for a media reference, and the
 * names of the older Python service. What fits no field is an error, never dropped.
 */
export function normalise(raw: unknown, fields: readonly Field[], options: { allowFiles: boolean }, path = ''): Record<string, unknown> {
	if (!isRecord(raw)) throw new InvalidInput(`${path || 'input'}: Expected an object, got ${show(raw)}`, { field: path || 'input' });
	const result: Record<string, unknown> = {};
	for (const [key, value] of Object.entries(raw)) {
		if (value === null || value === undefined) continue;
		const target = targetOf(camel(key), value, fields);
		if (!target) throw new InvalidInput(`${path}${key}: Unknown field. Expected one of ${fields.map((field) => field.key).join(', ')}`, { field: path + key });
		place(result, target, (field, given) => normaliseValue(given, field, options, path));
	}
	return result;
}

export interface OlderRequest {
	fields: unknown;
	/** Whether it is written as for the older service, which then is to be answered in its words, too. */
	isLegacy: boolean;
}

/** Takes a request out of the older `{ handler, operation, parameters }`, and gives its fields the names of now where the operation tells them. */
export function unwrap(raw: unknown, legacy: Legacy, fields: readonly Field[]): OlderRequest {
	if (!isRecord(raw)) return { fields: raw, isLegacy: false };
	const { handler, operation: _, parameters, ...flat } = raw;
	if (parameters !== undefined && parameters !== null && !isRecord(parameters))
		throw new InvalidInput(`parameters: Expected an object, got ${show(parameters)}`, { field: 'parameters' });
	const given = Object.entries({ ...flat, ...parameters });
	const isOwn = (key: string) => fields.some((field) => field.key === camel(key));
	const isLegacy = handler !== undefined || isRecord(parameters) || given.some(([key]) => !isOwn(key));
	const renamed = given.flatMap(([key, value]) => {
		const now = isOwn(key) ? undefined : legacy.fields?.[camel(key)];
		return now === null ? [] : [[now ?? key, value] as const];
	});
	return { fields: { ...(isLegacy && legacy.defaults), ...Object.fromEntries(renamed) }, isLegacy };
}

interface Target {
	field: Field;
	value: unknown;
	/** Key inside the field, for older names that were flat. */
	inner?: string;
}

function place(result: Record<string, unknown>, { field, value, inner }: Target, read: (field: Field, value: unknown) => unknown) {
	const given = inner === undefined ? read(field, value) : read(field, { ...discriminatorOf(field), [inner]: value });
	const before = result[field.key];
	result[field.key] = isRecord(before) && isRecord(given) ? merged(before, given) : given;
}

/** Flat older names of one field come one by one. */
function merged(before: Record<string, unknown>, given: Record<string, unknown>): Record<string, unknown> {
	const both = Object.entries(given).map(([key, value]) => [key, isRecord(value) && isRecord(before[key]) ? merged(before[key], value) : value] as const);
	return { ...before, ...Object.fromEntries(both) };
}

/** A flat older name inside a choice of engines means the default engine. */
const discriminatorOf = (field: Field) =>
	field.kind === 'variants' && isRecord(field.default) ? { [field.discriminator]: field.default[field.discriminator] } : {};

function targetOf(key: string, value: unknown, fields: readonly Field[]): Target | undefined {
	const find = (name: string) => fields.find((field) => field.key === name);
	// Where an operation is about an object in storage, that is what these two name.
	const own = find(key) ?? (key === 'storageKey' || key === 'fileId' ? find('key') : undefined);
	if (own) return { field: own, value };
	return mediaTarget(key, value, fields) ?? renamed(renames[key], value, find) ?? (find('fontSize') ? renamed(styleNames[key], value, find) : captionStyle(key, value, fields));
}

/** `video_url`, `audio_id`, `video_ids`, `file_data` … → the media field of that name or of its newer name. */
function mediaTarget(key: string, value: unknown, fields: readonly Field[]): Target | undefined {
	const match = /^(.+?)(Urls?|Ids?|Data)$/.exec(key) ?? (key === 'storageKey' ? [key, 'file', 'Id'] : null);
	if (!match?.[1] || !match[2]) return undefined;
	const form = match[2].startsWith('Url') ? 'url' : match[2] === 'Data' ? 'base64' : 'key';
	const isMany = match[2].endsWith('s');
	const names = [match[1], `${match[1]}s`, ...(newerNames[match[1]] ?? [])];
	const field = fields.find(({ kind, key: own }) => names.includes(own) && /^media/.test(kind) && (kind === 'mediaList') === isMany);
	if (!field) return field;
	const list = typeof value === 'string' ? value.split(',').map((part) => part.trim()).filter(Boolean) : value;
	return { field, value: isMany && Array.isArray(list) ? list.map((one: unknown) => ({ [form]: one })) : { [form]: value } };
}

const newerNames: Record<string, readonly string[]> = {
	image: ['background'],
	video: ['background'],
	file: ['file', 'media', 'video', 'audio', 'image'],
	baseVideo: ['video'],
	overlayVideo: ['overlay'],
	sampleAudio: ['sampleAudio'],
	backgroundMusic: ['backgroundMusic', 'music'],
};

type Rename = readonly [to: string, inner?: string | undefined, convert?: (value: unknown) => unknown];
const renames: Record<string, readonly Rename[]> = {
	langCode: [['language'], ['speech', 'language']],
	language: [['speech', 'language']],
	colorKey: [['color']],
	kokoroVoice: [['voice'], ['speech', 'voice']],
	kokoroSpeed: [['speed'], ['speech', 'speed']],
	voice: [['speech', 'voice']],
	speed: [['speech', 'speed']],
	chunkSilenceMs: [['chunkSilence', undefined, (value) => Number(value) / 1000]],
	backgroundMusicVolume: [['musicVolume']],
};

function renamed(names: readonly Rename[] = [], value: unknown, find: (name: string) => Field | undefined): Target | undefined {
	for (const [to, inner, convert] of names) {
		const field = find(to);
		if (field) return { field, value: convert ? convert(value) : value, ...(inner !== undefined && { inner }) };
	}
	return undefined;
}

/** `caption_config`, `caption_config_font_size`, `font_size` → the field that holds the caption style. */
function captionStyle(key: string, value: unknown, fields: readonly Field[]): Target | undefined {
	const field = ['style', 'captions'].map((name) => fields.find((one) => one.key === name)).find((one) => one?.kind === 'object' || one?.kind === 'switchable');
	if (!field || !('fields' in field)) return undefined;
	if (key === 'captionConfig') return { field, value };
	const short = key.startsWith('captionConfig') ? key.charAt(13).toLowerCase() + key.slice(14) : key;
	return targetOf(short, value, field.fields) && { field, value: { [short]: value } };
}

const opacity = (transparency: unknown) => (typeof transparency === 'number' ? Math.round((1 - transparency) * 1000) / 1000 : transparency);

const styleNames: Record<string, readonly Rename[]> = {
	lineCount: [['lines']],
	lineMaxLength: [['lineLength']],
	maxLength: [['lineLength']],
	fontName: [['font']],
	fontColor: [['color']],
	fontBold: [['bold']],
	fontItalic: [['italic']],
	captionPosition: [['position']],
	subtitlePosition: [['position']],
	shadowColor: [['shadow', 'color']],
	shadowTransparency: [['shadow', 'opacity', opacity]],
	shadowBlur: [['shadow', 'blur']],
	strokeColor: [['stroke', 'color']],
	strokeSize: [['stroke', 'size']],
};

type Options = { allowFiles: boolean };

function normaliseValue(value: unknown, field: Field, options: Options, path: string): unknown {
	const here = path + field.key;
	switch (field.kind) {
		case 'media':
			return mediaOf(value, options, here);
		case 'mediaList':
			return Array.isArray(value) ? value.map((one, index) => mediaOf(one, options, `${here}.${index}`)) : value;
		case 'mediaOrText':
			return isRecord(value) || (typeof value === 'string' && /^https?:\/\/\S+$/.test(value)) ? mediaOf(value, options, here) : value;
		case 'object':
			return normalise(value, field.fields, options, `${here}.`);
		case 'switchable':
			return value === true ? {} : value === false ? false : normalise(value, field.fields, options, `${here}.`);
		case 'rows':
			return Array.isArray(value) ? value.map((one, index) => normalise(one, field.fields, options, `${here}.${index}.`)) : value;
		case 'variants':
			return variantOf(value, field, options, here);
		default:
			return value;
	}
}

function variantOf(value: unknown, field: Field & { kind: 'variants' }, options: Options, here: string): unknown {
	if (!isRecord(value)) return value;
	const { [field.discriminator]: given, ...rest } = value;
	const name = given ?? (isRecord(field.default) ? field.default[field.discriminator] : undefined);
	const variant = field.variants.find((one) => one.name === name);
	return { [field.discriminator]: name, ...(variant ? normalise(rest, variant.fields, options, `${here}.`) : rest) };
}

function mediaOf(value: unknown, { allowFiles }: Options, here: string): unknown {
	if (typeof value === 'string') return value.startsWith('data:') ? { base64: value } : { url: value };
	if (!isRecord(value)) return value;
	const media = Object.fromEntries(Object.entries(value).map(([key, part]) => [camel(key), part]).filter(([, part]) => part !== null));
	if ('file' in media && !allowFiles)
		throw new InvalidInput(`${here}: A local file path is accepted only on this machine. Give a url, a key or base64 instead`, { field: here, code: 'file_not_allowed' });
	return media;
}

export const camel = (key: string) => key.replace(/[_-]+([a-z0-9])/gi, (_, letter: string) => letter.toUpperCase());

export const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
