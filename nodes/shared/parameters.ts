import type { Field } from '../../src/fields';
import { discriminatorDefault, flatName, isAdvanced, optionsName, variantName } from './properties';

type Read = (name: string) => unknown;
type Values = Record<string, unknown>;

/** Makes an operation's input from the parameters of a form: the inverse of properties.ts. Media stay as the form says them: `{ url }`, `{ key }`, `{ binary }` or, for a list, `{ items }`, the last two naming binary fields. */
export function readInput(fields: readonly Field[], read: Read): Values {
	const options = recordOf(read('options'));
	const isShown = ({ words }: Field) => Object.entries(words.when ?? {}).every(([key, values]) => values.includes(valueOf(key, fields, read, options) as string));
	const entries = fields.filter(isShown).map((field) => [field.key, isAdvanced(field) ? readMember(field, options) : readTop(field, read)] as const);
	return given(entries);
}

function valueOf(key: string, fields: readonly Field[], read: Read, options: Values): unknown {
	const field = fields.find((one) => one.key === key);
	return field && isAdvanced(field) ? (options[key] ?? field.default) : read(key);
}

function readTop(field: Field, read: Read): unknown {
	switch (field.kind) {
		case 'object': {
			const members = readMembers(field.fields, recordOf(read(field.key)));
			return Object.keys(members).length > 0 || field.required ? members : undefined;
		}
		case 'switchable':
			return read(field.key) === false ? false : readMembers(field.fields, recordOf(read(optionsName(field.key))));
		case 'variants': {
			const name = String(read(field.key) ?? discriminatorDefault(field));
			const variant = field.variants.find((one) => one.name === name);
			return { [field.discriminator]: name, ...readMembers(variant?.fields ?? [], recordOf(read(variantName(field.key, name)))) };
		}
		default:
			return readValue(field, read(field.key));
	}
}

const readMembers = (fields: readonly Field[], values: Values) => given(fields.map((field) => [field.key, readMember(field, values)] as const));

function readMember(field: Field, values: Values): unknown {
	if (field.kind !== 'object' && field.kind !== 'switchable') return readValue(field, values[field.key]);
	if (field.kind === 'switchable' && values[field.key] === false) return false;
	const inner = given(field.fields.map((one) => [one.key, readValue(one, values[flatName(field, one)])] as const));
	return Object.keys(inner).length > 0 || values[field.key] === true ? inner : undefined;
}

function readValue(field: Field, value: unknown): unknown {
	switch (field.kind) {
		case 'text':
		case 'choice':
			return value === '' && !field.required ? undefined : value;
		case 'media':
			return mediaChoice(value);
		case 'mediaList':
			return mediaChoices(mediaChoice(value));
		case 'mediaOrText':
			return isRecord(value) && value.mode === 'text' ? parsed(value.value) : mediaChoice(value);
		case 'rows': {
			const rows = recordOf(value).values;
			return Array.isArray(rows) && rows.length > 0 ? rows.map((row) => readMembers(field.fields, recordOf(row))) : undefined;
		}
		case 'data':
			return parsed(value);
		default:
			return value;
	}
}

/** An expression may hand over a whole value where the form has a resource locator. */
function mediaChoice(value: unknown): unknown {
	if (!isRecord(value) || !('mode' in value)) return value === '' ? undefined : value;
	if (value.value === '' || value.value === undefined || value.value === null) return undefined;
	return { [String(value.mode)]: value.value };
}

/** `{ url: 'a, b' }` names two files; `{ items: 'data' }` stays what it is, as how many it names is not known here. */
function mediaChoices(choice: unknown): unknown {
	if (!isRecord(choice) || 'items' in choice) return choice;
	return Object.entries(choice).flatMap(([form, value]) => {
		const places: unknown[] = Array.isArray(value) ? value : isRecord(value) ? [value] : String(value).split(/[,\n]/);
		return places.map((place) => (isRecord(place) ? place : String(place).trim())).filter(Boolean).map((place) => ({ [form]: place }));
	});
}

/** JSON text becomes its value; any other text stays text. */
function parsed(value: unknown): unknown {
	if (typeof value !== 'string') return value;
	if (value.trim() === '') return undefined;
	if (!/^\s*[[{]/.test(value)) return value;
	try {
		return JSON.parse(value) as unknown;
	} catch {
		// A text may begin with a bracket: "[Script Info]" does.
		return value;
	}
}

const given = (entries: readonly (readonly [string, unknown])[]): Values => Object.fromEntries(entries.filter(([, value]) => value !== undefined));
const recordOf = (value: unknown): Values => (isRecord(value) ? value : {});
const isRecord = (value: unknown): value is Values => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Makes the parameters of a form from an operation's input, for templates, documentation and the round-trip test. */
export function writeParameters(fields: readonly Field[], input: Values): Values {
	const parameters: Values = {};
	const options: Values = {};
	for (const field of fields) {
		const value = input[field.key];
		if (value === undefined) continue;
		if (isAdvanced(field)) writeMember(field, value, options);
		else writeTop(field, value, parameters);
	}
	return Object.keys(options).length > 0 ? { ...parameters, options } : parameters;
}

function writeTop(field: Field, value: unknown, parameters: Values): void {
	if (field.kind === 'object') parameters[field.key] = writeMembers(field.fields, recordOf(value));
	else if (field.kind === 'switchable') {
		parameters[field.key] = value !== false;
		if (value !== false) parameters[optionsName(field.key)] = writeMembers(field.fields, recordOf(value));
	} else if (field.kind === 'variants') {
		const { [field.discriminator]: name, ...rest } = recordOf(value);
		parameters[field.key] = name;
		parameters[variantName(field.key, String(name))] = writeMembers(field.variants.find((one) => one.name === name)?.fields ?? [], rest);
	} else parameters[field.key] = writeValue(field, value);
}

function writeMembers(fields: readonly Field[], values: Values): Values {
	const written: Values = {};
	for (const field of fields) if (values[field.key] !== undefined) writeMember(field, values[field.key], written);
	return written;
}

function writeMember(field: Field, value: unknown, written: Values): void {
	if (field.kind === 'switchable') written[field.key] = value !== false;
	if (field.kind !== 'object' && field.kind !== 'switchable') written[field.key] = writeValue(field, value);
	else for (const inner of field.fields) if (recordOf(value)[inner.key] !== undefined) written[flatName(field, inner)] = writeValue(inner, recordOf(value)[inner.key]);
}

function writeValue(field: Field, value: unknown): unknown {
	if (field.kind === 'rows') return { values: (value as Values[]).map((row) => writeMembers(field.fields, row)) };
	if (field.kind === 'data') return JSON.stringify(value);
	if (field.kind === 'mediaOrText' && !isRecord(value)) return { __rl: true, mode: 'text', value: typeof value === 'string' ? value : JSON.stringify(value) };
	if (!/^media/.test(field.kind)) return value;
	const choices = Array.isArray(value) ? value : [value];
	const mode = Object.keys(recordOf(choices[0]))[0] ?? '';
	return { __rl: true, mode, value: choices.map((choice) => recordOf(choice)[mode]).join(', ') };
}
