import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { Box } from '../browser';
import type { Stage, Step } from '../stage';
import { readTemplates } from '../workflows';

/** Opens each template's canvas and takes its picture; a node that n8n does not know shows as a question mark. */
export const canvas: Step = {
	name: 'canvas',
	async run({ server, editor, pictures }: Stage) {
		const { client } = await server();
		const { open, page, picture } = await editor();
		const templates = await readTemplates();
		for (const template of templates) {
			const { id } = await client.createWorkflow(template);
			await open(id);
			await page.locator('[data-test-id="zoom-to-fit"]').click();
			await page.waitForTimeout(800);
			const seen = await page.locator('[data-node-name]').evaluateAll((nodes) => nodes.map((node) => node.getAttribute('data-node-name')));
			const missing = template.nodes.filter(({ name }) => !seen.includes(name)).map(({ name }) => name);
			if (missing.length) throw new Error(`Expected ${missing.join(', ')} on the canvas of ${template.name}`);
			await picture(join(pictures, `template-${template.id}.png`), await drawnPart(page));
		}
		return `${templates.length} opened`;
	},
};

/** Room for what stands beside a node's box: its name, and the sign of what comes next. */
const margin = { left: 60, right: 60, top: 20, bottom: 90 };

/** The nodes and notes, without the empty canvas around them. */
async function drawnPart(page: Page): Promise<Box> {
	const boxes = await page.locator('[data-node-name]').evaluateAll((nodes) => nodes.map((node) => {
		const { left, top, right, bottom } = node.getBoundingClientRect();
		return { left, top, right, bottom };
	}));
	const x = Math.min(...boxes.map(({ left }) => left)) - margin.left;
	const y = Math.min(...boxes.map(({ top }) => top)) - margin.top;
	const right = Math.max(...boxes.map((box) => box.right)) + margin.right;
	const bottom = Math.max(...boxes.map((box) => box.bottom)) + margin.bottom;
	return { x, y, width: right - x, height: bottom - y };
}
