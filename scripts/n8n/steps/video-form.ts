import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { INode } from 'n8n-workflow';
import { view } from '../browser';
import { readManifest } from '../package';
import type { Stage, Step } from '../stage';

const text = 'The old lighthouse keeper climbed one hundred and twelve steps, and lit the lamp.';

/** Fills the main form as a person does, and finds what was typed in the saved workflow. */
export const videoForm: Step = {
	name: 'video-form',
	async run({ packageFolder, server, editor, pictures }: Stage) {
		const { client } = await server();
		const { open, openForm, closeForm, picture, page } = await editor();
		const { name } = await readManifest(packageFolder);
		const node: INode = { id: crypto.randomUUID(), name: 'Film', type: `${name}.videoTools`, typeVersion: 1, position: [0, 0], parameters: {} };
		const { id } = await client.createWorkflow({ name: 'A film by hand', nodes: [node], connections: {} });
		await page.setViewportSize({ ...view, height: 900 });
		await open(id);
		await openForm('Film');
		await field(page, 'text').locator('textarea').fill(text);
		await choose(page, 'speech', 'Draft Voice');
		await addOption(page, 'Quality');
		await picture(join(pictures, 'video-tools.png'));
		await closeForm();
		await page.setViewportSize(view);
		await page.keyboard.press('Control+s');
		await page.waitForTimeout(3000);
		const saved = (await client.workflow(id)).nodes[0]?.parameters;
		if (saved?.text !== text || saved.speech !== 'draft') throw new Error(`Expected the saved form to hold the text and the draft voice, got ${JSON.stringify(saved)}`);
		return 'text, voice and an option filled in and saved';
	},
};

const field = (page: Page, name: string) => page.locator(`[data-test-id="parameter-input-${name}"]`).first();

async function choose(page: Page, name: string, label: string): Promise<void> {
	await field(page, name).click();
	await page.locator('.el-select-dropdown__item:visible', { hasText: label }).first().click();
}

/** The node's own Options stand last in its form, after those of the voice and the captions. */
async function addOption(page: Page, label: string): Promise<void> {
	await page.locator('[data-test-id="node-parameters"] [data-test-id="collection-parameter-add"]').last().click();
	await page.locator('[data-test-id="collection-parameter-option"]:visible', { hasText: label }).first().click();
}
