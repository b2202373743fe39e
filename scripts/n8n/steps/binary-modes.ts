import { readFile } from 'node:fs/promises';
import { createClips } from '../../../test/support/clips';
import { itemsOf } from '../execution';
import { executeHeadless, importInto } from '../headless';
import { readManifest } from '../package';
import type { Stage, Step } from '../stage';
import { chain, type WorkflowJson } from '../workflows';

/** n8n's names of the places where it keeps files, and how the id of a file begins there. Its `s3` asks for a licence. */
const modes = { default: undefined, filesystem: 'filesystem', database: 'database' } as const;

/** Sends the same file through the same workflow in each place in which n8n keeps files: what comes out is equal, byte for byte. */
export const binaryModes: Step = {
	name: 'binary-modes',
	headless: true,
	async run({ home, packageFolder }: Stage) {
		const clips = await createClips();
		const { name } = await readManifest(packageFolder);
		await importInto(home, [workflow(name, await readFile(await clips.clip('tone.wav')))]).finally(() => clips.remove());
		const results = new Map<string, unknown>();
		for (const [mode, start] of Object.entries(modes)) {
			const execution = await executeHeadless(home, 'binary-modes', { N8N_DEFAULT_BINARY_DATA_MODE: mode });
			const place = itemsOf(execution, 'Convert')[0]?.binary?.data?.id?.split(/[-:]/)[0];
			if (place !== start) throw new Error(`Expected the file to be kept in ${start ?? 'memory'} in the mode ${mode}, got ${place}: ${execution.data.resultData.error?.message}`);
			results.set(mode, itemsOf(execution, 'Bytes')[0]?.json.data);
		}
		const [first, ...others] = results.values();
		if (typeof first !== 'string' || first === '' || others.some((one) => one !== first)) throw new Error('Expected the same bytes in every mode');
		return `${[...results.keys()].join(', ')} give the same ${Buffer.from(first, 'base64').length} bytes`;
	},
};

function workflow(packageName: string, content: Buffer): WorkflowJson {
	const node = (name: string, type: string, typeVersion: number, parameters: object) => ({ id: crypto.randomUUID(), name, type, typeVersion, position: [0, 0] as [number, number], parameters: parameters as WorkflowJson['nodes'][number]['parameters'] });
	const nodes = [
		node('Start', 'n8n-nodes-base.manualTrigger', 1, {}),
		node('Content', 'n8n-nodes-base.set', 3.4, { mode: 'raw', jsonOutput: JSON.stringify({ content: content.toString('base64') }) }),
		node('File', 'n8n-nodes-base.convertToFile', 1.1, { operation: 'toBinary', sourceProperty: 'content', options: { fileName: 'tone.wav' } }),
		node('Convert', `${packageName}.audioTools`, 1, { operation: 'convert_audio', audio: { __rl: true, mode: 'binary', value: 'data' }, format: 'mp3' }),
		node('Bytes', 'n8n-nodes-base.extractFromFile', 1, { operation: 'binaryToPropery', binaryPropertyName: 'data', destinationKey: 'data' }),
	];
	return { id: 'binary-modes', name: 'A file in every mode', nodes, connections: chain(...nodes.map(({ name }) => name)) };
}
