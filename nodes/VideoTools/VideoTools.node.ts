import type { INodeType, INodeTypeDescription } from 'n8n-workflow';
import { describeNode } from '../shared/description';
import { runItems } from '../shared/run-items';

export class VideoTools implements INodeType {
	description: INodeTypeDescription = describeNode({
		displayName: 'Video Tools',
		name: 'videoTools',
		icon: { light: 'file:video-tools.svg', dark: 'file:video-tools.dark.svg' },
		groups: ['video', 'utility'],
		description: 'Make narrated and captioned videos, and read, join and cut them',
	});

	execute = runItems;
}
