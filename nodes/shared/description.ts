import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import type { Group, Operation } from '../../src/operation';
import { operations } from '../../src/operations';
import { getResult, getResultProperties } from './get-result';
import { capital, propertiesOf } from './properties';
import { runOn, workCredentials } from './run-on';

/** The credentials of a node that works. */
export const credentialsFor = (...groups: Group[]) => workCredentials(ownOperations(groups));

const ownOperations = (groups: readonly Group[]) => operations.filter(({ group }) => groups.includes(group));

/** Whether any of them can run on another machine, where it may outlive the workflow. */
const isSent = (own: readonly Operation[]) => own.some(({ staysHere }) => !staysHere);

/** A node's parameters: everything the operations of its groups need. */
export function formFor(...groups: [Group, ...Group[]]): INodeProperties[] {
	const own = ownOperations(groups);
	return [resourceOf(groups[0]), operationList(groups[0], own), ...runOn(own), ...own.flatMap(propertiesOf), ...(isSent(own) ? getResultProperties : [])];
}

/** An expression for the line under the node's name: the operation's title. */
export function subtitleFor(...groups: Group[]): string {
	const titles = Object.fromEntries([...ownOperations(groups).map(({ name, title }) => [name, title]), [getResult.value, getResult.name]]);
	return `={{ (${JSON.stringify(titles)})[$parameter["operation"]] }}`;
}

/** Hidden, but present: without a resource n8n names every node on the canvas alike. */
const resourceOf = (group: Group): INodeProperties => ({
	displayName: 'Resource',
	name: 'resource',
	type: 'hidden',
	noDataExpression: true,
	default: group,
	options: [{ name: capital(group), value: group }],
});

const operationList = (group: Group, own: readonly Operation[], first = own[0]?.name ?? ''): INodeProperties => ({
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	default: first,
	displayOptions: { show: { resource: [group] } },
	options: [...own.map(operationOption), ...(isSent(own) ? [getResult] : [])].sort((a, b) => a.name.localeCompare(b.name)),
});

const operationOption = ({ title, name, action, summary }: Operation): INodePropertyOptions => ({ name: title, value: name, action, description: summary });
