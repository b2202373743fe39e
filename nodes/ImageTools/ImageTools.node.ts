import { NodeConnectionTypes, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import { credentialsFor, formFor, subtitleFor } from '../shared/description';
import { runItems } from '../shared/run-items';
import { resume, resumeWebhooks } from '../shared/suspend';

export class ImageTools implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Image Tools',
		name: 'imageTools',
		icon: { light: 'file:image-tools.svg', dark: 'file:image-tools.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: subtitleFor('image'),
		description: 'Put images on one sheet, and make them look less like those of a machine',
		defaults: { name: 'Image Tools' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: credentialsFor('image'),
		webhooks: resumeWebhooks,
		properties: formFor('image'),
	};

	execute = runItems;

	webhook = resume;
}
