import { NodeConnectionTypes, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import { credentialsFor, formFor, subtitleFor } from '../shared/description';
import { runItems } from '../shared/run-items';
import { resume, resumeWebhooks } from '../shared/suspend';

export class VideoTools implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Video Tools',
		name: 'videoTools',
		icon: { light: 'file:video-tools.svg', dark: 'file:video-tools.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: subtitleFor('video', 'utility'),
		description: 'Make narrated and captioned videos, and read, join and cut them',
		defaults: { name: 'Video Tools' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: credentialsFor('video', 'utility'),
		webhooks: resumeWebhooks,
		properties: formFor('video', 'utility'),
	};

	execute = runItems;

	webhook = resume;
}
