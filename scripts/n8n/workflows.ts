import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { IConnections, INode, IWorkflowSettings } from 'n8n-workflow';
import { project } from './settings';

/** A workflow as n8n exports it. */
export interface WorkflowJson {
	id?: string;
	name: string;
	nodes: INode[];
	connections: IConnections;
	settings?: IWorkflowSettings;
}

export interface Template extends WorkflowJson {
	/** The name of its file, without the ending. */
	id: string;
}

/** The workflows that the package ships. n8n's import needs an id, which an exported file does not have. */
export async function readTemplates(folder = join(project, 'templates')): Promise<Template[]> {
	const files = (await readdir(folder)).filter((file) => file.endsWith('.json')).sort();
	return await Promise.all(
		files.map(async (file) => {
			const workflow = JSON.parse(await readFile(join(folder, file), 'utf8')) as WorkflowJson;
			return { active: false, settings: { executionOrder: 'v1' as const }, ...workflow, id: basename(file, '.json') };
		}),
	);
}

/** Connects nodes one after the other. */
export const chain = (...names: string[]): IConnections =>
	Object.fromEntries(names.slice(1).map((name, index) => [names[index], { main: [[{ node: name, type: 'main', index: 0 }]] }]));
