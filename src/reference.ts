import { z } from 'zod/v4';
import type { Catalogue, FieldDescription, OperationDescription } from './catalogue';
import { InvalidInput } from './errors';
import { formOf } from './execute';
import type { Field } from './fields';
import { groups, type Operation } from './operation';
import { operations } from './operations';

/** The reference, made from the operations: as values for `operations --json` and as Markdown for docs/operations.md. */
export const describeOperation = (operation: Operation): OperationDescription => ({
	name: operation.name,
	group: operation.group,
	title: operation.title,
	summary: operation.summary,
	fields: formOf(operation).map(describeField),
	returns: Object.keys(operation.output.shape).concat('warnings'),
	example: operation.example,
});

/** What a runtime that offers these operations tells of them. */
export const catalogueOf = (offered: readonly Operation[]): Catalogue => ({
	list: () => offered.map(({ name, title }) => ({ name, title })),
	describe(name, field) {
		const found = offered.find((one) => one.name === name || one.aliases?.includes(name));
		if (found) return describeOperation(found);
		throw new InvalidInput(`${field}: Expected one of ${offered.map((one) => one.name).join(', ')}, got "${name}". Choose one of them`, { field, code: 'unknown_operation' });
	},
});

function describeField(field: Field): FieldDescription {
	const { key: name, words } = field;
	const inner = innerFields(field);
	return {
		name,
		type: typeOf(field),
		default: field.required ? 'required' : field.default === undefined ? '–' : JSON.stringify(field.default),
		meaning: [words.label, words.hint].filter(Boolean).join('. '),
		...(inner.length > 0 && { fields: inner }),
	};
}

function innerFields(field: Field): FieldDescription[] {
	if (field.kind === 'variants')
		return field.variants.flatMap(({ name, fields }) => fields.map(describeField).map((one) => ({ ...one, meaning: `(${field.discriminator} ${name}) ${one.meaning}` })));
	return 'fields' in field ? field.fields.map(describeField) : [];
}

function typeOf(field: Field): string {
	switch (field.kind) {
		case 'text':
			return field.color ? 'colour' : `text${range(field, ' characters')}`;
		case 'number':
			return `${field.integer ? 'whole number' : 'number'}${range(field)}`;
		case 'choice':
			return field.values.join(', ');
		case 'media':
			return field.media === 'any' ? 'file' : `${field.media} file`;
		case 'mediaList':
			return `${field.media} files${range(field)}`;
		case 'mediaOrText':
			return 'text, data or file';
		case 'switchable':
			return 'object or false';
		case 'variants':
			return `object, ${field.discriminator}: ${field.variants.map(({ name }) => name).join(', ')}`;
		case 'rows':
			return 'list of objects';
		default:
			return field.kind;
	}
}

const range = ({ min, max }: { min?: number; max?: number }, unit = '') =>
	min === undefined && max === undefined ? '' : ` ${min ?? ''}–${max ?? ''}${unit}`;

/** docs/operations.md. */
export function referencePage(): string {
	return [
		'# Operations',
		'Made from the operations themselves by `npm run docs`; a test fails when it is stale. Times in seconds, sizes in pixels.',
		'A file is given as `{ "url" }`, `{ "key" }` (in the configured storage) or `{ "base64" }`; in n8n also as a binary field, on the command line as `{ "file" }`.',
		...groups.flatMap((group) => operations.filter((operation) => operation.group === group)).map(operationSection),
	].join('\n\n').concat('\n');
}

function operationSection(operation: Operation): string {
	const rows = formOf(operation).flatMap((field) => fieldRows(describeField(field), ''));
	const output = Object.entries(operation.output.shape).map(([name, schema]) => `\`${name}\`${schema instanceof z.ZodOptional ? ' (where it applies)' : ''}`);
	return [
		`## ${operation.title} – \`${operation.name}\``,
		`${operation.summary}.`,
		...(rows.length > 0 ? [['| field | type and bounds | default | meaning |', '|---|---|---|---|', ...rows].join('\n')] : []),
		`Returns ${[...output, '`warnings`'].join(', ')}.`,
		`\`\`\`sh\nai-agent-tools run ${operation.name} --input '${JSON.stringify(operation.example)}' --out out\n\`\`\``,
	].join('\n\n');
}

const fieldRows = ({ name, type, default: value, meaning, fields = [] }: FieldDescription, outer: string): string[] => [
	`| \`${outer}${name}\` | ${cell(type)} | ${cell(value)} | ${cell(meaning)} |`,
	...fields.flatMap((field) => fieldRows(field, `${outer}${name}.`)),
];

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
