import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { IBinaryData, IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { InvalidInput } from '../../src/errors';
import type { Field } from '../../src/fields';
import { placeFiles } from '../../src/produced';
import type { Result } from '../../src/execute';

type Values = Record<string, unknown>;

/** Streams the binary fields that an input names into the job's folder and puts `{ file }` in their place. */
export async function bringMedia(context: IExecuteFunctions, items: readonly number[], input: Values, fields: readonly Field[], folder: string): Promise<Values> {
	const bring = (choice: unknown, field: string) => bringOne(context, items[0] ?? 0, choice, field, folder);
	const brought: Values = { ...input };
	for (const field of fields) {
		const value = brought[field.key];
		if (value === undefined || value === false) continue;
		if (field.kind === 'media' || field.kind === 'mediaOrText') brought[field.key] = await bring(value, field.key);
		else if (field.kind === 'mediaList') brought[field.key] = await bringList(context, items, value, field.key, folder);
		else if (field.kind === 'object' || field.kind === 'switchable') brought[field.key] = await bringMedia(context, items, value as Values, field.fields, folder);
		else if (field.kind === 'variants') {
			const variant = field.variants.find(({ name }) => name === (value as Values)[field.discriminator]);
			brought[field.key] = await bringMedia(context, items, value as Values, variant?.fields ?? [], folder);
		}
	}
	return brought;
}

const isChoice = <K extends string>(choice: unknown, key: K): choice is Record<K, unknown> => typeof choice === 'object' && choice !== null && key in choice;

async function bringOne(context: IExecuteFunctions, item: number, choice: unknown, field: string, folder: string): Promise<unknown> {
	return isChoice(choice, 'binary') ? bringBinary(context, item, choice.binary, field, folder) : choice;
}

/** A list of files: one binary field of every item, or several places. */
async function bringList(context: IExecuteFunctions, items: readonly number[], choice: unknown, field: string, folder: string): Promise<unknown> {
	const files: unknown[] = [];
	if (isChoice(choice, 'items')) for (const item of items) files.push(await bringBinary(context, item, choice.items, field, folder));
	else if (Array.isArray(choice)) for (const one of choice) files.push(await bringOne(context, items[0] ?? 0, one, field, folder));
	else return choice;
	return files;
}

async function bringBinary(context: IExecuteFunctions, item: number, choice: unknown, field: string, folder: string): Promise<{ file: string; fileName?: string }> {
	const binary = isBinary(choice) ? choice : binaryOf(context, item, String(choice).trim(), field);
	const path = join(folder, `in-${randomUUID().slice(0, 8)}${/^\.[a-z0-9]{1,5}$/i.exec(extname(binary.fileName ?? ''))?.[0] ?? ''}`);
	// Without an id the bytes lie in the item itself (n8n's memory mode) and there is nothing to stream.
	const source = binary.id ? await context.helpers.getBinaryStream(binary.id) : [Buffer.from(binary.data, 'base64')];
	await pipeline(source, createWriteStream(path, { mode: 0o600 }));
	return { file: path, ...(binary.fileName !== undefined && { fileName: binary.fileName }) };
}

/** What an expression such as `$('Form').first().binary.data` gives: the tool of an AI agent gets items without files, and takes them from there. */
const isBinary = (choice: unknown): choice is IBinaryData => isChoice(choice, 'mimeType') && (isChoice(choice, 'id') || isChoice(choice, 'data'));

function binaryOf(context: IExecuteFunctions, item: number, name: string, field: string): IBinaryData {
	const { binary = {} } = context.getInputData()[item] ?? {};
	const found = binary[name];
	if (found) return found;
	const names = Object.keys(binary);
	const [only] = names;
	const has =
		only === undefined
			? 'the item has no binary data. Connect a node that gives a file, name a file of an earlier node by an expression, or choose URL in place of Binary'
			: names.length === 1
				? `the item has only ${only}. Enter that name here`
				: `the item has ${names.join(', ')}. Enter one of these names here`;
	throw new InvalidInput(`${field}: Expected a binary field named "${name}", but ${has}`, { field, code: 'binary_missing' });
}

/** Makes n8n items of a result: the files become binary data, streamed; the rest is the JSON. */
export async function itemOf(context: { helpers: Pick<IExecuteFunctions['helpers'], 'prepareBinaryData'> }, result: Result, outputField: string, items: readonly number[]): Promise<INodeExecutionData> {
	const binary: Record<string, IBinaryData> = {};
	let count = 0;
	const json = await placeFiles(result, async ({ file, ...facts }) => {
		const binaryField = count === 0 ? outputField : `${outputField}_${count}`;
		count++;
		binary[binaryField] = await context.helpers.prepareBinaryData(createReadStream(file), facts.fileName, facts.mimeType);
		return { ...facts, binaryField };
	});
	const pairedItem = items.length === 1 ? { item: items[0] ?? 0 } : items.map((item) => ({ item }));
	return { json: json as IDataObject, ...(count > 0 && { binary }), pairedItem };
}
