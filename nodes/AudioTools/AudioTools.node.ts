import { NodeConnectionTypes, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import { credentialsFor, formFor, subtitleFor } from '../shared/description';
import { runItems } from '../shared/run-items';
import { resume, resumeWebhooks } from '../shared/suspend';

export class AudioTools implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Audio Tools',
		name: 'audioTools',
		icon: { light: 'file:audio-tools.svg', dark: 'file:audio-tools.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: subtitleFor('audio'),
		description: 'Read, convert and mix sound files',
		defaults: { name: 'Audio Tools' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: credentialsFor('audio'),
		webhooks: resumeWebhooks,
		properties: formFor('audio'),
	};

	execute = runItems;

	webhook = resume;
}
