import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { type INode, type INodeProperties, type INodeType, type INodeTypes } from 'n8n-workflow';
import { dist } from '../dist';
import manifest from '../../../package.json';
import { agentNodes } from './agent-nodes';
import { baseNodes } from './base-nodes';

const load = createRequire(__filename);

/** Loads every node of the built package as n8n does: the class is named like its file. Each has a second type, as the tool of an AI agent. */
function packageNodes(): Record<string, INodeType> {
	return Object.fromEntries(
		manifest.n8n.nodes.flatMap((path) => {
			const file = dist(path.replace(/^dist\//, ''));
			const Class = (load(file) as Record<string, new () => INodeType>)[basename(file, '.node.js')];
			if (!Class) throw new Error(`Expected ${file} to export a class of the same name`);
			const node = new Class();
			return [node, asTool(node)].map((one) => [`${manifest.name}.${one.description.name}`, one]);
		}),
	);
}

/** What n8n makes of a node that is usable as a tool. */
function asTool(node: INodeType): INodeType {
	const words: INodeProperties[] = ['descriptionType', 'toolDescription'].map((name) => ({ displayName: name, name, type: 'string', default: '' }));
	const { description } = node;
	return { ...node, description: { ...description, name: `${description.name}Tool`, inputs: [], outputs: ['ai_tool'], properties: [...words, ...description.properties] } };
}

/** The node types that a workflow can name; the package is loaded when one of its own is asked for. `extra` is what a test brings along. */
export function nodeTypes(extra: Record<string, INodeType> = {}): INodeTypes {
	const known: Record<string, INodeType> = { ...baseNodes, ...agentNodes, ...extra };
	const find = (type: string) => {
		if (!known[type] && type.startsWith(`${manifest.name}.`)) Object.assign(known, packageNodes(), extra);
		const node = known[type];
		if (!node) throw new Error(`Expected one of the node types ${Object.keys(known).join(', ')}, got ${type}`);
		return node;
	};
	return { getByName: find, getByNameAndVersion: find, getKnownTypes: () => ({}) };
}

/** n8n drops a parameter that the node does not have without a word; a template with a misspelt one should not pass. */
export function refuseUnknownParameters(nodes: INode[], types: INodeTypes): void {
	for (const { name, type, typeVersion, parameters } of nodes) {
		const known = types.getByNameAndVersion(type, typeVersion).description.properties.map((property) => property.name);
		const unknown = Object.keys(parameters).filter((parameter) => !known.includes(parameter));
		if (unknown.length) throw new Error(`The node "${name}" (${type}) has no parameter ${unknown.join(', ')}; it has ${known.join(', ')}`);
	}
}
