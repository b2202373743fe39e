import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { IExecuteFunctions, INodeType } from 'n8n-workflow';
import type { closeRuntime as CloseRuntime } from '../nodes/shared/backend';
import { built } from '../test/support/dist';
import { closeEngine, runWorkflow, type WorkflowJson } from '../test/support/engine';
import { forgetPeakOf, peakOf } from './measure';

/** n8n for bench/memory.ts: sends two videos through, and says by how much the second made this process grow. */

const scratch = mkdtempSync(join(tmpdir(), 'bench-n8n-'));
process.env.AI_AGENT_TOOLS_SCRATCH = scratch;
const { closeRuntime } = built<{ closeRuntime: typeof CloseRuntime }>('nodes/shared/backend.js');

/** Gives out a file of this machine, streamed as n8n's own nodes do. */
const reader = (path: string): INodeType => ({
	description: { name: 'reader', displayName: 'Reader', group: ['input'], version: 1, description: 'Reads', defaults: { name: 'Reader' }, inputs: ['main'], outputs: ['main'], properties: [] },
	async execute(this: IExecuteFunctions) {
		return [[{ json: {}, binary: { data: await this.helpers.prepareBinaryData(createReadStream(path), basename(path)) } }]];
	},
});

const video = { __rl: true, mode: 'binary', value: 'data' };
const node = (name: string, type: string, parameters = {}) => ({ id: name, name, type, typeVersion: 1, position: [0, 0], parameters });
const next = (name: string) => ({ main: [[{ node: name, type: 'main', index: 0 }]] });
const workflow = {
	name: 'Large',
	nodes: [
		node('Start', 'n8n-nodes-base.manualTrigger'),
		node('Read', 'bench.reader'),
		node('Info', 'n8n-nodes-ai-agent-tools.videoTools', { operation: 'get_video_info', video }),
		node('Captions', 'n8n-nodes-ai-agent-tools.videoTools', { operation: 'add_captions', video, captions: '1\n00:00:01,000 --> 00:00:09,000\nHello brave new world.\n' }),
	],
	connections: { Start: next('Read'), Read: { main: [[...(next('Info').main[0] ?? []), ...(next('Captions').main[0] ?? [])]] } },
} as unknown as WorkflowJson;

/** Bytes of the file that came out. */
async function pass(path: string): Promise<number> {
	const run = await runWorkflow(workflow, { binaryMode: 'filesystem', nodes: { 'bench.reader': reader(path) } });
	if (run.error) throw run.error;
	if (run.items('Info')[0]?.json.duration === undefined) throw new Error('Expected Get Info to tell the duration');
	const [captioned] = run.items('Captions');
	return (captioned?.json.video as { size: number }).size;
}

async function main([small = '', large = '']: readonly string[]): Promise<void> {
	await pass(small);
	forgetPeakOf(process.pid);
	const before = peakOf(process.pid);
	const size = await pass(large);
	process.stdout.write(`${JSON.stringify({ growth: peakOf(process.pid) - before, size })}\n`);
}

main(process.argv.slice(2))
	.finally(closeRuntime)
	.finally(closeEngine)
	.finally(() => rmSync(scratch, { recursive: true, force: true }));
