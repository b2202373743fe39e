import { NodeConnectionTypes, type INodeProperties, type INodeTypeDescription } from 'n8n-workflow';
import type { Group, Operation } from '../../src/operation';
import { operations } from '../../src/operations';
import { propertiesOf } from './properties';

interface NodeWords {
	displayName: string;
	name: string;
	icon: INodeTypeDescription['icon'];
	groups: readonly Group[];
	description: string;
}

/** What all nodes share; the forms come from the operations of the node's groups. */
export function describeNode({ displayName, name, icon, groups, description }: NodeWords): INodeTypeDescription {
	const own = operations.filter(({ group }) => groups.includes(group));
	return {
		displayName,
		name,
		...(icon !== undefined && { icon }),
		group: ['transform'],
		version: 1,
		subtitle: `={{ (${JSON.stringify(Object.fromEntries(own.map((one) => [one.name, one.title])))})[$parameter["operation"]] }}`,
		description,
		defaults: { name: displayName },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		properties: [resourceOf(displayName, groups[0] ?? 'utility'), operationList(own), ...own.flatMap(propertiesOf)],
	};
}

/** Hidden, but present: without a resource n8n names every node on the canvas alike. */
const resourceOf = (displayName: string, group: Group): INodeProperties => ({
	displayName: 'Resource',
	name: 'resource',
	type: 'hidden',
	noDataExpression: true,
	default: group,
	options: [{ name: displayName, value: group }],
});

const operationList = (own: readonly Operation[]): INodeProperties => ({
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	default: own[0]?.name ?? '',
	options: own.map(({ title, name, action, summary }) => ({ name: title, value: name, action, description: summary })).sort((a, b) => a.name.localeCompare(b.name)),
});
