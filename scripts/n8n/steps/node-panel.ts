import { join } from 'node:path';
import { formsOf, readDescriptions } from '../descriptions';
import type { Stage, Step } from '../stage';

/** Looks for a node in the panel by a word of its codex file, adds it by an action, and finds it named after that action. */
export const nodePanel: Step = {
	name: 'node-panel',
	async run({ packageFolder, server, editor, pictures }: Stage) {
		const wanted = formsOf(await readDescriptions(packageFolder)).find(({ operation }) => operation === 'generate_captioned_video');
		if (!wanted) throw new Error('Expected the operation generate_captioned_video in one of the nodes');
		const { client } = await server();
		const { open, page, picture, closeForm } = await editor();
		const trigger = { id: crypto.randomUUID(), name: 'Start', type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, position: [0, 0] as [number, number], parameters: {} };
		const { id } = await client.createWorkflow({ name: 'From the panel', nodes: [trigger], connections: {} });
		await open(id);
		await page.locator('[data-test-id="node-creator-plus-button"]').click();
		await page.locator('[data-test-id="node-creator-search-bar"]').fill('subtitle');
		const panel = page.locator('[data-test-id="node-creator"]').first();
		await panel.getByText(wanted.description.displayName, { exact: true }).first().waitFor();
		await picture(join(pictures, 'node-panel.png'));
		await panel.getByText(wanted.description.displayName, { exact: true }).first().click();
		// n8n lists the actions of a community node at once, or first shows whose package it is.
		await panel.getByText(wanted.action, { exact: true }).or(panel.getByText('Add to workflow')).first().click();
		await page.locator('[data-test-id="node-parameters"]').first().waitFor();
		await closeForm();
		const names = await page.locator('[data-node-name]').evaluateAll((nodes) => nodes.map((node) => node.getAttribute('data-node-name')));
		if (!names.includes(wanted.action)) throw new Error(`Expected the new node to be named "${wanted.action}", got ${names.join(', ')}`);
		return `${wanted.description.displayName} is found by "subtitle" and named "${wanted.action}"`;
	},
};
