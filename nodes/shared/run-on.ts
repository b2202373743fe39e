import type { IExecuteFunctions, INodeCredentialDescription, INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import type { Operation } from '../../src/operation';
import { configOfCredential, type StorageConfig } from '../../src/storage/config';

/** The linter would write "N8n". */
const here = 'This n8n';
const places: INodePropertyOptions[] = [
	{ name: here, value: 'embedded', description: 'On the machine that n8n runs on' },
	{ name: 'RunPod or Own Runtime', value: 'remote', description: 'On a serverless endpoint at RunPod, or on a machine of your own that runs "ai-agent-tools serve"' },
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
	];
};

const whenRemote = { show: { runOn: ['remote'] } };

export const remoteCredentials: INodeCredentialDescription[] = [
	{ name: 'aiAgentToolsRunPodApi', required: true, displayOptions: whenRemote },
	{ name: 'aiAgentToolsS3Api', required: false, displayOptions: whenRemote },
];

/** Options of a job on another machine. */
export const remoteOptions: INodeProperties[] = [
	{
		displayName: 'Time Limit',
		name: 'deadline',
		type: 'number',
		default: 3600,
		typeOptions: { minValue: 5, maxValue: 604_800 },
		description: 'Seconds after which the job is cancelled when it has not ended; for RunPod or your own runtime',
		displayOptions: { show: { '/runOn': ['remote'] } },
	},
];

export const isRemote = (context: IExecuteFunctions, { staysHere }: Operation, item: number) => !staysHere && context.getNodeParameter('runOn', item, 'embedded') === 'remote';

/** The machine to run on, from the node's credentials. */
export async function targetOf(context: IExecuteFunctions, item: number) {
	const { baseUrl, endpointId, apiKey } = await context.getCredentials<{ baseUrl: string; endpointId: string; apiKey: string }>('aiAgentToolsRunPodApi', item);
	const { deadline } = context.getNodeParameter('options', item, {}) as { deadline?: number };
	return {
		baseUrl: baseUrl.trim().replace(/\/+$/, '') || undefined,
		endpointId: endpointId.trim(),
		apiKey: apiKey.trim(),
		deadline: deadline ?? 3600,
		storage: await storageOf(context, item),
	};
}

/** The storage chosen in the node, if one is. */
export async function storageOf(context: IExecuteFunctions, item: number): Promise<StorageConfig | undefined> {
	if (!context.getNode().credentials?.aiAgentToolsS3Api) return undefined;
	return configOfCredential(await context.getCredentials('aiAgentToolsS3Api', item));
}
