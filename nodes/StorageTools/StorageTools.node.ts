import { NodeConnectionTypes, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import { formFor, subtitleFor } from '../shared/description';
import { runItems } from '../shared/run-items';
import { authentication } from '../shared/run-on';
import { testStorage } from '../shared/storage-test';

export class StorageTools implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Storage Tools',
		name: 'storageTools',
		icon: { light: 'file:storage-tools.svg', dark: 'file:storage-tools.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: subtitleFor('storage'),
		description: 'Store, fetch and delete files in S3-compatible storage',
		defaults: { name: 'Storage Tools' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{ name: 'aiAgentToolsS3Api', required: true, testedBy: 'testStorage', displayOptions: { show: { authentication: ['aiAgentToolsS3Api'] } } },
			// n8n's own, for those who have filled it in already: docs/decisions/0006-n8n-s3-credential.md
			{ name: 's3', required: true, displayOptions: { show: { authentication: ['s3'] } } },
		],
		properties: [authentication, ...formFor('storage')],
	};

	methods = { credentialTest: { testStorage } };

	execute = runItems;
}
