import type { IBinaryKeyData, IDataObject, IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { agentSized } from '../../src/agent-sized';
import { InvalidInput, messageOf } from '../../src/errors';
import type { Result } from '../../src/execute';
import { isProduced, mapProduced, placeFiles } from '../../src/produced';
import type { ProducedFile } from '../../src/vocabulary';
import { type BackendJob, embedded } from './backend';
import { storageOf } from './run-on';

/** What an AI agent can use of a result: n8n hands it the JSON alone, so that it has to be short, and files have to be named by key or link. */

export const agentSizedProperty: INodeProperties = {
	displayName: 'Agent-Sized Answer',
	name: 'agentSized',
	type: 'boolean',
	default: true,
	description: 'Whether to give less than 4 kB of JSON, with a key or link for every file. As the tool of an AI agent a node does so unless this is switched off.',
};

/** Bytes of JSON; leaves room for what n8n and the agent put around it. */
const limit = 3000;

/** Seconds that a link lives: n8n's own links live a day, too. */
const linkLife = 86_400;

type Place = (result: Result) => Promise<INodeExecutionData>;

/** n8n names the type of a node that runs as a tool after the node's own. */
const isTool = (context: IExecuteFunctions) => context.getNode().type.endsWith('Tool');

export function isForAgent(context: IExecuteFunctions, options: unknown): boolean {
	const chosen = typeof options === 'object' && options !== null && 'agentSized' in options ? options.agentSized : undefined;
	return typeof chosen === 'boolean' ? chosen : isTool(context);
}

/** An agent waits for its tool, and a suspended job's result comes past the place where answers are made for agents. */
export function refuseSuspended(context: IExecuteFunctions, forAgent: boolean): void {
	if (forAgent || isTool(context))
		throw new InvalidInput('Wait: Expected an agent-sized answer to be waited for, got "Suspend Until Done". Choose "Until the Job Is Done"; where no AI agent reads the result, switch Agent-Sized Answer off', { field: 'wait', code: 'not_suspendable' });
}

type Upload = Pick<BackendJob, 'folder' | 'signal' | 'onProgress'>;

/** Makes an item for an agent: files are stored where storage is set up, and else left to n8n (by `toItem`) and linked. */
export async function agentItem(context: IExecuteFunctions, item: number, result: Result, upload: Upload, toItem: Place): Promise<INodeExecutionData> {
	const warnings = new Set(result.warnings);
	const storage = await storageOf(context, item);
	const stored = await placeFiles(result, (made) => store(made, { ...upload, storage }, warnings));
	const placed = await toItem(stored as Result);
	const json = await mapProduced(placed.json, async (made) => linked(context, made, placed.binary ?? {}, warnings));
	const { answer, cut } = agentSized({ ...(json as Result), warnings: [...warnings] }, limit);
	return { ...placed, json: { ...answer, ...(Object.keys(cut).length > 0 && { cut }) } as IDataObject };
}

/** Gives the file its key and link in storage; where it cannot be stored it stays as it is. */
async function store({ file, ...facts }: ProducedFile & { file: string }, upload: Omit<BackendJob, 'operation' | 'input'>, warnings: Set<string>): Promise<ProducedFile> {
	const input = { file: { file, fileName: facts.fileName, mimeType: facts.mimeType }, createLink: true, expires: linkLife };
	const envelope = await embedded({ ...upload, operation: 'upload_file', input });
	if (envelope.status === 'success') {
		const { key, url, warnings: told } = envelope.result;
		for (const warning of told) warnings.add(warning);
		return { ...facts, key: String(key), ...(typeof url === 'string' && { url }) };
	}
	upload.signal.throwIfAborted();
	if (envelope.error.code !== 'no_storage') warnings.add(`${facts.fileName} could not be stored: ${envelope.error.message}`);
	return { ...facts, file };
}

/** Gives a file that n8n keeps n8n's own link. */
function linked(context: IExecuteFunctions, made: ProducedFile, binary: IBinaryKeyData, warnings: Set<string>): object {
	const kept = 'binaryField' in made ? binary[String(made.binaryField)] : undefined;
	if (!kept || !isProduced(made)) return made;
	try {
		return { ...made, url: context.helpers.createBinarySignedUrl(kept) };
	} catch (error) {
		warnings.add(`${made.fileName} cannot be reached by an AI agent, as n8n gives no link to it (${messageOf(error)}). Choose an S3 credential in this node: files are then stored there, and their keys and links are told`);
		return made;
	}
}
