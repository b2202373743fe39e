import { NodeOperationError, type IDataObject, type INode, type INodeExecutionData } from 'n8n-workflow';
import { ToolError } from '../../src/errors';

export function nodeError(node: INode, error: unknown, itemIndex: number): NodeOperationError {
	if (error instanceof NodeOperationError) return error;
	const { message, description } = explained(error);
	return new NodeOperationError(node, error as Error, { itemIndex, message, description });
}

export const explained = (error: unknown) => ({
	message: error instanceof Error ? error.message : String(error),
	description: error instanceof ToolError ? `Error code ${error.code}${error.field === undefined ? '' : `, field ${error.field}`}${error.retryable ? '. Trying again may help' : ''}` : '',
});

export function failedItem(error: unknown, item: number): INodeExecutionData {
	const facts = error instanceof ToolError ? { code: error.code, ...(error.field !== undefined && { field: error.field }) } : {};
	return { json: { error: explained(error).message, ...facts } as IDataObject, pairedItem: { item } };
}
