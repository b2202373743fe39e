import type { INodeProperties, INodePropertyMode, INodePropertyOptions } from 'n8n-workflow';
import { formOf } from '../../src/execute';
import { agentSizedProperty } from './agent-answer';
import { credentialPlace, notice, outputFieldProperty } from './run-on';
import { meetsStorage, producesFiles, type Field } from '../../src/fields';
import type { Notice, Operation } from '../../src/operation';

/** The parameters of one operation, derived from its contract: the needed ones first, the rest under Options. */
export function propertiesOf(operation: Operation): INodeProperties[] {
	const fields = formOf(operation);
	const show = { operation: [operation.name] };
	const { notices = [], staysHere } = operation;
	const top = fields.filter((field) => !isAdvanced(field));
	const options = [...fields.filter(isAdvanced).flatMap((field) => memberProperties(field, top)), ...resultOptions(operation)];
	return [
		...top.flatMap((field) => {
			const [first, ...rest] = topProperties(field, show);
			return [...(first ? [first] : []), ...noticesFrom(notices.filter((one) => isAbout(one, field)), show), ...rest];
		}),
		...noticesFrom(notices.filter((one) => !top.some((field) => isAbout(one, field))), show),
		...(!staysHere && meetsStorage(operation) ? [credentialPlace({ ...show, ...here })] : []),
		collection('options', 'Options', options, show),
	];
}

export const isAdvanced = ({ words }: Field) => words.advanced === true;

type Show = Record<string, (string | boolean)[]>;

const here = { runOn: ['embedded'] };

const isAbout = ({ when = {} }: Notice, { key }: Field) => key in when;

const noticesFrom = (notices: readonly Notice[], show: Show): INodeProperties[] =>
	notices.map(({ text, when, isHere }, index) => notice(text, `notice${index}`, { ...show, ...shown(when), ...(isHere && here) }));

const resultOptions = (operation: Operation): INodeProperties[] => [agentSizedProperty, ...(producesFiles(operation) ? [outputFieldProperty] : [])];

/** A field that is always visible may need several parameters: a choice and what belongs to it. */
function topProperties(field: Field, shown: Show): INodeProperties[] {
	const show = { ...shown, ...whenOf(field) };
	const { key, words } = field;
	switch (field.kind) {
		case 'object':
			return [collection(key, words.label, members(field.fields), show, words.hint)];
		case 'switchable':
			return [
				{ ...switchOf(field), displayOptions: { show } },
				collection(optionsName(key), optionsTitle(field), members(field.fields), { ...show, [key]: [true] }),
			];
		case 'variants':
			return [
				{ ...choice(field, field.variants.map(({ name }) => name), discriminatorDefault(field)), displayOptions: { show } },
				...field.variants.map(({ name, fields }) => collection(variantName(key, name), variantTitle(name), members(fields), { ...show, [key]: [name] })),
			];
		default:
			return [{ ...property(field), ...(field.required && { required: true }), displayOptions: { show } }];
	}
}

export const optionsTitle = ({ words }: Field) => words.optionsLabel ?? `${words.label} Options`;
export const variantTitle = (variant: string) => `${capital(variant)} Options`;
export const optionsName = (key: string) => `${key}Options`;
export const variantName = (key: string, variant: string) => key + capital(variant);
export const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
export const discriminatorDefault = (field: Field & { kind: 'variants' }): string => {
	const value = (field.default as Record<string, unknown> | undefined)?.[field.discriminator];
	return typeof value === 'string' ? value : (field.variants[0]?.name ?? '');
};

const members = (fields: Field[]) => fields.flatMap((field) => memberProperties(field));

/** A field inside a collection; objects inside it are flattened, `shadow.color` to `shadowColor`. `top`: fields that stand outside of it. */
function memberProperties(field: Field, top: Field[] = []): INodeProperties[] {
	if (field.kind === 'variants') throw new Error(`${field.key}: a choice of objects cannot stand in a collection`);
	if (field.kind === 'object' || field.kind === 'switchable') {
		const inner = field.fields.map((one) => ({ ...property(one), name: flatName(field, one) }));
		return field.kind === 'object' ? inner : [switchOf(field), ...inner.map((one) => ({ ...one, displayOptions: { show: { [field.key]: [true] } } }))];
	}
	const when = Object.entries(whenOf(field)).map(([key, values]) => [top.some((one) => one.key === key) ? `/${key}` : key, values]);
	return [{ ...property(field), ...(when.length > 0 && { displayOptions: { show: Object.fromEntries(when) as Show } }) }];
}

export const flatName = (outer: Field, inner: Field) => outer.key + capital(inner.key);
const switchOf = (field: Field): INodeProperties => ({ ...plain(field), type: 'boolean', default: field.default !== false });

const whenOf = ({ words }: Field): Show => shown(words.when);
const shown = (when: Field['words']['when'] = {}): Show => Object.fromEntries(Object.entries(when).map(([key, values]) => [key, [...values]]));

