import { z } from 'zod/v4';
import type { FieldDescription } from '../../catalogue';
import { InvalidInput } from '../../errors';
import { defineOperation } from '../../operation';

const field = z.object({ name: z.string(), type: z.string(), default: z.string(), meaning: z.string() });

export const describeOperation = defineOperation({
	name: 'describe_operation',
	group: 'utility',
	title: 'Describe Operation',
	action: 'Describe what an operation needs',
	summary: 'Tell which operations there are, or which fields one of them has, with types, bounds and defaults',
	light: true,
	staysHere: true,
	input: z.object({ operationName: z.string().trim().min(1).max(100).optional(), field: z.string().trim().min(1).max(100).optional() }),
	output: z.object({
		operations: z.array(z.object({ name: z.string(), title: z.string() })).optional(),
		summary: z.string().optional(),
		fields: z.array(field).optional(),
		returns: z.string().optional(),
		/** JSON. */
		example: z.string().optional(),
	}),
	fields: {
		operationName: { label: 'Operation Name', hint: 'Leave empty for a list of all', placeholder: 'e.g. generate_captioned_video' },
		field: { label: 'Field', hint: 'A field that is an object, to be told what is in it. Leave empty for the fields of the operation', placeholder: 'e.g. captions' },
	},
	example: { operationName: 'generate_captioned_video', field: 'captions' },
	async run({ operationName, field: name }, { catalogue }) {
		if (operationName === undefined) return { operations: catalogue.list() };
		const { summary, fields, returns, example } = catalogue.describe(operationName, 'operationName');
		if (name !== undefined) return { fields: insideOf(fields, name) };
		return { summary, fields: fields.map(folded), returns: returns.join(', '), example: JSON.stringify(example) };
	},
});

/** The fields of an object are told when they are asked for: all at once would be too long for an AI agent. */
const folded = ({ fields = [], ...rest }: FieldDescription): FieldDescription => (fields.length > 0 ? { ...rest, type: `${rest.type} of ${fields.length} fields` } : rest);

function insideOf(all: readonly FieldDescription[], name: string): FieldDescription[] {
	const found = all.find((one) => one.name === name);
	if (found) return (found.fields ?? [found]).flatMap((one) => [folded(one), ...(one.fields ?? []).map((inner) => ({ ...inner, name: `${one.name}.${inner.name}` }))]);
	throw new InvalidInput(`field: Expected one of ${all.map((one) => one.name).join(', ')}, got "${name}". Choose one of them`, { field: 'field', code: 'unknown_field' });
}
