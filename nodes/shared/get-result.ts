import type { IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { fromWireError, InvalidInput } from '../../src/errors';
import type { Result } from '../../src/execute';
import { readLeftovers } from '../../src/runpod/leftover';
import { agentItem, agentSizedProperty, isForAgent } from './agent-answer';
import { fetchLater, withJobFolder } from './backend';
import { itemOf } from './media';
import { credentialPlace, outputFieldOf, outputFieldProperty, targetOf, timeLimit } from './run-on';

/** The nodes' own operation beside those of the runtime: fetches the result of a job that was only submitted. */
export const getResult: INodePropertyOptions = { name: 'Get Result', value: 'get_result', action: 'Get the result of a submitted job', description: 'Fetch the result, with its files, of a job that was submitted earlier' };

const show = { operation: [getResult.value] };

export const getResultProperties: INodeProperties[] = [
	{ displayName: 'Run On', name: 'runOn', type: 'hidden', default: 'remote', displayOptions: { show } },
	credentialPlace(show),
	{ displayName: 'Job ID', name: 'jobId', type: 'string', default: '={{ $json.jobId }}', required: true, description: 'What the node gave that submitted the job', displayOptions: { show } },
	{
		displayName: 'Wait Until Done',
		name: 'waitUntilDone',
		type: 'boolean',
		default: true,
		description: 'Whether to wait for a job that has not ended. If off, its status is given instead.',
		displayOptions: { show },
	},
	{
		...timeLimit,
		displayOptions: { show: { ...show, waitUntilDone: [true] } },
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		displayOptions: { show },
		options: [
			agentSizedProperty,
			outputFieldProperty,
			{ displayName: 'Temporary Files', name: 'temporaryFiles', type: 'json', default: '={{ $json.temporaryFiles }}', description: 'What was stored for the job, as the node told that submitted it; removed once the result is here' },
		],
	},
];

export async function fetchResult(context: IExecuteFunctions, items: readonly number[]): Promise<INodeExecutionData> {
	const item = items[0] ?? 0;
	const jobId = String(context.getNodeParameter('jobId', item) ?? '').trim();
	if (!jobId) throw new InvalidInput('Job ID: Expected the id of a submitted job, got nothing. Connect the node that submitted it', { field: 'jobId' });
	const options = context.getNodeParameter('options', item, {}) as { temporaryFiles?: unknown };
	const temporaryFiles = options.temporaryFiles ?? context.getInputData()[item]?.json.temporaryFiles;
	const target = await targetOf(context, item);
	return withJobFolder(async (folder) => {
		const job = {
			isPatient: context.getNodeParameter('waitUntilDone', item, true) === true,
			folder,
			signal: context.getExecutionCancelSignal() ?? new AbortController().signal,
			onProgress: (fraction: number, activity: string) => context.sendMessageToUI(`${activity} (${Math.round(fraction * 100)} %)`),
			onHint: (hint: string) => context.sendMessageToUI(hint),
		};
		const sent = { jobId, temporaryFiles: readLeftovers(temporaryFiles) };
		const later = await fetchLater(sent, job, target);
		if (!later.isFinished) return { json: { ...sent, ...later } as unknown as IDataObject, pairedItem: { item } };
		if (later.envelope.status === 'error') throw fromWireError(later.envelope.error);
		const toItem = (placed: Result) => itemOf(context, placed, outputFieldOf(options), items);
		return isForAgent(context, options) ? agentItem(context, item, later.envelope.result, job, toItem) : toItem(later.envelope.result);
	});
}