const collection = (name: string, displayName: string, options: INodeProperties[], show: Show, hint?: string): INodeProperties => ({
	displayName,
	name,
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	...(hint !== undefined && { description: hint }),
	options: [...options].sort((a, b) => a.displayName.localeCompare(b.displayName)),
	displayOptions: { show },
});

const plain = ({ key, words }: Field): Pick<INodeProperties, 'displayName' | 'name' | 'description' | 'placeholder'> => ({
	displayName: words.label,
	name: key,
	...(words.hint !== undefined && { description: words.hint }),
	...(words.placeholder !== undefined && { placeholder: words.placeholder }),
});

/** Units and bounds are seen without pointing at the label. */
const hinted = ({ description, ...rest }: ReturnType<typeof plain>): ReturnType<typeof plain> & Pick<INodeProperties, 'hint'> => ({ ...rest, ...(description !== undefined && { hint: description }) });

function property(field: Field): INodeProperties {
	const base = plain(field);
	switch (field.kind) {
		case 'text':
			return textProperty(field, base);
		case 'number':
			return { ...hinted(base), type: 'number', default: numberDefault(field), typeOptions: bounds(field) };
		case 'boolean':
			return { ...base, type: 'boolean', default: field.default === true };
		case 'choice':
			return choice(field, field.values, typeof field.default === 'string' ? field.default : String(field.words.start ?? field.values[0] ?? ''));
		case 'media':
		case 'mediaList':
		case 'mediaOrText':
			return { ...base, type: 'resourceLocator', default: { mode: mediaModes(field)[0]?.name ?? '', value: field.required && field.kind !== 'mediaOrText' ? (field.words.start ?? 'data') : '' }, modes: mediaModes(field) };
		case 'rows':
			return rowsProperty(field, base);
		default:
			return { ...base, type: 'json', default: '' };
	}
}

function textProperty(field: Field & { kind: 'text' }, base: ReturnType<typeof plain>): INodeProperties {
	const value = typeof field.default === 'string' ? field.default : '';
	if (field.color) return { ...base, type: 'color', default: value };
	const { suggestions, lines, unset = 'Automatic' } = field.words;
	if (suggestions) return { ...base, type: 'options', default: value, options: [...(value === '' ? [{ name: unset, value: '' }] : []), ...suggestions.map(({ label, value: name }) => ({ name: label, value: name }))] };
	return { ...hinted(base), type: 'string', default: value, ...(lines !== undefined && { typeOptions: { rows: lines } }) };
}

const numberDefault = ({ default: value, words, min = 0 }: Field & { kind: 'number' }) => (typeof value === 'number' ? value : (words.start ?? Math.max(min, 0)));
const bounds = ({ min, max, integer }: Field & { kind: 'number' }) => ({
	...(min !== undefined && { minValue: min }),
	...(max !== undefined && { maxValue: max }),
	...(integer && { numberPrecision: 0 }),
});

const choice = (field: Field, values: readonly string[], value: string): INodeProperties => ({
	...plain(field),
	type: 'options',
	default: value,
	options: values.map((one): INodePropertyOptions => ({ name: titleOf(field, one), value: one })),
});

const titleOf = ({ words }: Field, value: string) => words.choices?.[value] ?? value.split('_').map(capital).join(' ');

const rowsProperty = (field: Field & { kind: 'rows' }, base: ReturnType<typeof plain>): INodeProperties => ({
	...base,
	type: 'fixedCollection',
	typeOptions: { multipleValues: true },
	default: {},
	options: [{ displayName: field.words.label, name: 'values', values: members(field.fields) }],
});

const textMode: Pick<INodePropertyMode, 'type'> = { type: 'string' };
const mode = (name: string, displayName: string, placeholder: string, hint?: string): INodePropertyMode => ({ ...textMode, name, displayName, placeholder, ...(hint !== undefined && { hint }) });

/** Where a file can come from, as the modes of a resource locator. The editor shows ten letters of a mode's name; what it means is in its hint. */
function mediaModes({ kind }: Field): INodePropertyMode[] {
	const isList = kind === 'mediaList';
	return [
		...(isList ? [mode('items', 'All Items', 'e.g. data', 'Name of the binary field that holds the file in every item')] : []),
		...(kind === 'mediaOrText' ? [mode('text', 'Text', 'e.g. an SRT text, or a list of words as JSON')] : []),
		mode('binary', 'Binary', isList ? 'e.g. clip_0, clip_1' : 'e.g. data', isList ? 'Names of binary fields of the item' : 'Name of the binary field that holds the file'),
		mode('url', isList ? 'URLs' : 'URL', isList ? 'e.g. https://example.com/a.mp4, https://example.com/b.mp4' : 'e.g. https://example.com/file.mp4'),
		mode('key', isList ? 'Keys' : 'Key', isList ? 'e.g. clips/a.mp4, clips/b.mp4' : 'e.g. clips/a.mp4', 'In the bucket of the S3 credential'),
	];
}
