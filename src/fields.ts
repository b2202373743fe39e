import { z } from 'zod/v4';
import type { FieldWords, Operation } from './operation';
import type { MediaKind } from './vocabulary';

/** The shape of one input field, read from its schema: what form, parameters, legacy spelling and reference are made from. */
export type FieldKind =
	| { kind: 'text'; min?: number; max?: number; color: boolean }
	| { kind: 'number'; min?: number; max?: number; integer: boolean }
	| { kind: 'boolean' }
	| { kind: 'choice'; values: readonly string[] }
	| { kind: 'media'; media: MediaKind }
	| { kind: 'mediaList'; media: MediaKind; min?: number; max?: number }
	/** Media or the thing itself, as text or data: captions. */
	| { kind: 'mediaOrText'; media: MediaKind }
	| { kind: 'object'; fields: Field[] }
	/** An object or `false`. */
	| { kind: 'switchable'; fields: Field[] }
	/** An object whose other keys depend on one of its keys, which names the variant. */
	| { kind: 'variants'; discriminator: string; variants: { name: string; fields: Field[] }[] }
	| { kind: 'rows'; fields: Field[] }
	| { kind: 'data' };

export type Field = FieldKind & {
	key: string;
	words: FieldWords;
	required: boolean;
	/** What an absent value means; undefined when there is no default. */
	default: unknown;
};

type NestedWords = FieldWords & {
	fields?: Record<string, FieldWords>;
	variants?: Record<string, Record<string, FieldWords>>;
};

/** The fields of an object schema in the order of its words. Throws when words and schema disagree. */
export function fieldsOf(schema: z.ZodObject, words: Record<string, FieldWords>): Field[] {
	const keys = Object.keys(schema.shape);
	const wrong = [...keys.filter((key) => !words[key]), ...Object.keys(words).filter((key) => !keys.includes(key))];
	if (wrong.length > 0) throw new Error(`Words and schema disagree about ${wrong.join(', ')}`);
	return Object.entries(words).map(([key, word]) => fieldOf(key, schema.shape[key] as z.ZodType, word));
}

function fieldOf(key: string, schema: z.ZodType, words: NestedWords): Field {
	const { inner, ...facts } = unwrapped(schema);
	return { key, words, ...facts, ...kindOf(inner, words) };
}

function unwrapped(schema: z.ZodType): { inner: z.ZodType; required: boolean; default: unknown } {
	if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
		const value: unknown = schema.def.defaultValue;
		return { ...unwrapped(schema.def.innerType as z.ZodType), required: false, default: value };
	}
	if (schema instanceof z.ZodOptional) return { ...unwrapped(schema.def.innerType as z.ZodType), required: false };
	return { inner: schema, required: true, default: undefined };
}

function kindOf(schema: z.ZodType, words: NestedWords): FieldKind {
	const media = mediaKindOf(schema);
	if (media) return { kind: 'media', media };
	if (schema instanceof z.ZodNumber) return { kind: 'number', integer: schema.format === 'safeint', ...numberBounds(schema) };
	if (schema instanceof z.ZodString) return { kind: 'text', color: schema.meta()?.color === true, ...textBounds(schema) };
	if (schema instanceof z.ZodBoolean) return { kind: 'boolean' };
	if (schema instanceof z.ZodEnum) return { kind: 'choice', values: schema.options.map(String) };
	if (schema instanceof z.ZodDiscriminatedUnion) return variantsOf(schema, words.variants ?? {});
	if (schema instanceof z.ZodUnion) return unionOf(schema, words);
	if (schema instanceof z.ZodArray) return listOf(schema, words);
	if (schema instanceof z.ZodObject) return { kind: 'object', fields: fieldsOf(schema, words.fields ?? {}) };
	return { kind: 'data' };
}

export const mediaKindOf = (schema: z.ZodType): MediaKind | undefined => schema.meta()?.media as MediaKind | undefined;

function numberBounds({ minValue, maxValue }: z.ZodNumber) {
	const isBound = (value: number | null): value is number => value !== null && Math.abs(value) < Number.MAX_SAFE_INTEGER;
	return { ...(isBound(minValue) && { min: minValue }), ...(isBound(maxValue) && { max: maxValue }) };
}

function textBounds({ minLength, maxLength }: z.ZodString) {
	return { ...(minLength !== null && { min: minLength }), ...(maxLength !== null && { max: maxLength }) };
}

function unionOf(schema: z.ZodUnion, words: NestedWords): FieldKind {
	const options = schema.options as z.ZodType[];
	const media = options.map(mediaKindOf).find(Boolean);
	if (media) return { kind: 'mediaOrText', media };
	const object = options.find((option) => option instanceof z.ZodObject);
	if (object instanceof z.ZodObject && options.some((option) => option instanceof z.ZodLiteral && option.value === false))
		return { kind: 'switchable', fields: fieldsOf(object, words.fields ?? {}) };
	return { kind: 'data' };
}

function listOf(schema: z.ZodArray, words: NestedWords): FieldKind {
	const item = schema.element as z.ZodType;
	const media = mediaKindOf(item);
	if (media) {
		const { minimum, maximum } = schema._zod.bag as { minimum?: number; maximum?: number };
		return { kind: 'mediaList', media, ...(minimum !== undefined && { min: minimum }), ...(maximum !== undefined && { max: maximum }) };
	}
	if (item instanceof z.ZodObject && words.fields) return { kind: 'rows', fields: fieldsOf(item, words.fields) };
	return { kind: 'data' };
}

function variantsOf(schema: z.ZodDiscriminatedUnion, words: Record<string, Record<string, FieldWords>>): FieldKind {
	const { discriminator } = schema.def as unknown as { discriminator: string };
	const variants = (schema.options as z.ZodObject[]).map((option) => {
		const name = String((option.shape[discriminator] as z.ZodLiteral).value);
		const { [discriminator]: _, ...shape } = option.shape as Record<string, z.ZodType>;
		return { name, fields: fieldsOf(z.object(shape), words[name] ?? {}) };
	});
	return { kind: 'variants', discriminator, variants };
}

/** Whether storage can matter to an operation: it works on it, takes or makes files, or tells of the machine and what is set up there. */
export const meetsStorage = (operation: Operation) => operation.group === 'storage' || tellsOfMachine(operation) || producesFiles(operation) || Object.values(operation.input.shape).some((schema) => takesFile(schema as z.ZodType));

/** Whether an operation tells of the machine it runs on, read from its output schema. */
export const tellsOfMachine = ({ output }: Operation) => 'findings' in output.shape;

function takesFile(schema: z.ZodType): boolean {
	const { inner } = unwrapped(schema);
	if (mediaKindOf(inner)) return true;
	if (inner instanceof z.ZodArray) return takesFile(inner.element as z.ZodType);
	if (inner instanceof z.ZodObject) return Object.values(inner.shape).some((one) => takesFile(one as z.ZodType));
	return inner instanceof z.ZodUnion && inner.options.some((option) => takesFile(option as z.ZodType));
}

/** Whether an operation makes files, read from its output schema. */
export const producesFiles = ({ output }: Operation) => Object.values(output.shape).some((schema) => holdsFile(schema as z.ZodType));

function holdsFile(schema: z.ZodType): boolean {
	if (schema.meta()?.produced === true) return true;
	if (schema instanceof z.ZodOptional) return holdsFile(schema.def.innerType as z.ZodType);
	return schema instanceof z.ZodArray && holdsFile(schema.element as z.ZodType);
}
