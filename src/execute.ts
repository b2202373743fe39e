import type { z } from 'zod/v4';
import { InvalidInput, OperationFailed, toWireError, type WireError } from './errors';
import { explain } from './explain';
import { fieldsOf, type Field } from './fields';
import { isRecord, normalise, unwrap } from './legacy';
import type { Operation } from './operation';
import { findOperation, operations } from './operations';
import type { Job } from './runtime';

/** The answer on every transport. `processing_time` in seconds. */
export type Envelope =
	| { status: 'success'; result: Result; processing_time: number }
	| { status: 'error'; error: WireError };

export type Result = Record<string, unknown> & { warnings: string[] };

export interface Request {
	operation: Operation;
	input: unknown;
}

/** Finds the operation and makes its input from what came. Throws InvalidInput. */
export function readRequest(name: string, raw: unknown, options: { allowFiles: boolean }): Request {
	const { operation, fields } = find(name, raw);
	const given = normalise(fields, formOf(operation), options);
	const parsed = operation.input.safeParse(given);
	if (!parsed.success) throw explain(parsed.error, given);
	return { operation, input: parsed.data };
}

/** The operation that a request means, and its fields, out of whatever wrapping they came in. */
function find(name: string, raw: unknown) {
	const named = findOperation(name);
	if (!named)
		throw new InvalidInput(`Unknown operation ${JSON.stringify(name)}. Known are ${operations.map((one) => one.name).join(', ')}`, { field: 'operation', code: 'unknown_operation' });
	const given = unwrap(raw, {}, formOf(named)).fields;
	const meant = operations.find(({ legacy }) => legacy?.insteadOf?.name === named.name && isRecord(given) && legacy.insteadOf.when(given));
	const operation = meant ?? named;
	const { fields, isLegacy } = unwrap(raw, operation.legacy ?? {}, formOf(operation));
	return { operation, fields, isLegacy: isLegacy || operation.name !== name };
}

/** Adds the older service's keys to a result whose files are where they stay, when the request was written for that service. */
export function inItsWords(name: string, raw: unknown, result: Result): Result {
	const { operation, isLegacy } = find(name, raw);
	return isLegacy ? { ...result, ...operation.legacy?.result?.(result) } : result;
}

const forms = new Map<Operation, Field[]>();

/** The fields of an operation's input, read from its schema once. */
export function formOf(operation: Operation): Field[] {
	const known = forms.get(operation) ?? fieldsOf(operation.input, operation.fields);
	forms.set(operation, known);
	return known;
}

/** Runs a request and checks its answer against the contract. `warnings` are those the job gave. */
export async function perform({ operation, input }: Request, job: Job, warnings: string[]): Promise<Result> {
	job.signal.throwIfAborted();
	const answer = operation.output.safeParse(await operation.run(input, job));
	if (!answer.success) throw brokenAnswer(operation, answer.error);
	return { ...answer.data, warnings: [...new Set(warnings)] };
}

const brokenAnswer = ({ name }: Operation, cause: z.ZodError) =>
	new OperationFailed(`${name} gave an answer that breaks its own contract: ${cause.issues[0]?.path.join('.')}: ${cause.issues[0]?.message}. Please report this`, { code: 'broken_answer', cause });

/** Puts whatever `work` does into the envelope; nothing is thrown. */
export async function envelope(work: () => Promise<Result>): Promise<Envelope> {
	const start = performance.now();
	try {
		const result = await work();
		return { status: 'success', result, processing_time: Math.round(performance.now() - start) / 1000 };
	} catch (error) {
		return { status: 'error', error: toWireError(error) };
	}
}
