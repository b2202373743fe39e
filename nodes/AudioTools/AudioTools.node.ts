import type { INodeType, INodeTypeDescription } from 'n8n-workflow';
import { describeNode } from '../shared/description';
import { runItems } from '../shared/run-items';

export class AudioTools implements INodeType {
	description: INodeTypeDescription = describeNode({
		displayName: 'Audio Tools',
		name: 'audioTools',
		icon: { light: 'file:audio-tools.svg', dark: 'file:audio-tools.dark.svg' },
		groups: ['audio'],
		description: 'Read, convert and mix sound files',
	});

	execute = runItems;
}
