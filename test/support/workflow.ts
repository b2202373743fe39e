import type { WorkflowJson } from './engine';

export type WorkflowNode = WorkflowJson['nodes'][number];

/** A node of a workflow; a type without a package's name is one of ours. */
export const node = (name: string, type: string, parameters: object = {}, more: object = {}) =>
	({ id: name, name, type: `${type.includes('.') ? '' : 'n8n-nodes-ai-agent-tools.'}${type}`, typeVersion: 1, position: [0, 0], parameters, ...more }) as WorkflowNode;

/** A workflow of a manual trigger, called Start, and then the given nodes in a row. */
export function inLine(...nodes: WorkflowNode[]): WorkflowJson {
	const all = [node('Start', 'n8n-nodes-base.manualTrigger'), ...nodes];
	const connections = Object.fromEntries(all.slice(0, -1).map(({ name }, index) => [name, { main: [[{ node: all[index + 1]?.name ?? '', type: 'main', index: 0 }]] }]));
	return { name: 'Test', nodes: all, connections } as WorkflowJson;
}
