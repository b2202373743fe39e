import type { IAuthenticateGeneric, ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow';

export class AiAgentToolsRunPodApi implements ICredentialType {
	name = 'aiAgentToolsRunPodApi';

	displayName = 'AI Agent Tools: RunPod or Own Runtime API';

	icon = { light: 'file:runpod.svg', dark: 'file:runpod.dark.svg' } as const;

	documentationUrl = 'https://github.com/sruckh/n8n-nodes-ai-agent-tools/blob/main/docs/runpod.md';

	properties: INodeProperties[] = [
		{
			displayName:
				'For RunPod, enter the ID and an API key of a serverless endpoint that runs the AI Agent Tools image. For a machine of your own, start "ai-agent-tools serve" there and enter its address, ending in /v2, and its key.',
			name: 'notice',
			type: 'notice',
			default: '',
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.runpod.ai/v2',
			placeholder: 'e.g. http://192.168.1.20:8000/v2',
			description: "RunPod's address, or that of your own runtime",
			required: true,
		},
		{
			displayName: 'Endpoint ID',
			name: 'endpointId',
			type: 'string',
			default: '',
			placeholder: 'e.g. abc123def456',
			description: 'Shown on the endpoint\'s page at RunPod. On your own runtime it is "local" unless you named it otherwise.',
			required: true,
		},
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: 'Made under Settings, API Keys at RunPod. On your own runtime it is the key it was started with, empty when it has none.',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { Authorization: '=Bearer {{$credentials.apiKey}}' } },
	};

	test: ICredentialTestRequest = {
		request: { baseURL: '={{$credentials.baseUrl.trim().replace(/\\/+$/, "")}}/{{$credentials.endpointId.trim()}}', url: '/health', timeout: 15_000 },
		rules: [
			{ type: 'responseCode', properties: { value: 401, message: 'The endpoint refused the API key. Check the key, and that it may use this endpoint.' } },
			{ type: 'responseCode', properties: { value: 403, message: 'The endpoint refused the API key. Check the key, and that it may use this endpoint.' } },
			{ type: 'responseCode', properties: { value: 404, message: 'No such endpoint. Check the endpoint ID, and that the base URL ends in /v2.' } },
		],
	};
}
