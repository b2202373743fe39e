import { NodeOperationError, type IDataObject, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';
import { fromWireError } from '../../src/errors';
import { formOf, readRequest, type Result } from '../../src/execute';
import type { Operation } from '../../src/operation';
import { findOperation } from '../../src/operations';
import { agentItem, isForAgent, refuseSuspended } from './agent-answer';
import { type BackendJob, embedded, remote, submit, withJobFolder } from './backend';
import { failedItem, fieldsOfForm, nodeError } from './failures';
import { fetchResult, getResult } from './get-result';
import { bringMedia, itemOf } from './media';
import { withNodeFindings } from './node-findings';
import { readInput } from './parameters';
import { isRemote, outputFieldOf, storageOf, targetOf, waitOf } from './run-on';
import { suspend } from './suspend';

/** Runs a node's operation for its items, one after the other. */
export async function runItems(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
	const results: INodeExecutionData[] = [];
	for (const items of batchesOf(this)) {
		try {
			results.push(await workFor(this, items[0] ?? 0)(this, items));
		} catch (error) {
			const item = items[0] ?? 0;
			const fields = fieldsOfForm(this.getNodeParameter('operation', item));
			if (!this.continueOnFail()) throw nodeError(this.getNode(), error, item, fields);
			results.push(failedItem(error, item, fields));
		}
	}
	return [results];
}

type Work = (context: IExecuteFunctions, items: readonly number[]) => Promise<INodeExecutionData>;

/** What a node does by itself; everything else is the runtime's. */
const ownWork = new Map<unknown, Work>([[getResult.value, fetchResult]]);
const workFor = (context: IExecuteFunctions, item: number): Work => ownWork.get(context.getNodeParameter('operation', item)) ?? runOne;

/** One job per item, or one for all items where a list of files is gathered from all of them. */
function batchesOf(context: IExecuteFunctions): number[][] {
	const all = context.getInputData().map((_, index) => index);
	const gathers = all.length > 0 && workFor(context, 0) === runOne && formOf(operationOf(context, 0)).some(({ kind, key }) => kind === 'mediaList' && modeOf(context.getNodeParameter(key, 0, null)) === 'items');
	return gathers ? [all] : all.map((index) => [index]);
}

const modeOf = (value: unknown) => (typeof value === 'object' && value !== null && 'mode' in value ? value.mode : undefined);

function operationOf(context: IExecuteFunctions, item: number): Operation {
	const name = context.getNodeParameter('operation', item) as string;
	const operation = findOperation(name);
	if (!operation) throw new NodeOperationError(context.getNode(), `Expected a known operation, got "${name}". Choose one in the node`, { itemIndex: item });
	return operation;
}

async function runOne(context: IExecuteFunctions, items: readonly number[]): Promise<INodeExecutionData> {
	const item = items[0] ?? 0;
	const operation = operationOf(context, item);
	const fields = formOf(operation);
	// n8n refuses to read a parameter that the form does not have, unless there is something to give in its place.
	const read = (name: string): unknown => context.getNodeParameter(name, item, null) ?? undefined;
	const input = readInput(fields, read);
	return withJobFolder(async (folder) => {
		const brought = await bringMedia(context, items, input, fields, folder);
		// A mistake in the form is told before any process is started.
		readRequest(operation.name, brought, { allowFiles: true });
		const job = jobFor(context, { operation, input: brought, folder });
		const outputField = outputFieldOf(read('options'));
		const forAgent = isForAgent(context, read('options'));
		const wait = isRemote(context, operation, item) ? waitOf(context, item) : 'poll';
		if (wait === 'suspend') {
			refuseSuspended(context, forAgent);
			return suspend(context, { job, items, outputField });
		}
		if (wait === 'submit') {
			const sent = await submit(job, await targetOf(context, item));
			return { json: { ...sent } as unknown as IDataObject, pairedItem: items.map((one) => ({ item: one })) };
		}
		const result = await run(context, { operation, job, item });
		for (const message of result.warnings) context.addExecutionHints({ message, type: 'warning', location: 'outputPane' });
		const toItem = (placed: Result) => itemOf(context, placed, outputField, items);
		return forAgent ? agentItem(context, item, result, job, toItem) : toItem(result);
	});
}

function jobFor(context: IExecuteFunctions, { operation, input, folder }: { operation: Operation; input: unknown; folder: string }): BackendJob {
	return {
		operation: operation.name,
		input,
		folder,
		signal: context.getExecutionCancelSignal() ?? new AbortController().signal,
		onProgress: (fraction: number, activity: string) => context.sendMessageToUI(`${activity} (${Math.round(fraction * 100)} %)`),
	};
}

async function run(context: IExecuteFunctions, { operation, job, item }: { operation: Operation; job: BackendJob; item: number }): Promise<Result> {
	const envelope = isRemote(context, operation, item)
		? await remote(job, await targetOf(context, item), (hint) => context.sendMessageToUI(hint))
		: await embedded({ ...job, storage: await storageOf(context, item) });
	if (envelope.status === 'error') throw fromWireError(envelope.error);
	return withNodeFindings(context, operation, envelope.result);
}
