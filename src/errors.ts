/** What a caller can do about a failure decides the class; `code` is the stable name of the cause. */
export type ErrorType = 'InvalidInput' | 'OperationFailed' | 'RemoteJobFailed' | 'Cancelled' | 'TimedOut';

export interface ErrorFacts {
	/** Stable, snake_case, e.g. `model_missing`. */
	code?: string;
	/** The input field at fault, dotted, e.g. `speech.voice`. */
	field?: string;
	/** Whether the same request may succeed later. */
	retryable?: boolean;
	cause?: unknown;
}

/** The plain form of an error on every wire. */
export interface WireError {
	code: string;
	type: ErrorType;
	message: string;
	field?: string;
	retryable: boolean;
}

/** Base of every error a user may see: its message says what was expected, what came and what to do. */
export abstract class ToolError extends Error {
	abstract readonly type: ErrorType;
	readonly code: string;
	readonly field: string | undefined;
	readonly retryable: boolean;

	constructor(message: string, defaults: { code: string; retryable: boolean }, facts: ErrorFacts) {
		super(message, facts.cause === undefined ? {} : { cause: facts.cause });
		this.name = new.target.name;
		this.code = facts.code ?? defaults.code;
		this.retryable = facts.retryable ?? defaults.retryable;
		this.field = facts.field;
	}
}

/** The request is at fault: the same request will fail again. */
export class InvalidInput extends ToolError {
	readonly type = 'InvalidInput';
	constructor(message: string, facts: ErrorFacts = {}) {
		super(message, { code: 'invalid_input', retryable: false }, facts);
	}
}

/** The work itself failed: a file, an engine or the machine is at fault. */
export class OperationFailed extends ToolError {
	readonly type = 'OperationFailed';
	constructor(message: string, facts: ErrorFacts = {}) {
		super(message, { code: 'operation_failed', retryable: false }, facts);
	}
}

/** A remote runtime answered with a failure, or could not be reached. */
export class RemoteJobFailed extends ToolError {
	readonly type = 'RemoteJobFailed';
	constructor(message: string, facts: ErrorFacts = {}) {
		super(message, { code: 'remote_job_failed', retryable: false }, facts);
	}
}

/** Somebody stopped the job. */
export class Cancelled extends ToolError {
	readonly type = 'Cancelled';
	constructor(message = 'The job was cancelled', facts: ErrorFacts = {}) {
		super(message, { code: 'cancelled', retryable: false }, facts);
	}
}

/** The job took longer than it was allowed to. */
export class TimedOut extends ToolError {
	readonly type = 'TimedOut';
	constructor(message: string, facts: ErrorFacts = {}) {
		super(message, { code: 'timed_out', retryable: true }, facts);
	}
}

const classes = { InvalidInput, OperationFailed, RemoteJobFailed, Cancelled, TimedOut };

export function toWireError(error: unknown): WireError {
	const known = error instanceof ToolError ? error : new OperationFailed(messageOf(error), { code: 'unexpected', cause: error });
	return {
		code: known.code,
		type: known.type,
		message: known.message,
		...(known.field !== undefined && { field: known.field }),
		retryable: known.retryable,
	};
}

/** Makes the error of the other side throwable on this one. */
export function fromWireError(wire: WireError): ToolError {
	const { message, type, code, field, retryable } = wire;
	return new (classes[type] ?? OperationFailed)(message, { code, retryable, ...(field !== undefined && { field }) });
}

export function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
