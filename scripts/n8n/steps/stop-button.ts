import type { INode } from 'n8n-workflow';
import { descendants } from '../processes';
import { until } from '../rest';
import type { Stage, Step } from '../stage';
import { readTemplates, type WorkflowJson } from '../workflows';

const isEncoder = ({ command }: { command: string }) => /ffmpeg/.test(command.split(' ')[0] ?? '');

/** Stops a long film from the editor while ffmpeg draws it: until then the editor's console tells how far it is, then the execution is cancelled and ffmpeg is gone. */
export const stopButton: Step = {
	name: 'stop-button',
	async run({ server, editor }: Stage) {
		const { client, pid } = await server();
		const { open, page } = await editor();
		const { id } = await client.createWorkflow(await longFilm());
		await open(id);
		const progress = new Set<string>();
		page.on('console', (message) => {
			const [told] = /[^"[\]]+ \(\d+ %\)/.exec(message.text()) ?? [];
			if (told) progress.add(told);
		});
		await page.locator('[data-test-id="execute-workflow-button"]').first().click();
		const encoders = async () => (await descendants(pid)).filter(isEncoder);
		await until('ffmpeg to draw the film', 120_000, async () => ((await encoders()).length ? true : undefined));
		const told = await until('the editor to be told of progress', 30_000, async () => [...progress].at(-1));
		await page.locator('[data-test-id="stop-execution-button"]').first().click();
		const stopped = Date.now();
		await client.executionWith(id, ['canceled']);
		await until('ffmpeg to be gone', 15_000, async () => ((await encoders()).length ? undefined : true));
		return `told "${told}", ffmpeg gone ${((Date.now() - stopped) / 1000).toFixed(1)} s after the click`;
	},
};

async function longFilm(): Promise<WorkflowJson> {
	const template = (await readTemplates()).find(({ id }) => id === 'narrated-video');
	if (!template) throw new Error('Expected the template narrated-video');
	const text = 'This film is far too long. '.repeat(60);
	const lengthen = (node: INode) => ('captionsOptions' in node.parameters ? { ...node, parameters: { ...node.parameters, text } } : node);
	return { ...template, name: 'A film to be stopped', nodes: template.nodes.map(lengthen) };
}
