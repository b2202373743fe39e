import { join } from 'node:path';
import { readdir } from 'node:fs/promises';
import type { IBinaryData } from 'n8n-workflow';
import { executeHeadless, importInto } from '../headless';
import { itemsOf } from '../execution';
import type { Home } from '../home';
import { probe } from '../probe';
import type { Stage, Step } from '../stage';
import { readTemplates } from '../workflows';

const film = { template: 'narrated-video', node: 'Create a narrated and captioned video', width: 1080, height: 1920 };

/** Imports every template and runs the one that needs nothing from outside; its film is measured. */
export const templates: Step = {
	name: 'templates',
	headless: true,
	async run({ home }: Stage) {
		const all = await readTemplates();
		await importInto(home, all);
		const execution = await executeHeadless(home, film.template);
		const { error } = execution.data.resultData;
		if (execution.status !== 'success') throw new Error(`The template ${film.template} ended with ${execution.status}: ${error?.message}\n${error?.description ?? ''}`);
		const file = itemsOf(execution, film.node)[0]?.binary?.data;
		if (!file) throw new Error(`Expected a film from the node "${film.node}", got no file`);
		return `${all.length} imported; ${film.template}: ${await measure(await fileOf(home, file))}`;
	},
};

/** n8n keeps files in its user folder; the last part of a file's id is its name there. */
async function fileOf({ folder }: Home, { id = '' }: IBinaryData): Promise<string> {
	const storage = join(folder, '.n8n/storage');
	const name = id.split('/').at(-1) ?? '';
	const path = (await readdir(storage, { recursive: true })).find((entry) => entry.endsWith(name));
	if (!name || !path) throw new Error(`Expected the file ${id} under ${storage}`);
	return join(storage, path);
}

async function measure(file: string): Promise<string> {
	const { video, audio } = await probe(file);
	const seen = `${video?.codec_name}/${audio?.codec_name} ${video?.width}×${video?.height}, picture ${video?.duration} s, sound ${audio?.duration} s`;
	const wanted = `h264/aac ${film.width}×${film.height}`;
	const difference = Math.abs(Number(video?.duration) - Number(audio?.duration));
	if (!seen.startsWith(wanted) || !(difference <= 0.04)) throw new Error(`Expected ${wanted} with picture and sound equally long within a frame, got ${seen}`);
	return seen;
}
