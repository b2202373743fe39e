import { NodeConnectionTypes, type INodeType, type INodeTypeDescription } from 'n8n-workflow';
import { credentialsFor, formFor, subtitleFor } from '../shared/description';
import { runItems } from '../shared/run-items';
import { resume, resumeWebhooks } from '../shared/suspend';

export class SpeechTools implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Speech Tools',
		name: 'speechTools',
		icon: { light: 'file:speech-tools.svg', dark: 'file:speech-tools.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: subtitleFor('speech'),
		description: 'Make speech from text, write down what is said, and convert captions',
		defaults: { name: 'Speech Tools' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: credentialsFor('speech'),
		webhooks: resumeWebhooks,
		properties: formFor('speech'),
	};

	execute = runItems;

	webhook = resume;
}
