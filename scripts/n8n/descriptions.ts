import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { type INode, type INodeCredentialDescription, type INodeProperties, type INodePropertyOptions, type INodeType, type INodeTypeDescription, NodeHelpers } from 'n8n-workflow';
import { readManifest } from './package';

const load = createRequire(__filename);

/** The built nodes of a package as n8n gets to see them. */
export async function readDescriptions(packageFolder: string): Promise<INodeTypeDescription[]> {
	const manifest = await readManifest(packageFolder);
	const { nodes } = manifest.n8n as { nodes: string[] };
	return nodes.map((path) => {
		const Class = (load(join(packageFolder, path)) as Record<string, new () => INodeType>)[basename(path, '.node.js')];
		if (!Class) throw new Error(`Expected ${path} to export a class of the same name`);
		const { description } = new Class();
		return { ...description, name: `${manifest.name}.${description.name}` };
	});
}

export interface Form {
	description: INodeTypeDescription;
	operation: string;
	/** What the node is called on the canvas. */
	action: string;
	/** As it is dropped. */
	node: INode;
	/** With every option added, to run on another machine where it can. */
	unfolded: INode;
	/** The labels that a person sees who has just dropped the node. The editor asks for the kind of credential where it asks for the credential. */
	labels: string[];
	/** The names of those that n8n marks red while they are empty. */
	required: string[];
}

/** One form for each operation of each node. */
export const formsOf = (descriptions: INodeTypeDescription[]): Form[] => descriptions.flatMap((description) => operationsOf(description).map((operation) => formOf(description, operation)));

const operationsOf = ({ properties }: INodeTypeDescription) =>
	(properties.find(({ name }) => name === 'operation')?.options ?? []).filter((option): option is INodePropertyOptions => 'value' in option);

function formOf(description: INodeTypeDescription, { value, action, name }: INodePropertyOptions): Form {
	const operation = String(value);
	const version = [description.version].flat().at(-1) ?? 1;
	const title = action ?? name;
	// Several nodes have an operation of one title.
	const place = (what: string, parameters: INode['parameters']): INode => ({ id: crypto.randomUUID(), name: `${title} (${description.displayName}${what})`, type: description.name, typeVersion: version, position: [0, 0], parameters });
	const node = place('', { operation });
	const elsewhere = place(', everything', { operation, runOn: 'remote' });
	const unfolded = { ...elsewhere, parameters: { ...elsewhere.parameters, ...everyOption(visible(description, elsewhere)) } };
	const seen = visible(description, node);
	const required = seen.filter((property) => property.required).map((property) => property.name);
	return { description, operation, action: title, node, unfolded, labels: labelsOf(description, node, seen), required };
}

function labelsOf(description: INodeTypeDescription, node: INode, seen: INodeProperties[]): string[] {
	const fields = seen.filter(({ name, type }) => name !== 'authentication' && type !== 'credentials');
	const credentials = (description.credentials ?? []).filter(isShown(description, node));
	return [...fields.map(({ displayName }) => displayName), ...credentials.map(({ displayName = 'Credential' }) => displayName)];
}

const everyOption = (properties: INodeProperties[]): INode['parameters'] =>
	Object.fromEntries(properties.filter(({ type }) => type === 'collection').map(({ name, options = [] }) => [name, Object.fromEntries(options.flatMap((option) => ('default' in option ? [[option.name, option.default]] : [])))]));

const visible = (description: INodeTypeDescription, node: INode): INodeProperties[] =>
	description.properties.filter(({ type }) => type !== 'hidden').filter(isShown(description, node));

function isShown(description: INodeTypeDescription, node: INode) {
	const values = NodeHelpers.getNodeParameters(description.properties, node.parameters, true, false, node, description) ?? {};
	return (one: INodeProperties | INodeCredentialDescription) => NodeHelpers.displayParameter(values, one, node, description);
}
