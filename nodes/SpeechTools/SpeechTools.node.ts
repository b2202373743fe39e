import type { INodeType, INodeTypeDescription } from 'n8n-workflow';
import { describeNode } from '../shared/description';
import { runItems } from '../shared/run-items';

export class SpeechTools implements INodeType {
	description: INodeTypeDescription = describeNode({
		displayName: 'Speech Tools',
		name: 'speechTools',
		icon: { light: 'file:speech-tools.svg', dark: 'file:speech-tools.dark.svg' },
		groups: ['speech'],
		description: 'Make speech from text, write down what is said, and convert captions',
	});

	execute = runItems;
}
