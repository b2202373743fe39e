import type { IExecuteFunctions, INodeCredentialDescription, INodeProperties, INodePropertyOptions, IWebhookFunctions } from 'n8n-workflow';
import { InvalidInput } from '../../src/errors';
import { meetsStorage } from '../../src/fields';
import type { Operation } from '../../src/operation';
import { findOperation } from '../../src/operations';
import { configOfCredential, type StorageConfig } from '../../src/storage/config';

/** The linter would write "N8n". */
const here = 'This n8n';
const places: INodePropertyOptions[] = [
	{ name: here, value: 'embedded', description: 'On the machine that n8n runs on' },
	{ name: 'RunPod or Own Runtime', value: 'remote', description: 'On a serverless endpoint at RunPod, or on a machine of your own that runs "ai-agent-tools serve"' },
];

const waits: INodePropertyOptions[] = [
	{ name: 'Until the Job Is Done', value: 'poll', description: 'Give the result as if the work were done here' },
	{ name: 'Suspend Until Done', value: 'suspend', description: 'Let n8n sleep until the other machine calls back; for one item, and an n8n that the other machine can reach' },
	{ name: 'Submit Only', value: 'submit', description: 'Go on at once with the ID of the job; fetch its result later with Get Result' },
];

/** The one switch between the machine n8n runs on and another one. */
export const runOn = (own: readonly Operation[]): INodeProperties[] => {
	const there = own.filter(({ staysHere }) => !staysHere).map(({ name }) => name);
	if (there.length === 0) return [];
	return [
		{
			displayName: 'Run On',
			name: 'runOn',
			type: 'options',
			noDataExpression: true,
			default: 'embedded',
			description: 'Where the work is done; the fields and the result are the same',
			options: places,
			displayOptions: { show: { operation: there } },
		},
		credentialPlace({ operation: there, runOn: ['remote'] }),
		notice('RunPod charges for every second that a worker runs, its start included. A machine of your own does not.', 'costs', { operation: there, runOn: ['remote'] }),
		{
			displayName: 'Wait',
			name: 'wait',
			type: 'options',
			noDataExpression: true,
			default: 'poll',
			description: 'What the workflow does while the job runs on the other machine',
			options: waits,
			displayOptions: { show: { operation: there, runOn: ['remote'] } },
		},
		{ ...timeLimit, displayOptions: { show: { operation: there, runOn: ['remote'] } } },
	];
};

type Show = NonNullable<NonNullable<INodeProperties['displayOptions']>['show']>;

/** Where the editor shows the node's credentials; without it they stand above the first field. */
export const credentialPlace = (show: Show): INodeProperties => ({ displayName: 'Credential', name: 'credential', type: 'credentials', default: '', displayOptions: { show } });

export const notice = (text: string, name: string, show: Show): INodeProperties => ({ displayName: text, name, type: 'notice', default: '', displayOptions: { show } });

const ownS3 = 'aiAgentToolsS3Api';

/** Storage is for large files of jobs on another machine, for files given by key, and for what an AI agent is to reach. */
export function workCredentials(own: readonly Operation[]): INodeCredentialDescription[] {
	const hide = own.filter((operation) => !meetsStorage(operation)).map(({ name }) => name);
	return [
		{ name: 'aiAgentToolsRunPodApi', required: true, displayOptions: { show: { runOn: ['remote'] } } },
		{ name: ownS3, displayName: 'S3 Storage (Optional)', required: false, ...(hide.length > 0 && { displayOptions: { hide: { operation: hide } } }) },
	];
}

/** Under this name the editor offers the kinds of credential where a credential is chosen. */
export const authentication: INodeProperties = {
	displayName: 'Authentication',
	name: 'authentication',
	type: 'options',
	noDataExpression: true,
	default: ownS3,
	options: [
		{ name: 'AI Agent Tools: S3 Storage API', value: ownS3, description: 'Can hold a bucket and a folder, and its test explains itself' },
		{ name: 'S3 of the S3 Node', value: 's3', description: 'For people who have filled it in already; it holds no bucket, so name one in this node' },
	],
};

/** Of a job on another machine. */
export const timeLimit: INodeProperties = {
	displayName: 'Time Limit',
	name: 'deadline',
	type: 'number',
	default: 3600,
	typeOptions: { minValue: 5, maxValue: 604_800 },
	hint: 'Seconds after which the job is cancelled when it has not ended',
};

export const isRemote = (context: IExecuteFunctions, { staysHere }: Operation, item: number) => !staysHere && context.getNodeParameter('runOn', item, 'embedded') === 'remote';

export const waitOf = (context: IExecuteFunctions, item: number) => context.getNodeParameter('wait', item, 'poll');

export const outputFieldProperty: INodeProperties = { displayName: 'Put Output File in Field', name: 'outputField', type: 'string', default: 'data', hint: 'The name of the output binary field to put the file in' };

export function outputFieldOf(options: unknown): string {
	const name = typeof options === 'object' && options !== null && 'outputField' in options ? String(options.outputField).trim() : '';
	return name || 'data';
}

/** What tells the node's credentials, in an execution and in a webhook call alike. */
type Owner = Pick<IWebhookFunctions, 'getNode'> & { getCredentials<T extends object>(type: string, item?: number): Promise<T> };

/** The machine to run on, and how long it may take. */
export async function targetOf(context: IExecuteFunctions, item: number) {
	return { ...(await machineOf(context, item)), deadline: Number(context.getNodeParameter('deadline', item, timeLimit.default)) };
}

/** The machine to run on, from the node's credentials. */
export async function machineOf(context: Owner, item: number) {
	if (!context.getNode().credentials?.aiAgentToolsRunPodApi)
		throw new InvalidInput(`Expected a credential for the other machine, got none. Choose or create one at "AI Agent Tools: RunPod or Own Runtime API" in this node, or set Run On to ${here}`, { code: 'no_credential' });
	const { baseUrl, endpointId, apiKey } = await context.getCredentials<{ baseUrl: string; endpointId: string; apiKey: string }>('aiAgentToolsRunPodApi', item);
	return {
		baseUrl: baseUrl.trim().replace(/\/+$/, '') || undefined,
		endpointId: endpointId.trim(),
		apiKey: apiKey.trim(),
		storage: await storageOf(context, item),
	};
}

/** The storage chosen in the node, if one is. */
export async function storageOf(context: Owner, item: number): Promise<StorageConfig | undefined> {
	const { credentials, parameters } = context.getNode();
	const operation = findOperation(String(parameters.operation));
	// n8n refuses a credential that the form does not show.
	const chosen = parameters.authentication === 's3' ? 's3' : ownS3;
	if (!credentials?.[chosen] || (operation && !meetsStorage(operation))) return undefined;
	return configOfCredential(await context.getCredentials(chosen, item));
}
