import type { z } from 'zod/v4';
import type { Job } from './runtime';

/** The nodes an operation can live in, and the order in which reference and lists show them. */
export const groups = ['speech', 'audio', 'video', 'image', 'storage', 'utility'] as const;
export type Group = (typeof groups)[number];

/** The hand-written words beside a field; everything else about it comes from the schema. */
export interface FieldWords {
	/** Title Case. */
	label: string;
	/** One sentence: meaning, unit, what leaving it empty does. */
	hint?: string;
	placeholder?: string;
	/** What the form begins with where the schema has no default: what people mostly want, not the smallest value allowed. */
	start?: string | number;
	/** Title of the choice that leaves the field out; "Automatic" by itself. */
	unset?: string;
	/** Shown under Options. */
	advanced?: boolean;
	/** A text of several lines. */
	lines?: number;
	/** Titles of the choices, where the plain value is not good enough. */
	choices?: Record<string, string>;
	/** Shown only while these other fields have one of these values. */
	when?: Conditions;
	/** Title of the part of the form with what belongs to it, where the field is a switch; "… Options" by itself. */
	optionsLabel?: string;
	/** Suggested values of a text that is not limited to them. */
	suggestions?: readonly { value: string; label: string }[];
}

/** Values of other fields, of which each has to have one. */
type Conditions = Readonly<Record<string, readonly (string | boolean)[]>>;

/** What a person should know before the first run: that it is slow, costs something or needs setting up. */
export interface Notice {
	text: string;
	/** Shown only while these fields have one of these values. */
	when?: Conditions;
	/** Holds for work on this n8n alone. */
	isHere?: boolean;
}

type Shape = Readonly<Record<string, z.ZodType>>;
type Unwrapped<S> = S extends z.ZodDefault<infer T> | z.ZodPrefault<infer T> | z.ZodOptional<infer T> ? Unwrapped<T> : S;

/** An object needs words for its own keys, a list of objects for those of its items, a choice of objects for each choice. */
type Nested<S> = S extends z.ZodObject<infer T>
	? { fields: Fields<T> }
	: S extends z.ZodArray<z.ZodObject<infer T>>
		? { fields: Fields<T> }
		: S extends z.ZodUnion<readonly [z.ZodLiteral<false>, z.ZodObject<infer T>]>
			? { fields: Fields<T> }
			: S extends z.ZodDiscriminatedUnion
				? { variants: Record<string, Record<string, FieldWords>> }
				: unknown;

export type Fields<T> = { [K in keyof T]: FieldWords & Nested<Unwrapped<T[K]>> };

/** How the older Python service spelled an operation: its requests run unchanged, for ever. */
export interface Legacy<Result = unknown> {
	/** Its names of fields: what they are called now, or null for one that says nothing any more. In camelCase. */
	fields?: Record<string, string | null>;
	/** What its requests mean by what they leave out, where that is not the default of now. */
	defaults?: Record<string, unknown>;
	/** An operation it had under the name of another of ours, and the requests to that name which mean this one. */
	insteadOf?: { name: string; when(fields: Record<string, unknown>): boolean };
	/** Its keys of the result, which come beside ours once the files are where they stay. */
	result?(result: Result): Record<string, unknown>;
}

export interface Operation {
	name: string;
	group: Group;
	title: string;
	action: string;
	summary: string;
	input: z.ZodObject;
	output: z.ZodObject;
	fields: Record<string, FieldWords>;
	/** Few and short: shown in the form under the field they depend on, else under all. */
	notices?: readonly Notice[];
	/** Older names on the wire, accepted for ever. */
	aliases?: readonly string[];
	legacy?: Legacy;
	/** Answers at once and need not wait behind long jobs. */
	light?: boolean;
	/** Never sent to another machine: it would wake a paid one for what is known here. */
	staysHere?: boolean;
	/** An input that runs as it stands, for the reference and for tests. */
	example: Record<string, unknown>;
	run(input: unknown, job: Job): Promise<unknown>;
}

interface Definition<In extends Shape, Out extends Shape> extends Omit<Operation, 'input' | 'output' | 'fields' | 'legacy' | 'run'> {
	input: z.ZodObject<In>;
	output: z.ZodObject<Out>;
	fields: Fields<In>;
	legacy?: Legacy<z.output<z.ZodObject<Out>>>;
	run(input: z.output<z.ZodObject<In>>, job: Job): Promise<z.input<z.ZodObject<Out>>>;
}

/** Defines an operation once: form, client, server, worker, command line and reference derive from this value. */
export function defineOperation<In extends Shape, Out extends Shape>(definition: Definition<In, Out>): Operation {
	// The door (execute.ts) parses the input with this very schema before it calls run.
	return definition as unknown as Operation;
}
