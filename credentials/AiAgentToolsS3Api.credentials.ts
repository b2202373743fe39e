import type { ICredentialType, INodeProperties } from 'n8n-workflow';

/** Tested by a function of the Storage Tools node (nodes/shared/storage-test.ts), which can explain what a plain request cannot. */
export class AiAgentToolsS3Api implements ICredentialType {
	name = 'aiAgentToolsS3Api';

	displayName = 'AI Agent Tools: S3 Storage API';

	icon = { light: 'file:s3.svg', dark: 'file:s3.dark.svg' } as const;

	documentationUrl = 'https://github.com/sruckh/n8n-nodes-ai-agent-tools/blob/main/docs/storage.md';

	properties: INodeProperties[] = [
		{
			displayName: 'S3 Endpoint',
			name: 'endpoint',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://s3.eu-central-1.amazonaws.com',
			description: 'Address of the storage. Leave empty for AWS.',
		},
		{
			displayName: 'Region',
			name: 'region',
			type: 'string',
			default: 'us-east-1',
			description: 'Taken from the endpoint when that tells it and this is us-east-1',
		},
		{
			displayName: 'Access Key ID',
			name: 'accessKeyId',
			type: 'string',
			default: '',
			required: true,
		},
		{
			displayName: 'Secret Access Key',
			name: 'secretAccessKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
		},
		{
			displayName: 'Session Token',
			name: 'sessionToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: 'Only for temporary credentials',
		},
		{
			displayName: 'Bucket Name',
			name: 'bucketName',
			type: 'string',
			default: '',
			placeholder: 'e.g. media',
			description: 'Bucket that is meant when a node names none. The connection test tries this bucket.',
		},
		{
			displayName: 'Key Prefix',
			name: 'keyPrefix',
			type: 'string',
			default: '',
			placeholder: 'e.g. n8n',
			description: 'Folder for files that are stored without a key of their own',
		},
		{
			displayName: 'Force Path Style',
			name: 'forcePathStyle',
			type: 'boolean',
			default: false,
			description: 'Whether the bucket goes into the path of the address instead of its host name, as MinIO, Ceph, RunPod volumes and most servers of one\'s own need it',
		},
		{
			displayName: 'Ignore SSL Issues (Insecure)',
			name: 'ignoreSSLIssues',
			type: 'boolean',
			default: false,
			description: 'Whether to connect even if the certificate of the storage cannot be trusted',
		},
	];
}
