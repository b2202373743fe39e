import type { IDataObject, IExecuteFunctions, INodeExecutionData, IWebhookDescription, IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { fromWireError, InvalidInput, TimedOut } from '../../src/errors';
import { readSuspended, resumedJob, resumeWebhook, suspendUntil, type SuspendedJob } from '../../src/runpod/suspend';
import { type BackendJob, fetchLater, submit, withJobFolder } from './backend';
import { explained, failedItem, fieldsOfForm, nodeError } from './failures';
import { itemOf } from './media';
import { machineOf, targetOf } from './run-on';

/** Where the other machine calls when a job has ended. n8n checks the token in the address before it asks the node. */
export const resumeWebhooks: IWebhookDescription[] = [
	{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: '={{ $nodeId }}', isFullPath: true, restartWebhook: true },
];

interface Suspension {
	job: BackendJob;
	items: readonly number[];
	outputField: string;
}

/** Sends a job and puts the execution to sleep; `resume` brings the result. Until then nothing of it is left in this process. */
export async function suspend(context: IExecuteFunctions, { job, items, outputField }: Suspension): Promise<INodeExecutionData> {
	const item = items[0] ?? 0;
	refuseMany(context, items);
	const target = await targetOf(context, item);
	const webhook = resumeWebhook(String(context.evaluateExpression('{{ $execution.resumeUrl }}', item)), context.getNode().id, target.baseUrl);
	const sent = await submit(job, target, webhook);
	await context.putExecutionToWait(suspendUntil(target.deadline));
	markWaiting(context, { ...sent, outputField }, target.deadline);
	return { json: { ...sent } as unknown as IDataObject, pairedItem: items.map((one) => ({ item: one })) };
}

function refuseMany(context: IExecuteFunctions, items: readonly number[]) {
	const { length } = context.getInputData();
	if (length === items.length) return;
	throw new InvalidInput(`Wait: Expected one item to suspend the execution for, got ${length}. Put a Loop Over Items node with a batch size of 1 before this node, or choose "Until the Job Is Done"`, { field: 'wait', code: 'not_suspendable' });
}

/**
 * n8n stores the waiting step with the execution. When the time is over it calls no node: it ends the step with the error
 * found there, and a version that does not know such an error yet passes the step's items on. Both are told what happened.
 */
function markWaiting(context: IExecuteFunctions, suspendedJob: SuspendedJob, deadline: number) {
	const entry = context.getExecuteData();
	const error = new TimedOut(`Expected job ${suspendedJob.jobId} to end within ${deadline} s, but nobody called back. Look for it with Get Result; raise the time limit if it needs longer, and check that the other machine can reach this n8n`, { code: 'suspended_too_long' });
	const mark = { ...failedItem(error, 0, []).json, suspendedJob } as unknown as IDataObject;
	const marked = (entry.data.main?.[0] ?? []).map((item) => ({ ...item, json: { ...item.json, ...mark } }));
	entry.data = { ...entry.data, main: [marked] };
	tellError(entry, context, error);
}

/** The webhook that resumes a suspended execution: answers strangers without waking it, and fetches the result itself, whatever the call says. */
export async function resume(this: IWebhookFunctions): Promise<IWebhookResponseData> {
	try {
		const job = readSuspended(this.evaluateExpression('{{ $json.suspendedJob }}', 0));
		resumedJob(this.getBodyData(), job.jobId);
		return await once(this, job);
	} catch (error) {
		return refuse(this, 404, explained(error, []).message);
	}
}

/** Jobs whose results are being fetched: a caller that has no patience for that calls again. */
const inHand = new Set<string>();

async function once(context: IWebhookFunctions, job: SuspendedJob): Promise<IWebhookResponseData> {
	if (inHand.has(job.jobId)) return refuse(context, 409, `The result of job ${job.jobId} is being fetched already`);
	inHand.add(job.jobId);
	try {
		return await bring(context, job);
	} catch (error) {
		return { workflowData: [[fail(context, error)]] };
	} finally {
		inHand.delete(job.jobId);
	}
}

function bring(context: IWebhookFunctions, { outputField, ...sent }: SuspendedJob): Promise<IWebhookResponseData> {
	return withJobFolder(async (folder) => {
		const { signal } = new AbortController();
		const later = await fetchLater(sent, { isPatient: false, folder, signal }, { ...(await machineOf(context, 0)), deadline: 0 });
		if (!later.isFinished) return refuse(context, 409, `Job ${sent.jobId} has not ended: ${later.status}`);
		if (later.envelope.status === 'error') throw fromWireError(later.envelope.error);
		const item = await itemOf(context, later.envelope.result, outputField, [0]);
		tellError(waitingStep(context), context);
		return { workflowData: [[item]] };
	});
}

function refuse(context: IWebhookFunctions, status: number, error: string): IWebhookResponseData {
	context.getResponseObject().status(status).json({ error });
	return { noWebhookResponse: true };
}

/** Ends the waiting step with an error, or where the workflow goes on after failures with an item that says so. */
function fail(context: IWebhookFunctions, error: unknown): INodeExecutionData {
	const { onError, continueOnFail } = context.getNode();
	const goesOn = continueOnFail === true || (onError !== undefined && onError !== 'stopWorkflow');
	tellError(waitingStep(context), context, goesOn ? undefined : error);
	return failedItem(error, 0, formIn(context));
}

/** n8n's record of the step that waits. A webhook call has it, but is offered no function for it. */
const waitingStep = (context: object) => ('executeData' in context && typeof context.executeData === 'object' ? context.executeData : null);

/** Puts the error that n8n ends a waiting step with into its record, or takes it out. */
function tellError(step: object | null, context: { getNode: IWebhookFunctions['getNode'] }, error?: unknown) {
	if (!step) return;
	const metadata = 'metadata' in step && typeof step.metadata === 'object' ? step.metadata : {};
	Object.assign(step, { metadata: { ...metadata, resumeError: error === undefined ? undefined : plainError(context, error) } });
}

/** The form of the node's operation, which nobody can make an expression. */
const formIn = (context: { getNode: IWebhookFunctions['getNode'] }) => fieldsOfForm(context.getNode().parameters.operation);

/** As n8n stores errors: the fields of an Error object do not survive otherwise. */
function plainError(context: { getNode: IWebhookFunctions['getNode'] }, error: unknown) {
	const full = nodeError(context.getNode(), error, 0, formIn(context));
	return { ...full, name: full.name, message: full.message, stack: full.stack };
}
