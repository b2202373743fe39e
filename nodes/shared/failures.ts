import { NodeOperationError, type IDataObject, type INode, type INodeExecutionData } from 'n8n-workflow';
import { ToolError } from '../../src/errors';
import { formOf } from '../../src/execute';
import type { Field } from '../../src/fields';
import { findOperation } from '../../src/operations';
import { placeOf } from './titles';

/** The fields of an operation's form; none where nobody knows the operation. */
export function fieldsOfForm(operation: unknown): readonly Field[] {
	const found = findOperation(String(operation));
	return found ? formOf(found) : [];
}

export function nodeError(node: INode, error: unknown, itemIndex: number, fields: readonly Field[]): NodeOperationError {
	if (error instanceof NodeOperationError) return error;
	const { message, description } = explained(error, fields);
	const shown = new NodeOperationError(node, error as Error, { itemIndex, message, description });
	// In place of a message with a code such as ENOENT in it n8n puts one of its own, which does not say what to do.
	shown.message = message;
	return shown;
}

/** An error in the words of the form that its user sees. */
export function explained(error: unknown, fields: readonly Field[]): { message: string; description: string } {
	if (!(error instanceof ToolError)) return { message: error instanceof Error ? error.message : String(error), description: '' };
	const { message, field = '', code, retryable } = error;
	const place = placeOf(field, fields);
	const said = message.startsWith(`${field}: `) ? message.slice(field.length + 2) : message;
	return {
		message: place ? `${place.title}: ${said}` : message,
		description: `${place ? `Look at ${place.path} in this node. ` : ''}${retryable ? 'Trying again may help. ' : ''}Error code ${code}`,
	};
}

export function failedItem(error: unknown, item: number, fields: readonly Field[]): INodeExecutionData {
	const facts = error instanceof ToolError ? { code: error.code, ...(error.field !== undefined && { field: error.field }) } : {};
	return { json: { error: explained(error, fields).message, ...facts } as IDataObject, pairedItem: { item } };
}
