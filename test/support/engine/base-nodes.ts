import { type IBinaryData, type IDataObject, type IExecuteFunctions, type INodeExecutionData, type INodeProperties, type INodeType, jsonParse } from 'n8n-workflow';

/**
 * The few nodes of n8n itself that the templates use, with the parameters and the answers of the real ones. The real package
 * (n8n-nodes-base) weighs hundreds of megabytes; `npm run e2e` runs the same templates with it.
 */

type PerItem = (this: IExecuteFunctions, index: number, item: INodeExecutionData) => Promise<INodeExecutionData> | INodeExecutionData;

function baseNode(name: string, displayName: string, versions: number[], properties: INodeProperties[], perItem: PerItem): INodeType {
	return {
		description: {
			name,
			displayName,
			group: ['transform'],
			version: versions,
			description: displayName,
			defaults: { name: displayName },
			inputs: ['main'],
			outputs: ['main'],
			properties,
		},
		async execute() {
			const items = this.getInputData();
			return [await Promise.all(items.map(async (item, index) => ({ ...(await perItem.call(this, index, item)), pairedItem: { item: index } })))];
		},
	};
}

const text = (name: string, value = ''): INodeProperties => ({ displayName: name, name, type: 'string', default: value });
const options: INodeProperties = { displayName: 'Options', name: 'options', type: 'collection', default: {}, options: [] };

const manualTrigger: INodeType = {
	...baseNode('manualTrigger', 'Manual Trigger', [1], [], (_index, item) => item),
};

interface Assignment {
	name: string;
	value: IDataObject[string];
	type: string;
}

/** Edit Fields: manual assignments (a string holding JSON for objects and arrays, as the real one allows) or a JSON object. */
const set = baseNode(
	'set',
	'Edit Fields (Set)',
	[3.3, 3.4],
	[
		{ displayName: 'Mode', name: 'mode', type: 'options', default: 'manual', options: [{ name: 'Manual', value: 'manual' }, { name: 'JSON', value: 'raw' }] },
		{ displayName: 'JSON', name: 'jsonOutput', type: 'json', default: '{}' },
		{ displayName: 'Fields to Set', name: 'assignments', type: 'assignmentCollection', default: {} },
		{ displayName: 'Include Other Input Fields', name: 'includeOtherFields', type: 'boolean', default: false },
		options,
	],
	function (index, item) {
		const kept = this.getNodeParameter('includeOtherFields', index, false) ? item : { json: {} };
		return { ...kept, json: { ...kept.json, ...(this.getNodeParameter('mode', index) === 'raw' ? rawFields(this, index) : assignedFields(this, index)) } };
	},
);

function rawFields(node: IExecuteFunctions, index: number): IDataObject {
	const value = node.getNodeParameter('jsonOutput', index) as IDataObject | string;
	return typeof value === 'string' ? jsonParse<IDataObject>(value) : value;
}

function assignedFields(node: IExecuteFunctions, index: number): IDataObject {
	const assignments = node.getNodeParameter('assignments.assignments', index, []) as unknown as Assignment[];
	const parsed = ({ type, value }: Assignment) => (['object', 'array'].includes(type) && typeof value === 'string' ? jsonParse<IDataObject>(value) : value);
	return Object.fromEntries(assignments.map((assignment) => [assignment.name, parsed(assignment)]));
}

/** Convert to File: base64 or text of a field becomes a file; the item's JSON is left behind, as the real node does. */
const convertToFile = baseNode(
	'convertToFile',
	'Convert to File',
	[1.1],
	[text('operation', 'csv'), text('sourceProperty'), text('binaryPropertyName', 'data'), { ...options, options: [text('fileName'), text('mimeType')] }],
	async function (index, item) {
		const operation = String(this.getNodeParameter('operation', index));
		const encoding = ({ toBinary: 'base64', toText: 'utf8' } as const)[operation];
		if (!encoding) throw new Error(`Expected the operation toBinary or toText, got ${operation}`);
		const source = String(this.getNodeParameter('sourceProperty', index));
		const value = item.json[source];
		if (typeof value !== 'string') throw new Error(`The value in "${source}" is not set`);
		const { fileName, mimeType } = this.getNodeParameter('options', index, {}) as Partial<IBinaryData>;
		const file = await this.helpers.prepareBinaryData(Buffer.from(value, encoding), fileName, mimeType);
		return { json: {}, binary: { [String(this.getNodeParameter('binaryPropertyName', index))]: file } };
	},
);

const noOp = baseNode('noOp', 'No Operation, do nothing', [1], [], (_index, item) => item);

/** Split Out: one item for each entry of a list. */
const splitOut: INodeType = {
	...baseNode('splitOut', 'Split Out', [1], [text('fieldToSplitOut'), options], (_index, item) => item),
	async execute() {
		const entries = this.getInputData().flatMap((item, index) => {
			const field = String(this.getNodeParameter('fieldToSplitOut', index));
			const list = item.json[field];
			if (!Array.isArray(list)) throw new Error(`Expected a list in the field ${field}`);
			return list.map((entry): INodeExecutionData => ({
				json: typeof entry === 'object' && entry !== null ? (entry as IDataObject) : { [field]: entry },
				pairedItem: { item: index },
			}));
		});
		return [entries];
	},
};

/** Merge, combining by position: the first items of both inputs become one, with the fields and files of both. */
const merge = baseNode(
	'merge',
	'Merge',
	[3],
	[text('mode', 'append'), text('combineBy', 'combineByFields'), { ...options, options: [{ displayName: 'Include Any Unpaired Items', name: 'includeUnpaired', type: 'boolean', default: false }] }],
	(_index, item) => item,
);
merge.description.inputs = ['main', 'main'];
merge.execute = async function () {
	const way = `${String(this.getNodeParameter('mode', 0))}, ${String(this.getNodeParameter('combineBy', 0))}`;
	if (way !== 'combine, combineByPosition') throw new Error(`Expected the mode combine, combineByPosition, got ${way}`);
	const inputs = [this.getInputData(0), this.getInputData(1)];
	const counts = inputs.map(({ length }) => length);
	const count = this.getNodeParameter('options.includeUnpaired', 0, false) ? Math.max(...counts) : Math.min(...counts);
	return [
		Array.from({ length: count }, (_, index): INodeExecutionData => {
			const items = inputs.flatMap((input) => input[index] ?? []);
			return {
				json: Object.assign({}, ...items.map(({ json }) => json)) as IDataObject,
				binary: Object.assign({}, ...items.map(({ binary }) => binary)) as Record<string, IBinaryData>,
				pairedItem: inputs.flatMap((all, input) => (all[index] ? [{ item: index, input }] : [])),
			};
		}),
	];
};

export const baseNodes: Record<string, INodeType> = Object.fromEntries(
	[manualTrigger, set, convertToFile, noOp, splitOut, merge].map((node) => [`n8n-nodes-base.${node.description.name}`, node]),
);
